/// Where an app's log is sent, beside being kept.
public struct LogDrainRecord: Hashable, Sendable, Codable {
    public var id: LogDrainID
    public var app: AppID
    public var target: LogDrainTarget
    public var createdAt: Timestamp
    /// By the token of that name.
    public var createdBy: String

    public init(id: LogDrainID, app: AppID, target: LogDrainTarget, createdAt: Timestamp, createdBy: String) {
        self.id = id
        self.app = app
        self.target = target
        self.createdAt = createdAt
        self.createdBy = createdBy
    }
}

/// A syslog server: `syslog://logs.example.org:514` over TCP, `syslog-tls://logs.example.org` over TLS.
///
/// - Source: RFC 6587, 3.4.1 and RFC 5425 for the two ways; their ports are 514, by custom, and 6514.
public struct LogDrainTarget: CheckedText {
    public static let noun = "a syslog server"

    public let description: String
    /// A name or an address, that of IPv6 without brackets.
    public let host: String
    public let port: Int
    public let isTLS: Bool

    /// - Returns: nil for another scheme, a missing host, a port that is none, a user, a path or a query.
    public init?(_ text: String) {
        let schemes = [("syslog://", false, 514), ("syslog-tls://", true, 6514)]
        guard text.utf8.count <= 300, let (scheme, isTLS, usualPort) = schemes.first(where: { text.hasPrefix($0.0) })
        else { return nil }
        let rest = text.dropFirst(scheme.count)
        let host: Substring
        var port: Substring?
        if rest.hasPrefix("["), let end = rest.firstIndex(of: "]") {
            host = rest[rest.index(after: rest.startIndex)..<end]
            let tail = rest[rest.index(after: end)...]
            guard tail.isEmpty || tail.hasPrefix(":"), host.contains(":") else { return nil }
            port = tail.isEmpty ? nil : tail.dropFirst()
        } else {
            let parts = rest.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            host = parts[0]
            port = parts.count > 1 ? parts[1] : nil
        }
        guard !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost) else { return nil }
        let number = port.map { Self.number($0) } ?? usualPort
        guard (1...65_535).contains(number) else { return nil }
        description = text
        self.host = String(host)
        self.port = number
        self.isTLS = isTLS
    }

    /// - Returns: 0 for what is no number.
    private static func number(_ text: Substring) -> Int {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(text) ?? 0 : 0
    }

    private static func isOfHost(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x3a, 0x5f: true
        default: false
        }
    }
}
