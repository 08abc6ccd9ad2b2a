import FoundryRules
import Synchronization

/// Effects that are to be carried out, in order. Full, it refuses: the machine is told that the effect failed, and asks for it again.
final class EffectLane: Sendable {
    static let limit = 1_024

    private let stream: AsyncStream<ControllerEffect>
    private let continuation: AsyncStream<ControllerEffect>.Continuation

    init() { (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(Self.limit)) }

    /// - Returns: false when it is full.
    func add(_ effect: ControllerEffect) -> Bool {
        if case .enqueued = continuation.yield(effect) { return true }
        return false
    }

    func finish() { continuation.finish() }

    /// To be read by one task.
    var effects: AsyncStream<ControllerEffect> { stream }
}
