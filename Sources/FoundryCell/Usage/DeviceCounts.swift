import FoundryModel
import Synchronization

/// What the devices of volumes did since each was mounted, or since this process first saw it.
///
/// The kernel keeps the counts of a loop device when its file is detached and another one attached: without this a volume would be charged with
/// what others did on a device of that number before.
final class DeviceCounts: Sendable {
    private struct Beginning {
        var source: String
        var counts: DeviceUsage
    }

    private let beginnings = Mutex<[VolumeID: Beginning]>([:])

    /// A volume was mounted: its counts begin now.
    func begin(_ volume: VolumeID, source: String, counts: DeviceUsage) {
        beginnings.withLock { $0[volume] = Beginning(source: source, counts: counts) }
    }

    /// - Parameter source: of the volume's mount. Another one than before: it was mounted anew.
    func since(_ volume: VolumeID, source: String, counts: DeviceUsage) -> DeviceUsage {
        beginnings.withLock { beginnings in
            if let known = beginnings[volume], known.source == source, known.counts.flushes <= counts.flushes {
                return counts - known.counts
            }
            beginnings[volume] = Beginning(source: source, counts: counts)
            return counts - counts
        }
    }

    /// Forgets all others.
    func keep(_ volumes: Set<VolumeID>) { beginnings.withLock { $0 = $0.filter { volumes.contains($0.key) } } }
}

extension DeviceUsage {
    fileprivate static func - (left: Self, right: Self) -> Self {
        DeviceUsage(
            reads: left.reads - right.reads, readBytes: left.readBytes - right.readBytes,
            writes: left.writes - right.writes, writtenBytes: left.writtenBytes - right.writtenBytes,
            flushes: left.flushes - right.flushes, busyMilliseconds: left.busyMilliseconds - right.busyMilliseconds)
    }
}
