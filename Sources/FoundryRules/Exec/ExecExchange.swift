import FoundryModel

/// What client and cell may send each other, and in which order. The server passes on nothing that breaks it.
public struct ExecExchange: Sendable {
    private let hasTerminal: Bool
    private var inputCredit = ExecLimits.window
    private var outputCredit = ExecLimits.window
    private var isInputEnded = false
    private var isStarted = false
    /// The cell said how it ended.
    public private(set) var isOver = false

    public init(hasTerminal: Bool) { self.hasTerminal = hasTerminal }

    /// - Returns: whether the cell shall have it.
    /// - Throws: `bad_request` when the client may not send it.
    public mutating func fromClient(_ frame: ExecFrame) throws(FoundryError) -> Bool {
        switch frame {
        case .input(let bytes):
            guard !isInputEnded, bytes.count <= inputCredit else {
                throw Self.broken("input beyond what it was allowed")
            }
            inputCredit -= bytes.count
            return true
        case .inputEnd:
            defer { isInputEnded = true }
            return !isInputEnded
        case .resize: return hasTerminal
        case .credit(let count):
            try Self.give(count, &outputCredit)
            return true
        case .alive: return false
        case .begin, .output, .errorOutput, .started, .ended, .failed: throw Self.broken("what only a cell sends")
        }
    }

    /// - Returns: whether the client shall have it.
    /// - Throws: `bad_request` when the cell may not send it.
    public mutating func fromCell(_ frame: ExecFrame) throws(FoundryError) -> Bool {
        guard !isOver else { throw Self.broken("more after the end") }
        switch frame {
        case .output(let bytes), .errorOutput(let bytes):
            guard isStarted, bytes.count <= outputCredit else {
                throw Self.broken("output beyond what it was allowed")
            }
            outputCredit -= bytes.count
            return true
        case .credit(let count):
            try Self.give(count, &inputCredit)
            return true
        case .started:
            guard !isStarted else { throw Self.broken("a second start") }
            isStarted = true
            return true
        case .ended, .failed:
            isOver = true
            return true
        case .alive: return false
        case .begin, .input, .inputEnd, .resize: throw Self.broken("what only a client sends")
        }
    }

    private static func give(_ count: Int, _ credit: inout Int) throws(FoundryError) {
        guard count > 0, credit + count <= ExecLimits.window else { throw broken("more credit than was used") }
        credit += count
    }

    private static func broken(_ what: String) -> FoundryError {
        FoundryError(.badRequest, "The other side of the command does not keep to the protocol: it sent \(what).")
    }
}
