import FoundryClient
import FoundryEffects
import FoundryModel
import Glibc
import Synchronization

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// This process's standard input, output and error, joined to a command elsewhere until it ends.
struct ExecConversation: Sendable {
    private static let piece = 32 << 10
    private static let look = Duration.seconds(1)
    private static let longest: Int64 = 60_000

    private struct Piece: Sendable {
        var descriptor: Int32
        var bytes: [UInt8]
    }

    let connection: ExecConnection
    let input: Int32
    let hasTerminal: Bool

    private let credit = ByteCredit(ExecLimits.window)
    private let pieces = Inbox<Piece>()
    private let heard = LastHeard()

    init(connection: ExecConnection, input: Int32, hasTerminal: Bool) {
        self.connection = connection
        self.input = input
        self.hasTerminal = hasTerminal
    }

    /// - Returns: the command's exit code.
    /// - Throws: why there is none.
    func run() async throws(FoundryError) -> Int32 {
        let outcome = await withTaskGroup(of: Result<Int32, FoundryError>?.self) { group in
            group.addTask {
                await sendInput()
                return nil
            }
            group.addTask {
                await watch()
                return .failure(Self.gone("nothing was heard of it for \(ExecLimits.silenceMilliseconds / 1000) s"))
            }
            if hasTerminal {
                group.addTask {
                    await followSize()
                    return nil
                }
            }
            group.addTask { await converse() }
            var outcome: Result<Int32, FoundryError>?
            while outcome == nil, let next = await group.next() { outcome = next }
            connection.outbox.finish()
            credit.close()
            group.cancelAll()
            return outcome ?? .failure(Self.gone(nil))
        }
        return try outcome.get()
    }

    /// Until the command has ended, and all that it said is written. What could not be written matters more than how it ended.
    private func converse() async -> Result<Int32, FoundryError> {
        await withTaskGroup(of: Void.self) { group in
            let received = Mutex<Result<Int32, FoundryError>>(.failure(Self.gone(nil)))
            group.addTask {
                let outcome = await receive()
                received.withLock { $0 = outcome }
                pieces.finish()
            }
            if let unwritten = await writeOutput() {
                group.cancelAll()
                return unwritten
            }
            await group.waitForAll()
            return received.withLock { $0 }
        }
    }

    private func receive() async -> Result<Int32, FoundryError> {
        let end = Mutex<Int32?>(nil)
        do throws(FoundryError) {
            try await connection.receive { frame throws(FoundryError) in
                heard.note()
                if case .ended(let code) = frame { end.withLock { $0 = Int32(code) } } else { try take(frame) }
            }
        } catch {
            if let code = end.withLock({ $0 }) { return .success(code) }
            return .failure(error.code == .unreachable ? Self.gone(error.detail) : error)
        }
        return end.withLock { $0 }.map { .success($0) } ?? .failure(Self.gone(nil))
    }

    private func take(_ frame: ExecFrame) throws(FoundryError) {
        switch frame {
        case .started:
            guard hasTerminal else { return }
            try RawTerminal.begin(input)
            sendSize()
        case .output(let bytes): pieces.put(Piece(descriptor: 1, bytes: bytes))
        case .errorOutput(let bytes): pieces.put(Piece(descriptor: 2, bytes: bytes))
        case .credit(let count): credit.give(count)
        case .failed(let bytes):
            let error = (try? WireJSON.decode(ErrorBody.self, from: Data(bytes)))?.error
            throw error ?? FoundryError(.execBroken, "The command is ended, and nobody says why.")
        case .alive: break
        case .begin, .input, .inputEnd, .resize, .ended:
            throw FoundryError(.badRequest, "The server sent what only a client sends.", hint: "foundry version")
        }
    }

    /// - Returns: nil when all is written; otherwise how this ends. A reader that went away ends it as it ends any program: by SIGPIPE.
    private func writeOutput() async -> Result<Int32, FoundryError>? {
        while let piece = await pieces.next() {
            let problem: Int32
            do throws(FoundryError) {
                problem = try await OwnThread.run { () throws(FoundryError) in Self.write(piece) }
            } catch {
                return .failure(error)
            }
            if problem == EPIPE { return .success(128 + SIGPIPE) }
            guard problem == 0 else {
                return .failure(
                    FoundryError(
                        .execBroken, "The output cannot be written here, and the command is ended.",
                        detail: String(cString: strerror(problem)), hint: "is there room where it goes?"))
            }
            connection.outbox.send(.credit(piece.bytes.count))
        }
        return nil
    }

    /// - Returns: 0, or why it cannot be written.
    private static func write(_ piece: Piece) -> Int32 {
        var rest = piece.bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(piece.descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: piece.descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1_000)
            } else if errno != EINTR {
                return errno
            }
        }
        return 0
    }

    private func sendInput() async {
        var buffer = [UInt8](repeating: 0, count: Self.piece)
        while !Task.isCancelled, case let most = await credit.take(atMost: Self.piece), most > 0 {
            var count = -1
            while count < 0, !Task.isCancelled {
                guard await isReadable(input) else { continue }
                count = read(input, &buffer, most)
                // A terminal that is gone cannot be read; that is an end, too.
                if count < 0, errno != EINTR, errno != EAGAIN { count = 0 }
            }
            guard count > 0 else {
                if count == 0 { connection.outbox.send(.inputEnd) }
                return
            }
            credit.give(most - count)
            connection.outbox.send(.input(Array(buffer[..<count])))
        }
    }

    private func followSize() async {
        let changes = RawTerminal.changes()
        guard changes >= 0 else { return }
        while !Task.isCancelled {
            guard await isReadable(changes) else { continue }
            RawTerminal.forget(changes)
            sendSize()
        }
    }

    private func sendSize() { if let size = RawTerminal.size(of: input) { connection.outbox.send(.resize(size)) } }

    private func isReadable(_ descriptor: Int32) async -> Bool {
        await DescriptorWatch.shared.waitOrCancel(descriptor, for: POLLIN, limitMilliseconds: Self.longest) == .ready
    }

    /// - Returns: when the server counts as gone, or the task is cancelled.
    private func watch() async {
        var told = SystemClock.monotonic()
        while (try? await SystemClock.sleep(Self.look)) != nil {
            let now = SystemClock.monotonic()
            if now - told >= ExecLimits.aliveMilliseconds {
                connection.outbox.send(.alive)
                told = now
            }
            if heard.silence >= ExecLimits.silenceMilliseconds { return }
        }
    }

    private static func gone(_ why: String?) -> FoundryError {
        FoundryError(
            .execBroken, "The server went away, and the command is ended.", detail: why, hint: "foundry status")
    }
}
