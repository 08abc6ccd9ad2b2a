import FoundryModel

/// What an app's disk shall be again.
public enum RewindTarget: Hashable, Sendable {
    /// As it was when this was taken.
    case snapshot(SnapshotID)
    /// What it was before it was rewound: a copy that was kept.
    case copy(VolumeID)
}

/// What a rewind would do: one store transaction.
public struct RewindPlan: Sendable {
    public var app: AppRecord
    /// That the app will have: made from the snapshot, or brought back.
    public var volume: VolumeRecord
    /// That it has until then, and that is kept.
    public var replaced: VolumeID
    public var job: JobRecord
    /// It is on its way already, or done.
    public var isUnchanged: Bool
    public var writes: [RecordWrite]
    public static let transactionName = "app.rewind"
}

/// Brings an app's disk back to what it was. What it is now is kept beside it, and never deleted for this.
public enum RewindRule {
    /// - Parameter insteadOf: the volume that the asker believes the app has; asked again after it was rewound, this says so. nil: whatever it has.
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `snapshot_not_found`, `volume_not_found`; `conflict` when that is not of the disk that the app has, or not to be had yet, or while the
    ///   app goes back to something else; `pool_full`; `app_busy` while a change goes through its members, and when it is being deleted.
    public static func plan(
        _ app: Revised<AppRecord>, to target: RewindTarget, insteadOf: VolumeID?, by actor: String,
        view: PlatformView, configuration: PlatformConfiguration, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RewindPlan {
        try app.value.refuseDeleted()
        // One member's disk of another time would be foreign to the others.
        if app.value.spec.service?.cluster != nil {
            throw app.value.serviceRefusal(
                "rewound", hint: "its members know each other: restore it by its own means")
        }
        try SnapshotRule.requireOneMachine(configuration)
        try refuseRollout(app.value)
        _ = try SnapshotRule.disk(of: app.value)
        if let underway = view.replacement(of: app.value.id) {
            guard leads(underway, to: target), let replaced = underway.replaces else {
                throw FoundryError(
                    .conflict, "\(app.value.name) goes back to something else already.",
                    hint: "foundry why \(app.value.name)")
            }
            return unchanged(app.value, underway, replaced, now, &generator)
        }
        let origin = try origin(of: target, app.value, view)
        guard let current = view.current(of: app.value.id, origin.lineage), current.isMade else {
            throw FoundryError(
                .conflict, "\(app.value.name) has no disk that came of that one.",
                hint: "foundry volumes")
        }
        if let insteadOf, insteadOf != current.id {
            guard leads(current, to: target) else {
                throw FoundryError(
                    .conflict, "\(app.value.name) has another disk by now than the one that was meant.",
                    hint: "foundry app \(app.value.name)")
            }
            return unchanged(app.value, current, insteadOf, now, &generator)
        }
        return try begin(app, origin, current, by: actor, view, now, &generator)
    }

    private enum Origin {
        case snapshot(Revised<SnapshotRecord>)
        case copy(Revised<VolumeRecord>, VolumeLabel)

        var lineage: LineageID {
            switch self {
            case .snapshot(let snapshot): snapshot.value.lineage
            case .copy(let copy, _): copy.value.lineage
            }
        }
    }

    private static func begin(
        _ app: Revised<AppRecord>, _ origin: Origin, _ current: VolumeRecord, by actor: String,
        _ view: PlatformView, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RewindPlan {
        var writes = [RecordWrite.unchanged(app)]
        var volume: VolumeRecord
        let words: String
        switch origin {
        case .snapshot(let snapshot):
            try requireRoom(current.size, beside: current, view)
            volume = VolumeRecord(
                id: .random(using: &generator), app: app.value.id, appName: app.value.name, index: current.index,
                cell: snapshot.value.cell, size: current.size, directories: current.directories,
                lineage: current.lineage,
                branch: view.newestBranch(of: current) + 1, epoch: .none, sealedAt: .none, isMade: false,
                phase: .allotted, createdAt: now, incarnation: current.incarnation,
                source: SnapshotSource(snapshot: snapshot.value.id, app: app.value.id), replaces: current.id)
            writes += [SnapshotRule.unchanged(snapshot), .put(.volume(volume), expects: .absent)]
            words = "goes back to snapshot \(snapshot.value.name)"
        case .copy(let copy, let label):
            // It is to be as large as the app's disk is by now.
            try requireRoom(max(current.size - copy.value.size, .zero), beside: current, view)
            volume = copy.value
            volume.sealedAt = label.epoch
            volume.replaces = current.id
            writes.append(.put(.volume(volume), expects: .revision(copy.revision)))
            words = "goes back to its disk \(volume.id.short), which was kept"
        }
        let job = job(app.value, volume, now, &generator)
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: .appRewound, app: app.value.id,
            subject: app.value.name.description, message: words, actor: actor)
        writes += [.put(.job(job), expects: .absent), .put(.event(event), expects: .absent)]
        return RewindPlan(
            app: app.value, volume: volume, replaced: current.id, job: job, isUnchanged: false, writes: writes)
    }

    private static func origin(
        of target: RewindTarget, _ app: AppRecord, _ view: PlatformView
    ) throws(FoundryError) -> Origin {
        switch target {
        case .snapshot(let id): return .snapshot(try SnapshotRule.taken(id, of: app, view))
        case .copy(let id):
            guard let copy = view.volumes[id], copy.value.app == app.id else {
                throw FoundryError(.volumeNotFound, "\(app.name) has no volume '\(id)'.", hint: "foundry volumes")
            }
            try OperatorVerbs.refuseUnforked(copy.value)
            return .copy(copy, try OperatorVerbs.sealedLabel(of: copy.value, view))
        }
    }

    private static func refuseRollout(_ app: AppRecord) throws(FoundryError) {
        guard app.rollout != nil else { return }
        throw FoundryError(
            .appBusy, "A change of \(app.name) goes through its members.", hint: "foundry why \(app.name)")
    }

    private static func leads(_ volume: VolumeRecord, to target: RewindTarget) -> Bool {
        switch target {
        case .snapshot(let id): volume.source?.snapshot == id
        case .copy(let id): volume.id == id
        }
    }

    /// What it has now is kept, so both are there.
    private static func requireRoom(
        _ size: ByteCount, beside current: VolumeRecord, _ view: PlatformView
    ) throws(FoundryError) {
        let free = view.freeDisk(on: current.cell)
        guard size <= free else {
            throw FoundryError(
                .poolFull,
                "The pool has \(free) left; \(current.appName) needs \(size) beside its disk, which is kept.",
                hint: "foundry volumes")
        }
    }

    private static func unchanged(
        _ app: AppRecord, _ volume: VolumeRecord, _ replaced: VolumeID, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> RewindPlan {
        let job = job(app, volume, now, &generator)
        return RewindPlan(
            app: app, volume: volume, replaced: replaced, job: job, isUnchanged: true,
            writes: [.put(.job(job), expects: .absent)])
    }

    private static func job(
        _ app: AppRecord, _ volume: VolumeRecord, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: .rewind, app: app.id, appName: app.name,
            generation: app.generation, state: .processing, createdAt: now, updatedAt: now, volume: volume.id)
    }
}

extension PlatformView {
    /// The volume that is to take the place of one of the app's.
    func replacement(of app: AppID) -> VolumeRecord? { volumes(of: app).first { $0.replaces != nil } }

    /// The volume of this lineage that one of the app's members has.
    func current(of app: AppID, _ lineage: LineageID) -> VolumeRecord? {
        members(of: app).lazy.compactMap { $0.volume.flatMap { volumes[$0]?.value } }.first { $0.lineage == lineage }
    }

    /// Above every one that is known of its lineage: a fork may have been taken back since.
    func newestBranch(of volume: VolumeRecord) -> Int {
        volumes(of: volume.app).filter { $0.lineage == volume.lineage }.map(\.branch).reduce(volume.branch, max)
    }

    /// What a cell's pool has left; nothing of one that is not known.
    func freeDisk(on cell: CellID) -> ByteCount { max(Fleet(self).free(on: cell)?.disk ?? .zero, .zero) }
}
