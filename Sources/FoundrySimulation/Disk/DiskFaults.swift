/// What is wrong with a disk now. All of it can change at any time, except ``SimulatedDisk/setHung(_:at:)``'s switch.
struct DiskFaults: Hashable, Sendable {
    /// Writes fail; what is there can be read and synced.
    var isFull = false
    /// Everything takes so many times as long.
    var slowness: Int64 = 1
    /// Any operation fails.
    var inputOutputError = Rate.never
    /// A sync fails. What it was to write may be gone, and the next sync succeeds.
    var syncFailure = Rate.never
    /// Of power losses that meet unsynced writes in place: how often the last one that survived is half written.
    var tear: Rate = 0.2
    /// Of power losses that meet unsynced data of a volume without order: how often some of it is missing in the middle.
    var hole: Rate = 0.5

    static let none = Self()
}

enum DiskError: Error, Hashable, Sendable {
    case full
    case inputOutput
}

/// What a process asks of a disk.
enum DiskRequest<Value> {
    case read(DiskFile)
    /// In place, into the page cache: power loss can undo it, and half of it can survive.
    case overwrite(DiskFile, Value)
    /// Whole and synced: a new file, synced, renamed over the old one, and the directory synced. Power loss leaves the old or the new one.
    case replace(DiskFile, Value)
    /// Into the page cache.
    case remove(DiskFile)
    /// All of a file that was written before this was asked for is on the disk when it is done.
    case sync(DiskFile)
    /// One write of a client into a volume's data; synced before it is done, or into the page cache.
    case append(volume: Int, DataWrite, synced: Bool)
    /// Several writes, as a replica receives them.
    case appendRun(volume: Int, DataRun, synced: Bool)
    case syncData(volume: Int)
    /// Volumes are created, copied and deleted whole; synced. nil deletes.
    case setData(volume: Int, VolumeData?)
}

/// What came of a request.
enum DiskAnswer<Value> {
    case done
    case content(DiskContent<Value>)
    case failed(DiskError)
}

extension DiskAnswer: Equatable where Value: Equatable {}

/// That a request is done at a time; `due` is nil while the disk hangs.
struct DiskTicket<Handle> {
    var operation: Handle
    var due: SimulationTime?
}
