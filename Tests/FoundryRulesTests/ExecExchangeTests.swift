import FoundryModel
import FoundryRules
import Testing

@Suite("What client and cell of a command may send")
struct ExecExchangeTests {
    private static let piece = [UInt8](repeating: 1, count: ExecLimits.largestPayload)
    private static let pieces = ExecLimits.window / ExecLimits.largestPayload

    private static func running(hasTerminal: Bool = false) throws -> ExecExchange {
        var exchange = ExecExchange(hasTerminal: hasTerminal)
        #expect(try exchange.fromCell(.started))
        return exchange
    }

    @Test("A whole conversation goes through, signs of life do not")
    func conversation() throws {
        var exchange = try Self.running()
        #expect(try exchange.fromClient(.input([1, 2])))
        #expect(try exchange.fromCell(.credit(2)))
        #expect(try !exchange.fromClient(.alive))
        #expect(try !exchange.fromCell(.alive))
        #expect(try exchange.fromClient(.inputEnd))
        #expect(try !exchange.fromClient(.inputEnd), "once is enough")
        #expect(try exchange.fromCell(.output([3])))
        #expect(try exchange.fromCell(.errorOutput([4])))
        #expect(try exchange.fromClient(.credit(2)))
        #expect(!exchange.isOver)
        #expect(try exchange.fromCell(.ended(0)))
        #expect(exchange.isOver)
    }

    @Test("A size is for those with a terminal")
    func sizes() throws {
        let size = ExecFrame.resize(TerminalSize(rows: 24, columns: 80))
        var exchange = try Self.running()
        #expect(try !exchange.fromClient(size))
        var terminal = try Self.running(hasTerminal: true)
        #expect(try terminal.fromClient(size))
    }

    @Test("Neither sends more than it was allowed, and what was done with makes room again")
    func credit() throws {
        var exchange = try Self.running()
        for _ in 0..<Self.pieces { #expect(try exchange.fromClient(.input(Self.piece))) }
        Self.refuses { try exchange.fromClient(.input([1])) }
        #expect(try exchange.fromCell(.credit(1)))
        #expect(try exchange.fromClient(.input([1])))
        for index in 0..<Self.pieces {
            #expect(try exchange.fromCell(index.isMultiple(of: 2) ? .output(Self.piece) : .errorOutput(Self.piece)))
        }
        Self.refuses { try exchange.fromCell(.errorOutput([1])) }
        #expect(try exchange.fromClient(.credit(ExecLimits.window)))
        #expect(try exchange.fromCell(.output(Self.piece)))
    }

    @Test("Nobody gives what was not used")
    func gifts() throws {
        for count in [0, 1, ExecLimits.window, Int(UInt32.max)] {
            var exchange = try Self.running()
            Self.refuses { try exchange.fromClient(.credit(count)) }
            Self.refuses { try exchange.fromCell(.credit(count)) }
        }
    }

    @Test("Nobody says what is the other's to say, or twice what is said once")
    func roles() throws {
        for frame: ExecFrame in [.begin([]), .output([]), .errorOutput([]), .started, .ended(0), .failed([])] {
            var exchange = try Self.running()
            Self.refuses { try exchange.fromClient(frame) }
        }
        for frame: ExecFrame in [
            .begin([]), .input([]), .inputEnd, .resize(TerminalSize(rows: 1, columns: 1)), .started,
        ] {
            var exchange = try Self.running()
            Self.refuses { try exchange.fromCell(frame) }
        }
        var early = ExecExchange(hasTerminal: false)
        Self.refuses { try early.fromCell(.output([1])) }
        var ended = try Self.running()
        #expect(try ended.fromClient(.inputEnd))
        Self.refuses { try ended.fromClient(.input([1])) }
        #expect(try ended.fromCell(.failed([])))
        for frame: ExecFrame in [.output([1]), .alive, .ended(0)] { Self.refuses { try ended.fromCell(frame) } }
    }

    private static func refuses(
        _ work: () throws -> Bool, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let error = #expect(throws: FoundryError.self, sourceLocation: sourceLocation) { try work() }
        #expect(error?.code == .badRequest, sourceLocation: sourceLocation)
    }
}
