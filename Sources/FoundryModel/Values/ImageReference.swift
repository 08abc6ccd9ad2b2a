/// The name of an image as a user writes it.
///
/// With a registry (the first component has a dot, a colon, or is `localhost`) it means exactly that registry's image.
/// Without one it is a short name, looked up in the alias table and among the local images.
public struct ImageReference: Hashable, Sendable, Codable, CustomStringConvertible {
    /// `host` or `host:port`; nil for a short name.
    public let registry: String?
    /// `library/redis`
    public let repository: String
    public let tag: String?
    /// `sha256:` and 64 hex digits.
    public let digest: String?

    public init?(parsing text: String) {
        guard (1...Self.longest).contains(text.utf8.count) else { return nil }
        var rest = Substring(text)
        digest = rest.firstIndex(of: "@").map { String(rest[rest.index(after: $0)...]) }
        if let digest {
            guard Self.isDigest(digest), let at = rest.firstIndex(of: "@") else { return nil }
            rest = rest[..<at]
        }
        let lastSlash = rest.lastIndex(of: "/")
        if let colon = rest.lastIndex(of: ":"), lastSlash.map({ colon > $0 }) ?? true {
            let tag = String(rest[rest.index(after: colon)...])
            guard Self.isTag(tag) else { return nil }
            self.tag = tag
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        var components = rest.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        if components.count > 1, let first = components.first,
            first.contains(".") || first.contains(":") || first == "localhost"
        {
            guard Self.isRegistry(first) else { return nil }
            registry = first
            components.removeFirst()
        } else {
            registry = nil
        }
        guard !components.isEmpty, components.allSatisfy(Self.isComponent) else { return nil }
        repository = components.joined(separator: "/")
        // What it is called by must be a name, too.
        guard whole.utf8.count <= Self.longest else { return nil }
    }

    /// In bytes.
    private static let longest = 512

    public var description: String {
        (registry.map { $0 + "/" } ?? "") + repository + (tag.map { ":" + $0 } ?? "") + (digest.map { "@" + $0 } ?? "")
    }

    /// The name with the tag that it means when it says none: `host/team/name:latest`.
    public var whole: String { tag == nil && digest == nil ? "\(self):latest" : description }

    /// A registry on this machine's loopback may speak without TLS: `localhost:5000`, `127.0.0.1`.
    public static func isLoopback(_ registry: String) -> Bool {
        let host = registry.prefix { $0 != ":" }
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return host == "localhost" || (numbers.count == 4 && numbers.first == 127 && !numbers.contains(nil))
    }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let reference = Self(parsing: text) else {
            throw DecodingError.dataCorrupted(
                .init(codingPath: decoder.codingPath, debugDescription: "not an image reference"))
        }
        self = reference
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    public static func isDigest(_ text: String) -> Bool {
        let digits = text.dropFirst(7)
        return text.hasPrefix("sha256:") && digits.utf8.count == 64
            && digits.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }

    private static func isTag(_ text: String) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.first, first != ".", first != "-" else {
            return false
        }
        return text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
    }

    private static func isRegistry(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let isEdge = { (character: Character) in character.isLetter || character.isNumber }
        guard parts.count <= 2, let host = parts.first, let first = host.first, let last = host.last, isEdge(first),
            isEdge(last)
        else { return false }
        if parts.count == 2 {
            guard let port = Int(parts[1]), (1...65_535).contains(port) else { return false }
        }
        return host.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || ".-".contains($0)) }
    }

    private static func isComponent(_ text: String) -> Bool {
        guard let first = text.first, let last = text.last, first.isASCII, last.isASCII else { return false }
        let isEdge = { (character: Character) in character.isLowercase || character.isNumber }
        return isEdge(first) && isEdge(last)
            && text.allSatisfy { $0.isASCII && ($0.isLowercase || $0.isNumber || "._-".contains($0)) }
    }
}
