import FoundryClient
import FoundryEffects
import FoundryModel
import Glibc

/// What came for a command.
enum ExecItem: Sendable {
    case input([UInt8])
    case resize(TerminalSize)
    /// No more input comes; sizes may.
    case end
}

/// Carries bytes between a command's descriptors and its stream.
struct ExecPumps: Sendable {
    /// A wait that nothing ends is begun anew, to look whether all is over.
    private static let lookMilliseconds: Int64 = 1_000
    private static let piece = 32 << 10
    /// Control-D, at a terminal.
    private static let endOfTyping: UInt8 = 4

    let program: ExecProgram
    let inbox: Inbox<ExecItem>
    let outbox: ExecOutbox
    /// For both outputs together.
    let credit: ByteCredit

    /// Writes what came to the command, until the inbox is closed. What a command does not want to read is dropped.
    func writeInput(_ input: ExecInput) async {
        while let item = await inbox.next() {
            switch item {
            case .input(let bytes):
                await write(bytes, to: input)
                outbox.send(.credit(bytes.count))
            case .resize(let size): program.resize(size)
            case .end:
                if program.hasTerminal { await write([Self.endOfTyping], to: input) } else { input.end() }
            }
        }
    }

    /// - Parameter frame: makes a frame of what was read.
    func readOutput(_ descriptor: Int32, _ frame: @Sendable ([UInt8]) -> ExecFrame) async {
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        while case let most = await credit.take(atMost: Self.piece), most > 0 {
            let isReady = await wait(descriptor, POLLIN)
            let count = isReady ? read(descriptor, &buffer, most) : -1
            let mayComeAgain = !isReady || errno == EAGAIN || errno == EINTR
            credit.give(most - max(0, count))
            if count < 0, mayComeAgain { continue }
            guard count > 0 else { return }
            outbox.send(frame(Array(buffer[..<count])))
        }
    }

    private func write(_ bytes: [UInt8], to input: ExecInput) async {
        var done = 0
        while done < bytes.count, let descriptor = input.descriptor {
            guard await wait(descriptor, POLLOUT) else { continue }
            let count = bytes.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
            if count < 0 {
                guard errno == EAGAIN || errno == EINTR else { return input.end() }
            } else {
                done += count
            }
        }
    }

    private func wait(_ descriptor: Int32, _ events: Int32) async -> Bool {
        await DescriptorWatch.shared.wait(descriptor, for: events, limitMilliseconds: Self.lookMilliseconds) == .ready
    }
}
