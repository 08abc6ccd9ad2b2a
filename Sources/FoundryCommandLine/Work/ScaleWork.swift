import FoundryClient
import FoundryModel

/// Gives an app more room, or less, and stays until that is in force.
public struct ScaleWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    private let limit: Duration?

    /// - Parameter limit: nil: not waited for.
    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// Without a size it says what the app has.
    ///
    /// - Throws: `app_not_found`, `size_invalid`, `conflict`, `capacity_short`, `pool_full`; `timed_out`: it goes on.
    public func run(
        app name: String, memory: String?, cpu: String?, disk: String?, restarts: Bool
    ) async throws {
        let before = try await AppLookup(api).app(name)
        if memory != nil || cpu != nil || disk != nil {
            let job = try await api.scale(before.guid, memory: memory, cpu: cpu, disk: disk, restarts: restarts)
            if let limit { try await follow(job, name, limit) }
        }
        let now = try await api.app(before.guid)
        try console.show(now, as: format) {
            ["\(TextStyle.strong.applied(to: name, on: console.output)) has \(words(now, before))"]
        }
    }

    private func follow(_ job: JobReference, _ name: String, _ limit: Duration) async throws {
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin("scale", name)
            guard try await JobFollower(api).follow(job, limit: limit) == nil else { return }
            throw FoundryError(
                .timedOut, "\(name) has not got it after \(TimeArgument(limit).description); it goes on.",
                hint: "foundry why \(name)")
        }
    }

    private func words(_ now: AppSummary, _ before: AppSummary) -> String {
        var words = [
            Self.change(
                "of memory", ByteCount(bytes: now.memory).description, ByteCount(bytes: before.memory).description),
            Self.change("of processor time", CoresText.of(now.cpuMillicores), CoresText.of(before.cpuMillicores)),
        ]
        if let disk = now.disk, let old = before.disk {
            words.append(Self.change("of disk", ByteCount(bytes: disk).description, ByteCount(bytes: old).description))
        }
        return words.joined(separator: ", ")
    }

    private static func change(_ what: String, _ now: String, _ before: String) -> String {
        now == before ? "\(now) \(what)" : "\(now) \(what) (\(before) before)"
    }
}
