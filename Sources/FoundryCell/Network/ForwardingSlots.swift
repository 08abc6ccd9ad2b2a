import FoundryRules
import Synchronization

/// The members of whom anything may go on to others.
final class ForwardingSlots: Sendable {
    private let slots = Mutex<Set<Int>>([])

    func follow(_ pairs: Set<SlotPair>) { slots.withLock { $0 = Set(pairs.map(\.from)) } }

    func contains(_ slot: Int) -> Bool { slots.withLock { $0.contains(slot) } }
}
