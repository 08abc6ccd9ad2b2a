/// A seed that failed once: one small file each, kept for ever.
///
///     # An expiry compared the session's sequence from before its last renewal.
///     profile network
///     seed 4711
///     minutes 10
///     kept 3 17
public struct RegressionSeed: Hashable, Sendable {
    public enum ParseError: Error, Hashable, Sendable, CustomStringConvertible {
        case noReason
        case missing(String)
        case unreadable(line: String)

        public var description: String {
            switch self {
            case .noReason: "the first line must begin with # and say what was wrong"
            case .missing(let word): "there is no line that begins with `\(word)`"
            case .unreadable(let line): "cannot read the line `\(line)`"
            }
        }
    }

    /// What was wrong.
    public var reason: String
    public var request: RunRequest

    public init(reason: String, request: RunRequest) {
        self.reason = reason
        self.request = request
    }

    public init(parsing text: String) throws(ParseError) {
        var lines = text.split(separator: "\n").map { String($0) }
        guard let first = lines.first, first.hasPrefix("# "), first.count > 2 else { throw .noReason }
        reason = String(first.dropFirst(2))
        lines.removeFirst()
        var values: [String: [String]] = [:]
        for line in lines where !line.hasPrefix("#") {
            let words = line.split(separator: " ").map { String($0) }
            guard words.count >= 2, Self.words.contains(words[0]) else { throw .unreadable(line: line) }
            values[words[0]] = Array(words.dropFirst())
        }
        guard let name = values["profile"]?.first, let profile = ProfileName(rawValue: name) else {
            throw .missing("profile")
        }
        guard let seed = values["seed"]?.first.flatMap({ UInt64($0) }) else { throw .missing("seed") }
        guard let minutes = values["minutes"]?.first.flatMap({ Int($0) }) else { throw .missing("minutes") }
        request = RunRequest(seed: seed, profile: profile, minutes: minutes)
        if let apps = values["apps"]?.first.flatMap({ Int($0) }) { request.size.apps = apps }
        if let cells = values["cells"]?.first.flatMap({ Int($0) }) { request.size.cells = cells }
        if let memory = values["memory"]?.first.flatMap({ Int64($0) }) { request.size.memory = memory }
        if let routers = values["routers"]?.first.flatMap({ Int($0) }) { request.size.routers = routers }
        if let services = values["services"]?.first.flatMap({ Int($0) }) { request.size.services = services }
        request.size.kind = values["kind"]?.first.flatMap { WorkloadKind(rawValue: $0) }
        request.pace = values["pace"]?.first.flatMap { RunRequest.Pace(rawValue: $0) }
        request.stress = values["stress"]?.compactMap { Stress($0) } ?? []
        if let kept = values["kept"] { request.kept = kept == ["none"] ? [] : kept.compactMap { Int($0) }.sorted() }
    }

    private static let words: Set<String> = [
        "profile", "seed", "minutes", "apps", "cells", "memory", "routers", "services", "kind", "pace", "stress",
        "kept",
    ]

    /// As it is written into its file.
    public var text: String {
        var lines = [
            "# \(reason)", "profile \(request.profile.rawValue)", "seed \(request.seed)", "minutes \(request.minutes)",
        ]
        if request.size.apps != WorldSize.usual.apps { lines.append("apps \(request.size.apps)") }
        if request.size.cells != WorldSize.usual.cells { lines.append("cells \(request.size.cells)") }
        if request.size.memory != WorldSize.usual.memory { lines.append("memory \(request.size.memory)") }
        if request.size.routers != WorldSize.usual.routers { lines.append("routers \(request.size.routers)") }
        if request.size.services != WorldSize.usual.services { lines.append("services \(request.size.services)") }
        if let kind = request.size.kind { lines.append("kind \(kind.rawValue)") }
        if let pace = request.pace { lines.append("pace \(pace.rawValue)") }
        if !request.stress.isEmpty {
            lines.append("stress " + request.stress.map(\.description).joined(separator: " "))
        }
        if let kept = request.kept {
            lines.append("kept " + (kept.isEmpty ? "none" : kept.map(String.init).joined(separator: " ")))
        }
        return lines.joined(separator: "\n") + "\n"
    }
}
