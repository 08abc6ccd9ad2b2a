/// What somebody says about a check; nil: nothing, so the default counts.
public struct HealthRequest: Hashable, Sendable {
    public var kind: HealthCheckKind?
    /// Of an HTTP check; `/` otherwise.
    public var path: String?
    /// A line for `/bin/sh -c`.
    public var command: String?
    public var startPeriodMilliseconds: Int64?
    public var intervalMilliseconds: Int64?
    public var timeoutMilliseconds: Int64?

    public init(
        kind: HealthCheckKind? = nil, path: String? = nil, command: String? = nil,
        startPeriodMilliseconds: Int64? = nil, intervalMilliseconds: Int64? = nil, timeoutMilliseconds: Int64? = nil
    ) {
        self.kind = kind
        self.path = path
        self.command = command
        self.startPeriodMilliseconds = startPeriodMilliseconds
        self.intervalMilliseconds = intervalMilliseconds
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}

/// Cloud Foundry's words, and two of ours.
public enum HealthCheckKind: String, Hashable, Sendable, CaseIterable {
    case port
    case http
    /// No check: it is healthy while its process runs.
    case process
    /// A program inside the member.
    case command
    /// The image's engine, in its own protocol.
    case engine
}
