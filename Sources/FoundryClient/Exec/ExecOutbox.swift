import FoundryModel
import NIOCore
import Synchronization

/// Frames on their way to a connection: the body of a request, or of an answer. For one reader.
///
/// Nobody waits to put something in: senders keep to their credit, so what lies here is bounded. Whoever does not is cut off.
public final class ExecOutbox: AsyncSequence, Sendable {
    public typealias Element = ByteBuffer

    /// Above a window of data, and the words about it.
    private static let most = 4 * ExecLimits.window

    private struct State {
        var waiting = ByteBuffer()
        var isFinished = false
        var reader: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    public init() {}

    /// Nothing happens after the end.
    ///
    /// - Returns: false when too much lies here: the other side does not read what it asked for.
    @discardableResult
    public func send(_ frame: ExecFrame) -> Bool {
        let (reader, isTaken) = state.withLock { state in
            guard !state.isFinished else { return (CheckedContinuation<Void, Never>?.none, true) }
            guard state.waiting.readableBytes < Self.most else { return (nil, false) }
            state.waiting.writeBytes(frame.bytes)
            defer { state.reader = nil }
            return (state.reader, true)
        }
        reader?.resume()
        return isTaken
    }

    /// What lies here is still delivered.
    ///
    /// - Parameter last: nothing comes between it and the end; it is left out when the end was there before.
    public func finish(with last: ExecFrame? = nil) {
        let reader = state.withLock { state in
            if let last, !state.isFinished { state.waiting.writeBytes(last.bytes) }
            state.isFinished = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume()
    }

    public func makeAsyncIterator() -> Iterator { Iterator(outbox: self) }

    public struct Iterator: AsyncIteratorProtocol, Sendable {
        let outbox: ExecOutbox

        /// All that lies here; nil at the end, and when the task is cancelled.
        public func next() async -> ByteBuffer? { await outbox.next() }
    }

    private func next() async -> ByteBuffer? {
        while true {
            let (buffer, isFinished) = state.withLock { state in
                defer { state.waiting = ByteBuffer() }
                return (state.waiting, state.isFinished)
            }
            if buffer.readableBytes > 0 { return buffer }
            if isFinished || Task.isCancelled { return nil }
            await sleep()
        }
    }

    private func sleep() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mustWait = state.withLock { state in
                    guard !state.isFinished, state.waiting.readableBytes == 0, !Task.isCancelled else { return false }
                    state.reader = continuation
                    return true
                }
                if !mustWait { continuation.resume() }
            }
        } onCancel: {
            let reader = state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }
            reader?.resume()
        }
    }
}
