/// How a cell finds out how a member does, and what it makes of silence.
public struct HealthCheck: Hashable, Sendable, Codable {
    public var asks: HealthQuestion
    /// Failures within it do not count.
    public var startPeriodMilliseconds: Int64
    public var intervalMilliseconds: Int64
    public var timeoutMilliseconds: Int64
    /// Consecutive failures until it counts as failed.
    public var failuresAllowed: Int

    public init(
        _ asks: HealthQuestion, startPeriodMilliseconds: Int64 = 60_000, intervalMilliseconds: Int64 = 2_000,
        timeoutMilliseconds: Int64 = 1_000, failuresAllowed: Int = 3
    ) {
        self.asks = asks
        self.startPeriodMilliseconds = startPeriodMilliseconds
        self.intervalMilliseconds = intervalMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
        self.failuresAllowed = failuresAllowed
    }

    /// - Parameter port: connected to; nil: a member whose process runs is healthy.
    public init(
        port: Int?, startPeriodMilliseconds: Int64 = 60_000, intervalMilliseconds: Int64 = 2_000,
        timeoutMilliseconds: Int64 = 1_000, failuresAllowed: Int = 3
    ) {
        self.init(
            port.map { .port($0) } ?? .process, startPeriodMilliseconds: startPeriodMilliseconds,
            intervalMilliseconds: intervalMilliseconds, timeoutMilliseconds: timeoutMilliseconds,
            failuresAllowed: failuresAllowed)
    }

    private enum OlderKeys: String, CodingKey {
        case port
    }

    /// Records of before there was more than one question say a port, or none.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        let port = try decoder.container(keyedBy: OlderKeys.self).decodeIfPresent(Int.self, forKey: .port)
        self.init(
            try container.decodeIfPresent(HealthQuestion.self, forKey: .asks) ?? port.map { .port($0) } ?? .process,
            startPeriodMilliseconds: try container.decode(Int64.self, forKey: .startPeriodMilliseconds),
            intervalMilliseconds: try container.decode(Int64.self, forKey: .intervalMilliseconds),
            timeoutMilliseconds: try container.decode(Int64.self, forKey: .timeoutMilliseconds),
            failuresAllowed: try container.decode(Int.self, forKey: .failuresAllowed))
    }
}

/// What a check asks a member.
public enum HealthQuestion: Hashable, Sendable, Codable {
    /// Nothing: its process runs.
    case process
    /// A TCP connection.
    case port(Int)
    /// `GET` of a path; answered well by a status of 200 to 399.
    case http(port: Int, path: String)
    /// A program that is run inside the member, as its user; answered well by exit 0.
    case command([String])
    /// The engine itself, in its own protocol, without credentials.
    case engine(EngineProtocol, port: Int)

    /// Where it is asked; nil: not over the network.
    public var port: Int? {
        switch self {
        case .process, .command: nil
        case .port(let port), .http(let port, _), .engine(_, let port): port
        }
    }
}

/// Protocols in which an engine can be asked whether it answers.
public enum EngineProtocol: String, Hashable, Sendable, Codable, CaseIterable {
    /// `PING`; that a password is asked for is an answer too.
    case redis
    /// The startup message, up to the server's first word: it asks for a password, or refuses while it starts.
    case postgresql
    /// The handshake with which MySQL and MariaDB greet.
    case mysql
}

/// One of the checks of a member.
public enum CheckRole: String, Hashable, Sendable, Codable, CaseIterable {
    /// Whether it is restarted.
    case liveness
    /// Whether the route leads to it.
    case readiness
    /// Whether what it writes reaches its disk; shown, and restarts nothing: that mends no disk.
    case writes
}
