import FoundryModel

/// One store transaction of the controller, which the shell also binds to its term.
public struct ControllerEffect: Hashable, Sendable {
    public var name: ControllerEffectName
    /// What it is about; one effect at a time for each.
    public var subject: String
    public var writes: [RecordWrite]

    public init(name: ControllerEffectName, subject: String, writes: [RecordWrite]) {
        self.name = name
        self.subject = subject
        self.writes = writes
    }
}

/// The names under which a controller's effects are journalled; with `.before` and `.after` they name the kill points.
public enum ControllerEffectName: String, Hashable, Sendable, CaseIterable {
    case cellRecord = "cell.record"
    case statusRecord = "status.record"
    case memberPlace = "member.place"
    case memberRemove = "member.remove"
    /// The hand-over: a new epoch for a holder.
    case volumeGrant = "volume.grant"
    /// Its holder took it: no older copy is its data any more.
    case volumeTaken = "volume.taken"
    case volumeRelease = "volume.release"
    case volumeKeep = "volume.keep"
    case volumePurge = "volume.purge"
    case volumeForget = "volume.forget"
    case appRemove = "app.remove"
    case jobFinish = "job.finish"
    case historyPrune = "history.prune"
}

/// What a controller's machine is told.
public enum ControllerEvent: Hashable, Sendable {
    case record(Record, revision: Int64)
    case removed(key: String, revision: Int64)
    /// The records of one revision, or of the first load, are complete.
    case caughtUp
    case cellReport(CellReport)
    case routerReport(RouterReport)
    case committed(ControllerEffect, revision: Int64)
    /// Somebody else wrote first: decided anew from what the watch brings.
    case conflicted(ControllerEffect)
    case failed(ControllerEffect, FoundryError)
    case tick
}
