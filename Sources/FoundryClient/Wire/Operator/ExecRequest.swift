/// What to run in a member: the first frame of `POST /foundry/v1/apps/:guid/exec`.
public struct ExecRequest: Hashable, Sendable, Codable {
    /// The program and its arguments. May hold secrets: not for logs.
    public var command: [String]
    /// With a terminal of its own, on which both outputs come as one; nil: without.
    public var terminal: ExecTerminal?
    /// As the image knows it: `postgres`, `60901`, `postgres:ssl-cert`; nil: the member's own.
    public var user: String?

    public init(command: [String], terminal: ExecTerminal? = nil, user: String? = nil) {
        self.command = command
        self.terminal = terminal
        self.user = user
    }
}

/// The client's terminal, for the program inside.
public struct ExecTerminal: Hashable, Sendable, Codable {
    /// `xterm-256color`
    public var type: String
    public var rows: UInt16
    public var columns: UInt16

    public init(type: String, rows: UInt16, columns: UInt16) {
        self.type = type
        self.rows = rows
        self.columns = columns
    }
}
