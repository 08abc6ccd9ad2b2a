/// What came of one check.
public enum CheckVerdict: Hashable, Sendable {
    case serves
    case fails(CheckFailure)
    /// It could not be asked, and that says nothing: its processes are held by the platform.
    case unknown
}

/// How a check failed.
public enum CheckFailure: Hashable, Sendable {
    /// No connection.
    case refused
    /// No answer, or no end, in time.
    case silent
    /// The connection ended before an answer.
    case closed
    /// The answer is none of the protocol.
    case garbled
    /// An HTTP status.
    case status(Int)
    /// The engine's own words.
    case engine(String)
    /// A command's exit code, and the last line that it wrote.
    case exited(Int32, said: String)
    /// The command of an earlier check has not ended, though it was killed.
    case stuck
    /// The command could not be begun, and why.
    case unrunnable(String)

    /// Whether it failed the same way: words that change from check to check are not worth telling anew.
    func isSame(as other: CheckFailure) -> Bool {
        switch (self, other) {
        case (.engine, .engine), (.unrunnable, .unrunnable): true
        case (.exited(let code, _), .exited(let otherCode, _)): code == otherCode
        default: self == other
        }
    }
}
