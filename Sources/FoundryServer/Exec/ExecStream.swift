import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird
import NIOCore

/// One side's connection of a command: reads its frames, writes the other's, and tells when it is gone.
struct ExecStream: Sendable {
    private static let look = Duration.seconds(1)
    private static let leave = Duration.seconds(3)

    let session: ExecSession
    let side: ExecSession.Side
    let frames: ExecFrames
    /// What the client is told when this side goes.
    let loss: FoundryError

    /// - Parameter onEnd: called when all is over.
    func response(onEnd: @escaping @Sendable () -> Void) -> Response {
        Answer.frames { writer in
            defer { onEnd() }
            try await run(&writer)
        }
    }

    private func run(_ writer: inout any ResponseBodyWriter) async throws {
        // Whatever ends first ends the others.
        defer { session.end(loss) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { await watch() }
            let reading = OnceGate()
            group.addTask {
                session.end(await read())
                reading.open()
            }
            let outbox = session.outbox(to: side)
            outbox.send(.alive)
            for await buffer in outbox { try await writer.write(buffer) }
            try await writer.finish(nil)
            // The other side ends its body when it sees the answer's end. Until then its body is read: a client may lose the end of an answer
            // when its connection is closed while it sends.
            group.addTask {
                try? await SystemClock.sleep(Self.leave)
                reading.open()
            }
            await reading.wait()
        }
    }

    /// - Returns: why nothing more comes.
    private func read() async -> FoundryError {
        do {
            while let frame = try await frames.next() {
                try session.take(frame, from: side, now: SystemClock.monotonic())
            }
        } catch let error as FoundryError {
            return error
        } catch {
            return loss
        }
        return loss
    }

    /// Sends signs of life, and ends the command when none comes.
    private func watch() async {
        let outbox = session.outbox(to: side)
        var told = SystemClock.monotonic()
        while (try? await SystemClock.sleep(Self.look)) != nil {
            let now = SystemClock.monotonic()
            if now - told >= ExecLimits.aliveMilliseconds {
                outbox.send(.alive)
                told = now
            }
            if session.silence(of: side, now: now) ?? 0 >= ExecLimits.silenceMilliseconds { session.end(loss) }
        }
    }
}

/// The frames of a request's body, which can be read once: by its endpoint first, by its answer then, never by both at a time.
final class ExecFrames: @unchecked Sendable {
    private var decoder = ExecFrameDecoder()
    private var chunks: RequestBody.AsyncIterator

    init(_ body: RequestBody) { chunks = body.makeAsyncIterator() }

    /// - Returns: nil at the end of the body.
    /// - Throws: `bad_request` for what is no frame, and what breaks the connection.
    func next() async throws -> ExecFrame? {
        while true {
            if let frame = try decoder.next() { return frame }
            guard let chunk = try await chunks.next() else { return nil }
            decoder.append(Array(chunk.readableBytesView))
        }
    }
}
