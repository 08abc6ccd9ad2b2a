import FoundryModel
import Synchronization

/// Since when what members wrote may be in memory only, for those whose syncs the platform defers.
final class FlushBoard: Sendable {
    private let flushedAt = Mutex<[MemberID: MonotonicTime]>([:])
    private let owed = Mutex<Set<VolumeID>>([])

    /// - Parameter time: what was written before it is on the disk; nil: it is no longer kept flushed.
    func note(_ member: MemberID, flushedAt time: MonotonicTime?) { flushedAt.withLock { $0[member] = time } }

    /// A program writes to the volume whose syncs do nothing by themselves.
    func owe(_ volume: VolumeID) { owed.withLock { _ = $0.insert(volume) } }

    func isOwed(_ volume: VolumeID) -> Bool { owed.withLock { $0.contains(volume) } }

    /// - Returns: true once after `owe`: what was written may be in memory only.
    func settle(_ volume: VolumeID) -> Bool { owed.withLock { $0.remove(volume) != nil } }

    /// Milliseconds of writes that a power cut would take now; nil for a member whose syncs are its own.
    func exposure(of member: MemberID, now: MonotonicTime) -> Int64? {
        flushedAt.withLock { $0[member] }.map { max(0, now - $0) }
    }
}
