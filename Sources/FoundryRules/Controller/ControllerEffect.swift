import FoundryModel

/// One thing that the controller does: a store transaction bound to its term, or the use of a fence device.
public struct ControllerEffect: Hashable, Sendable {
    public var name: ControllerEffectName
    /// What it is about; one effect at a time for each.
    public var subject: String
    public var action: ControllerAction
    /// What is decided anew when the effect has ended.
    var origin: ControllerOrigin

    init(name: ControllerEffectName, subject: String, action: ControllerAction, origin: ControllerOrigin) {
        self.name = name
        self.subject = subject
        self.action = action
        self.origin = origin
    }

    /// Of the transaction; none for a device.
    public var writes: [RecordWrite] {
        switch action {
        case .transaction(let writes): writes
        case .power: []
        }
    }

    /// What it takes of the cells' room.
    var placements: [RecordWrite] {
        guard name == .memberPlace || name == .replicaAdd else { return [] }
        return writes.filter { write in
            switch write {
            case .put(.member, _), .put(.volume, _): true
            case .put, .delete, .check: false
            }
        }
    }

    /// The transaction as it must be committed: nobody writes as the controller after another took the term.
    ///
    /// - Source: design 5.3.
    public func writes(under term: Revised<TermRecord>) -> [RecordWrite] {
        if Planted.has(.writeWithoutTerm) { return writes }
        return [.check(key: RecordKind.term.prefix, kind: .term, expects: .revision(term.revision))] + writes
    }
}

public enum ControllerAction: Hashable, Sendable {
    case transaction([RecordWrite])
    /// Answered by `powerAnswered`. The attempt was recorded before.
    case power(PowerOrder)
}

/// One use of a fence device of a cell.
public struct PowerOrder: Hashable, Sendable {
    public var fence: FenceID
    public var cell: CellID
    /// Of the attempt that the fence recorded.
    public var number: Int
    public var device: String
    public var step: FenceStep

    public init(fence: FenceID, cell: CellID, number: Int, device: String, step: FenceStep) {
        self.fence = fence
        self.cell = cell
        self.number = number
        self.device = device
        self.step = step
    }
}

/// What an effect was decided for.
enum ControllerOrigin: Hashable, Sendable {
    case app(AppID)
    case cell(CellID)
    case snapshot(SnapshotID)
    case service(ServiceInstanceID)
    case cluster
    case jobs
    case history
}

/// The names under which a controller's effects are journalled; with `.before` and `.after` they name the kill points.
public enum ControllerEffectName: String, Hashable, Sendable, CaseIterable {
    case cellRecord = "cell.record"
    case statusRecord = "status.record"
    case memberPlace = "member.place"
    case memberRemove = "member.remove"
    /// It is taken out of its cluster.
    case memberLeave = "member.leave"
    /// The hand-over: a new epoch for a holder.
    case volumeGrant = "volume.grant"
    /// Its holder took it: no older copy is its data any more.
    case volumeTaken = "volume.taken"
    case volumeRelease = "volume.release"
    case volumeKeep = "volume.keep"
    case volumePurge = "volume.purge"
    case volumeForget = "volume.forget"
    /// What a store that was restored did not know of it.
    case volumeAdopt = "volume.adopt"
    case volumeOvertaken = "volume.overtaken"
    case snapshotTaken = "snapshot.taken"
    case snapshotFail = "snapshot.fail"
    case snapshotForget = "snapshot.forget"
    /// It was taken for one volume, which is made.
    case snapshotRelease = "snapshot.release"
    /// A volume that was made, or brought back, takes the place of its app's.
    case volumeReplace = "volume.replace"
    /// A volume could not be made from its snapshot.
    case volumeUnmake = "volume.unmake"
    case appRemove = "app.remove"
    case jobFinish = "job.finish"
    case historyPrune = "history.prune"
    case sessionExpire = "session.expire"
    case fenceOpen = "fence.open"
    case fenceEvidence = "fence.evidence"
    case fenceLift = "fence.lift"
    /// An attempt is recorded before its device is used, and its outcome after.
    case fenceAttempt = "fence.attempt"
    case fencePower = "fence.power"
    case clusterBrake = "cluster.brake"
    case clusterHeard = "cluster.heard"
    case volumeHandOver = "volume.hand_over"
    case volumeFork = "volume.fork"
    case memberReplace = "member.replace"
    case memberStand = "member.stand"
    case memberChangeOver = "member.change_over"
    case replicaAdd = "replica.add"
    case replicaDrop = "replica.drop"
    case volumeGuard = "volume.guard"
    case volumeReplication = "volume.replication"
    case rolloutStep = "rollout.step"
    /// An instance whose workload is gone.
    case serviceForget = "service.forget"
    /// Kept copies and snapshots of its disks go with it.
    case serviceClear = "service.clear"
    /// A verb ended: the binding can be used, or cannot be.
    case bindingSettle = "binding.settle"
    /// Its user is made again in data that may not have it.
    case bindingRenew = "binding.renew"
    /// Another took its place, and its time is over.
    case bindingRetire = "binding.retire"
    case bindingForget = "binding.forget"

    /// Only where services are asked for.
    public var isOfServices: Bool {
        switch self {
        case .memberLeave, .serviceForget, .serviceClear, .bindingSettle, .bindingRenew, .bindingRetire, .bindingForget:
            true
        default: false
        }
    }

    /// Never on a platform of one machine that does what it should: it holds no sessions, guards nothing and has nothing to fence.
    public var isOfManyCells: Bool {
        switch self {
        case .cellRecord, .statusRecord, .memberPlace, .memberRemove, .memberLeave, .volumeGrant, .volumeTaken,
            .volumeRelease,
            .volumeKeep, .volumePurge, .volumeForget, .snapshotTaken, .snapshotForget, .snapshotRelease,
            .volumeReplace, .memberStand, .appRemove, .jobFinish, .historyPrune, .serviceForget, .serviceClear,
            .bindingSettle, .bindingRenew, .bindingRetire, .bindingForget:
            false
        case .volumeAdopt, .volumeOvertaken, .sessionExpire, .fenceOpen, .fenceEvidence, .fenceLift, .fenceAttempt,
            .fencePower,
            .clusterBrake, .clusterHeard, .volumeHandOver, .volumeFork, .memberReplace,
            .memberChangeOver, .replicaAdd, .replicaDrop, .volumeGuard, .volumeReplication, .rolloutStep, .snapshotFail,
            .volumeUnmake:
            true
        }
    }
}

/// What a controller's machine is told.
public enum ControllerEvent: Hashable, Sendable {
    case record(Record, revision: Int64)
    case removed(key: String, revision: Int64)
    /// The records of one revision, or of the first load, are complete.
    case caughtUp
    /// The watch broke, or records were missed: what follows is a load of everything.
    case lostSight
    case cellReport(CellReport)
    case routerReport(RouterReport)
    case committed(ControllerEffect, revision: Int64)
    /// Somebody else wrote first: decided anew from what the watch brings.
    case conflicted(ControllerEffect)
    case failed(ControllerEffect, FoundryError)
    /// What a fence device said.
    case powerAnswered(PowerOrder, FenceOutcome)
    case tick
}
