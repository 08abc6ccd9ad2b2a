import FoundryClient
import FoundryModel
import NIOCore
import Testing

@Suite("What waits to be sent to a side of a command", .timeLimit(.minutes(1)))
struct ExecOutboxTests {
    private static func sent(_ outbox: ExecOutbox) async throws -> [ExecFrame] {
        var decoder = ExecFrameDecoder()
        var frames: [ExecFrame] = []
        for await buffer in outbox {
            decoder.append(Array(buffer.readableBytesView))
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    @Test("comes in order, and nothing comes after the last word")
    func order() async throws {
        let outbox = ExecOutbox()
        #expect(outbox.send(.started) && outbox.send(.output([1])))
        outbox.finish(with: .ended(3))
        outbox.send(.output([2]))
        outbox.finish(with: .ended(4))
        #expect(try await Self.sent(outbox) == [.started, .output([1]), .ended(3)])
    }

    @Test("is bounded: whoever is not read is told so")
    func bound() async throws {
        let outbox = ExecOutbox()
        let piece = ExecFrame.output([UInt8](repeating: 0, count: ExecLimits.largestPayload))
        var taken = 0
        while outbox.send(piece) { taken += 1 }
        #expect(taken >= ExecLimits.window / ExecLimits.largestPayload && taken <= 32, "\(taken)")
        outbox.finish()
        #expect(try await Self.sent(outbox).count == taken)
    }

    @Test("A reader that is cancelled waits no longer")
    func cancelled() async throws {
        let outbox = ExecOutbox()
        let reading = Task { try await Self.sent(outbox) }
        reading.cancel()
        #expect(try await reading.value == [])
    }
}
