import FoundryEffects
import FoundryModel
import Synchronization

/// What is known of the other side of a command's stream: what it wants to be run, when it was heard, whether it is gone.
final class ExecEar: Sendable {
    let heard = LastHeard()
    private let begun = AsyncStream<[UInt8]>.makeStream(bufferingPolicy: .bufferingOldest(1))
    // Also opened when all is over.
    let gone = OnceGate()

    func begin(_ bytes: [UInt8]) { begun.continuation.yield(bytes) }

    /// - Returns: nil when the other side went before it said what to run.
    func beginning() async -> [UInt8]? {
        for await bytes in begun.stream { return bytes }
        return nil
    }

    func hangUp() {
        begun.continuation.finish()
        gone.open()
    }
}

/// How runc ended.
final class ExecEnd: Sendable {
    private let state = Mutex<Int32?>(nil)
    private let over = OnceGate()

    var code: Int32? { state.withLock { $0 } }

    func set(_ code: Int32) {
        state.withLock { $0 = code }
        over.open()
    }

    func wait() async { await over.wait() }
}
