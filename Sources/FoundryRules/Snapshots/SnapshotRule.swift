import FoundryModel

/// What asking for a snapshot, or for its end, would do.
public struct SnapshotPlan: Sendable {
    public var record: SnapshotRecord
    public var job: JobRecord
    /// Of the store transaction: `app.snapshot`, `app.remove_snapshot`.
    public var writes: [RecordWrite]
}

/// Snapshots: asked for, and let go of.
public enum SnapshotRule {
    /// Of an app.
    public static let most = 64
    /// Of all apps.
    public static let mostOfAll = 512
    /// How long its cell may take before a snapshot that was asked for is given up: it would be of another moment than the one that was meant.
    static let takeMilliseconds: Int64 = 60_000

    /// - Parameter name: nil: one is made of the time.
    /// - Parameter instance: the number of the member whose disk is meant; nil: the only one.
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `name_invalid`, `name_taken`; `conflict` for an app without data; `not_found`, `bad_request` for a member that there is not, or not named;
    ///   `too_many_requests` past the limits; `pool_full`, before anything happens; `app_busy` for an app that is being deleted.
    public static func take(
        _ app: Revised<AppRecord>, name text: String?, instance: Int? = nil, by actor: String, view: PlatformView,
        configuration: PlatformConfiguration, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> SnapshotPlan {
        try app.value.refuseDeleted()
        try requireOneMachine(configuration)
        let own = view.snapshots(of: app.value.id)
        let name = try name(text, own, now)
        let volume = try volume(of: app.value, instance, view)
        guard own.count < most, view.snapshots.count < mostOfAll else {
            throw FoundryError(
                .tooManyRequests, "There are too many snapshots: \(most) of an app, \(mostOfAll) of all.",
                hint: "foundry snapshot rm \(app.value.name) NAME")
        }
        try requireRoom(volume, view)
        let record = SnapshotRecord(
            id: .random(using: &generator), name: name, app: app.value.id, appName: app.value.name,
            index: volume.index, volume: volume.id, cell: volume.cell, lineage: volume.lineage, size: volume.size,
            state: .asked, createdAt: now,
            createdBy: actor)
        let job = job(.snapshot, record, app.value.generation, now, &generator)
        // An app that goes meanwhile takes none along that it does not know of.
        let check = RecordWrite.unchanged(app)
        return SnapshotPlan(
            record: record, job: job,
            writes: [check, .put(.snapshot(record), expects: .absent), .put(.job(job), expects: .absent)])
    }

    /// Asked for again, it says the same.
    ///
    /// - Throws: `conflict` while a volume is made from it.
    public static func remove(
        _ snapshot: Revised<SnapshotRecord>, by actor: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> SnapshotPlan {
        if let volume = view.volume(madeFrom: snapshot.value.id) {
            throw FoundryError(
                .conflict, "The disk of \(volume.appName) is being made from it.", hint: "foundry why \(volume.appName)"
            )
        }
        var next = snapshot.value
        next.state = .removing
        let job = job(.removeSnapshot, next, 0, now, &generator)
        var writes: [RecordWrite] = [.put(.job(job), expects: .absent)]
        if snapshot.value.state != .removing {
            let event = EventRecord(
                id: .random(using: &generator), time: now, kind: .snapshotRemoved, app: next.app,
                subject: next.subject, message: "is being removed", actor: actor)
            writes += [
                .put(.snapshot(next), expects: .revision(snapshot.revision)), .put(.event(event), expects: .absent),
            ]
        }
        return SnapshotPlan(record: next, job: job, writes: writes)
    }

    /// A snapshot of the app that something can be made from.
    ///
    /// - Throws: `snapshot_not_found`; `conflict` when it is not taken yet, or goes.
    static func taken(
        _ id: SnapshotID, of app: AppRecord, _ view: PlatformView
    ) throws(FoundryError) -> Revised<SnapshotRecord> {
        guard let snapshot = view.snapshots[id], snapshot.value.app == app.id else {
            throw FoundryError(
                .snapshotNotFound, "\(app.name) has no snapshot of this id.", hint: "foundry snapshots \(app.name)")
        }
        guard case .taken = snapshot.value.state else {
            throw FoundryError(
                .conflict, "Snapshot \(snapshot.value.name) of \(app.name) is not there, or is on its way out.",
                hint: "foundry snapshots \(app.name)")
        }
        return snapshot
    }

    /// That it is still as it was seen when the transaction is done.
    static func unchanged(_ snapshot: Revised<SnapshotRecord>) -> RecordWrite {
        .check(key: Record.snapshot(snapshot.value).key, kind: .snapshot, expects: .seen(snapshot))
    }

    static func requireOneMachine(_ configuration: PlatformConfiguration) throws(FoundryError) {
        guard configuration.timing != nil else { return }
        throw FoundryError(
            .conflict, "Snapshots are taken on a platform of one machine only.", hint: "foundry status")
    }

    static func disk(of app: AppRecord) throws(FoundryError) -> DiskSpec {
        if let disk = app.spec.disk { return disk }
        throw FoundryError(
            .conflict, "\(app.name) has no disk, so there is nothing to take a snapshot of.",
            hint: "foundry push IMAGE --disk SIZE")
    }

    private static func name(
        _ text: String?, _ own: [SnapshotRecord], _ now: Timestamp
    ) throws(FoundryError) -> SnapshotName {
        let taken = Set(own.map(\.name.description))
        guard let text else { return name(of: now, beside: taken) }
        guard let name = SnapshotName(text) else {
            throw FoundryError(
                .nameInvalid, "'\(text.prefix(80))' is not a name for a snapshot.",
                hint: "a-z, 0-9 and hyphens, beginning with a letter, at most 63")
        }
        guard !taken.contains(text) else {
            throw FoundryError(
                .nameTaken, "\(own[0].appName) has a snapshot \(text) already.",
                hint: "foundry snapshots \(own[0].appName)")
        }
        return name
    }

    /// `s20261121-083000`, in UTC; another one of the same second gets a number behind.
    private static func name(of now: Timestamp, beside taken: Set<String>) -> SnapshotName {
        let digits = now.description.filter(\.isNumber)
        let first = "s\(digits.prefix(8))-\(digits.dropFirst(8))"
        var number = 1
        var text = first
        while taken.contains(text) {
            number += 1
            text = "\(first)-\(number)"
        }
        guard let name = SnapshotName(text) else { preconditionFailure("a time has the shape of a name") }
        return name
    }

    private static func volume(
        of app: AppRecord, _ instance: Int?, _ view: PlatformView
    ) throws(FoundryError) -> VolumeRecord {
        _ = try disk(of: app)
        let unmade = FoundryError(
            .conflict, "The disk of \(app.name) is not made yet.", hint: "foundry why \(app.name)")
        guard instance != nil || !view.primaries(of: app.id).isEmpty else { throw unmade }
        let member = try MemberChoice.find(app, instance, in: view) { "--instance \($0)" }
        guard let volume = member.volume.flatMap({ view.volumes[$0]?.value }), volume.isMade else { throw unmade }
        return volume
    }

    /// Whatever is written after a snapshot is written beside what it has: one day it may take as much as its volume.
    private static func requireRoom(_ volume: VolumeRecord, _ view: PlatformView) throws(FoundryError) {
        let free = view.freeDisk(on: volume.cell)
        guard volume.size <= free else {
            throw FoundryError(
                .poolFull,
                "The pool has \(free) left; a snapshot of \(volume.appName) is counted with \(volume.size).",
                hint: "foundry snapshots")
        }
    }

    private static func job(
        _ operation: JobOperation, _ record: SnapshotRecord, _ generation: Int, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: operation, app: record.app, appName: record.appName,
            generation: generation, state: .processing, createdAt: now, updatedAt: now, snapshot: record.id)
    }
}

extension SnapshotRecord {
    /// As people know it.
    var subject: String { "snapshot \(appName)/\(name)" }

    /// What its cell shall do with it.
    public var order: SnapshotOrder {
        let purpose: SnapshotPurpose =
            switch state {
            case .asked: .take
            case .taken: .keep
            case .removing: .delete
            }
        return SnapshotOrder(id: id, volume: volume, lineage: lineage, purpose: purpose)
    }
}

extension PlatformView {
    /// Oldest first.
    public func snapshots(of app: AppID) -> [SnapshotRecord] {
        snapshots.values.map(\.value).filter { $0.app == app }.sorted {
            ($0.createdAt, $0.id) < ($1.createdAt, $1.id)
        }
    }

    /// One that is still to be made from the snapshot.
    func volume(madeFrom snapshot: SnapshotID) -> VolumeRecord? {
        volumes.values.map(\.value).filter {
            $0.isBeingMade && $0.phase == .allotted && $0.source?.snapshot == snapshot
        }.min { $0.id < $1.id }
    }

    func snapshotOrders(of cell: CellID) -> [SnapshotOrder] {
        snapshots.values.map(\.value).filter { $0.cell == cell }.map(\.order).sorted { $0.id < $1.id }
    }
}
