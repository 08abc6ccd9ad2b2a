/// One piece of what goes between a client, the server and a cell while a command runs in a member.
///
/// On the wire: one byte of kind, the payload's length as four bytes (big-endian), the payload.
public enum ExecFrame: Hashable, Sendable {
    /// The client's first: what to run, as JSON (`ExecRequest` of FoundryClient).
    case begin([UInt8])
    /// For the command's standard input, or what is typed at its terminal.
    case input([UInt8])
    /// The standard input ends here.
    case inputEnd
    /// The client's terminal has this size now.
    case resize(TerminalSize)
    case output([UInt8])
    case errorOutput([UInt8])
    /// The sender has done with so many bytes; so many more may come.
    case credit(Int)
    /// The command runs; what comes before it is about its start.
    case started
    /// The command ended: its exit code, or 128 and the number of the signal that ended it. The last of a stream.
    case ended(UInt8)
    /// It could not be run, or not to its end: an error as JSON. The last of a stream.
    case failed([UInt8])
    /// A sign of life.
    case alive

    public var bytes: [UInt8] {
        switch self {
        case .begin(let payload): Self.framed(1, payload)
        case .input(let payload): Self.framed(2, payload)
        case .inputEnd: Self.framed(3, [])
        case .resize(let size):
            Self.framed(
                4, [size.rows >> 8, size.rows & 255, size.columns >> 8, size.columns & 255].map { UInt8($0) })
        case .output(let payload): Self.framed(5, payload)
        case .errorOutput(let payload): Self.framed(6, payload)
        case .credit(let count): Self.framed(7, Self.number(count))
        case .started: Self.framed(8, [])
        case .ended(let code): Self.framed(9, [code])
        case .failed(let payload): Self.framed(10, payload)
        case .alive: Self.framed(11, [])
        }
    }

    /// - Returns: nil when it is no frame.
    init?(kind: UInt8, payload: [UInt8]) {
        switch (kind, payload.count) {
        case (1, _): self = .begin(payload)
        case (2, _): self = .input(payload)
        case (3, 0): self = .inputEnd
        case (4, 4):
            let numbers = payload.map { UInt16($0) }
            self = .resize(TerminalSize(rows: numbers[0] << 8 | numbers[1], columns: numbers[2] << 8 | numbers[3]))
        case (5, _): self = .output(payload)
        case (6, _): self = .errorOutput(payload)
        case (7, 4): self = .credit(payload.reduce(0) { $0 << 8 | Int($1) })
        case (8, 0): self = .started
        case (9, 1): self = .ended(payload[0])
        case (10, _): self = .failed(payload)
        case (11, 0): self = .alive
        default: return nil
        }
    }

    private static func framed(_ kind: UInt8, _ payload: [UInt8]) -> [UInt8] {
        [kind] + number(payload.count) + payload
    }

    private static func number(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// How much a terminal shows.
public struct TerminalSize: Hashable, Sendable, Codable {
    public var rows: UInt16
    public var columns: UInt16

    public init(rows: UInt16, columns: UInt16) {
        self.rows = rows
        self.columns = columns
    }
}
