import FoundryModel
import FoundryRules

typealias CellDisk = SimulatedDisk<CellFile>
typealias DiskOperation = Slab<CellDisk.Operation>.Handle
typealias WorldStream = SimulatedNetwork<Payload>.StreamHandle

/// What lies in the small files of a cell.
enum CellFile {
    case label(VolumeLabel)
    case identity(IncarnationID, machineID: String)
    case promises(FenceID, [VolumePromise])
    case history(MemberID, RestartHistory)
    /// The sequence of the session that the cell knew last.
    case probe(UInt64)
    case users(Set<String>)
}

/// For whom an operation of the disk is done.
enum DiskOwner {
    /// A client's write, at this position of the volume.
    case append(container: Int16, pid: Int32, position: Int64)
    /// A primary's writes, up to this position.
    case follow(container: Int16, pid: Int32, position: Int64)
    case flush(container: Int16, pid: Int32)
    /// The next step of an effect of the cell's process.
    case effect(run: Int32, life: Int32)
    /// The probe before a request for a session.
    case probe(number: UInt64, life: Int32)
    case identity(life: Int32)
}

/// Of a cell's machine, whatever its processes do.
enum KernelEvent {
    case disk(DiskOperation, DiskOwner)
    /// A killed process is gone.
    case exits(container: Int16, pid: Int32)
    case engine(container: Int16, pid: Int32, EngineTimer)
    /// A task that came back from the disk freezes.
    case lateFreeze
    case sentinel(life: Int32)
    case watcher(life: Int32)
    /// What a guard asked for: everything is frozen, or so many tasks are left.
    case frozen(GuardActor, life: Int32)
    case checked(GuardActor, life: Int32, remaining: Int32)
    case sentinelDied
    case watchdog
}

/// Which process of a cell's machine acts as a guard.
enum GuardActor: UInt8 {
    case sentinel
    case cell
    case watcher
}

/// Of a cell's process.
enum CellTimer {
    case wake
    /// An effect is done, or its next step is due.
    case effect(Int32)
    case report
    case connect
}

/// What reaches a cell's process; it waits while the process stands still.
enum CellInput {
    case timer(CellTimer)
    case message(SimulatedNetwork<Payload>.Message)
    case streamEnd(WorldStream)
    case brain(CellEvent)
    case disk(DiskOwner, DiskAnswer<CellFile>)
    /// The sentinel, or the second watcher, says that the guards have fired.
    case guardsFired
    /// The sentinel says what it is now.
    case sentinelTold(SentinelState, SessionID?, life: Int32)
    case sentinelLives
    case sentinelDied
    case frozen
    case checked(remaining: Int)
}

enum EngineTimer: UInt8 {
    case begin
    case ready
    /// A replica looks for its primary again.
    case connect
    /// Unsynced writes are flushed.
    case flush
    /// The time to end in order is over.
    case stopLimit
    /// What it says of its replication is passed on.
    case tell
}

/// What reaches a member's process; it waits while the process is frozen.
enum EngineInput {
    case ask(ClientRequest, from: NodeNumber)
    case replication(ReplicationMessage, WorldStream, from: NodeNumber)
    case streamEnd(WorldStream)
    case disk(DiskOwner, DiskError?)
    case timer(EngineTimer)
    case stop
}
