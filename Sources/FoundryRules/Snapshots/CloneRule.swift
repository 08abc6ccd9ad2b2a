import FoundryModel

/// A clone as it is asked for.
public struct CloneRequest: Hashable, Sendable {
    /// Of the new app.
    public var name: String
    /// Of the source app; nil: one is taken for it, and removed after.
    public var snapshot: SnapshotID?
    /// The number of the member that it is a clone of; nil: of the snapshot's, or of the only one.
    public var instance: Int?
    /// Of its route; nil: the lowest free one.
    public var port: Int?

    public init(name: String, snapshot: SnapshotID? = nil, instance: Int? = nil, port: Int? = nil) {
        self.name = name
        self.snapshot = snapshot
        self.instance = instance
        self.port = port
    }
}

/// What a clone would do: one store transaction.
public struct ClonePlan: Sendable {
    public var app: AppRecord
    public var route: RouteRecord?
    public var volume: VolumeRecord
    public var job: JobRecord
    /// There is such a clone already.
    public var isUnchanged: Bool
    public var writes: [RecordWrite]
    public static let transactionName = "app.clone"
}

/// A new app of one member with the specification of another one, whose disk begins as a snapshot of that one's.
public enum CloneRule {
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `name_invalid`, `name_taken`, `app_busy`; `snapshot_not_found`; `conflict` when there is nothing to clone, or no such snapshot yet;
    ///   `capacity_short`, `pool_full`, those of ports, and for a snapshot of its own those of `SnapshotRule.take`.
    public static func plan(
        _ source: Revised<AppRecord>, _ request: CloneRequest, by actor: String, view: PlatformView,
        configuration: PlatformConfiguration, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ClonePlan {
        try source.value.refuseService("cloned", hint: "`foundry create-service OFFERING PLAN NAME` makes an empty one")
        try source.value.refuseDeleted()
        try SnapshotRule.requireOneMachine(configuration)
        guard let name = AppName(request.name) else {
            throw FoundryError(
                .nameInvalid,
                "'\(request.name.prefix(80))' is not a name: a-z, 0-9 and hyphens, beginning with a letter, at most 63.",
                hint: "a name such as \(source.value.name)-copy")
        }
        if let existing = view.app(named: name) {
            return try unchanged(existing.value, source.value, request, view, now, &generator)
        }
        let disk = try SnapshotRule.disk(of: source.value)
        let id = VolumeID.random(using: &generator)
        let origin = try origin(source, request, for: id, by: actor, view, configuration, now, &generator)
        let choice = try choose(source.value, disk, origin, view)
        var spec = source.value.spec
        spec.instances = 1
        let app = AppRecord(
            id: .random(using: &generator), name: name, spec: spec, desired: .started, generation: 1,
            createdAt: now, updatedAt: now, placements: 1)
        let volume = VolumeRecord(
            id: id, app: app.id, appName: name, cell: choice.cell, size: disk.size, directories: disk.directories,
            lineage: .random(using: &generator), branch: 1, epoch: .none, sealedAt: .none, isMade: false,
            phase: .allotted, createdAt: now, incarnation: view.incarnation(of: choice.cell),
            source: SnapshotSource(snapshot: origin.snapshot.id, app: source.value.id))
        let member = MemberRecord(
            id: .random(using: &generator), app: app.id, index: 0, cell: choice.cell, slot: choice.slot,
            volume: volume.id)
        let route = try route(of: app, like: source.value, request, view, configuration, now, &generator)
        let job = job(app, volume, now, &generator)
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: .appCloned, app: app.id, subject: name.description,
            message: "is cloned from \(origin.snapshot.appName), snapshot \(origin.snapshot.name)", actor: actor)
        var writes: [RecordWrite] = [
            NameRule.given(view), .put(.app(app), expects: .absent), .put(.volume(volume), expects: .absent),
            .put(.member(member), expects: .absent), .put(.job(job), expects: .absent),
            .put(.event(event), expects: .absent),
        ]
        if let route { writes.append(.put(.route(route), expects: .absent)) }
        return ClonePlan(
            app: app, route: route, volume: volume, job: job, isUnchanged: false, writes: writes + origin.writes)
    }

    /// The snapshot that it begins as, and what must be true of that for it.
    private struct Origin {
        var snapshot: SnapshotRecord
        var writes: [RecordWrite]
        /// Of the pool, for the snapshot itself.
        var takes = ByteCount.zero
    }

    private static func origin(
        _ source: Revised<AppRecord>, _ request: CloneRequest, for volume: VolumeID, by actor: String,
        _ view: PlatformView, _ configuration: PlatformConfiguration, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> Origin {
        if let id = request.snapshot {
            guard request.instance == nil else {
                throw FoundryError(
                    .badRequest, "A snapshot is of one instance, so no other can be meant.",
                    hint: "a snapshot, or --instance NUMBER")
            }
            let snapshot = try SnapshotRule.taken(id, of: source.value, view)
            return Origin(snapshot: snapshot.value, writes: [SnapshotRule.unchanged(snapshot)])
        }
        var plan = try SnapshotRule.take(
            source, name: nil, instance: request.instance, by: actor, view: view, configuration: configuration,
            now: now, using: &generator)
        plan.record.madeFor = volume
        let check = RecordWrite.unchanged(source)
        return Origin(
            snapshot: plan.record, writes: [check, .put(.snapshot(plan.record), expects: .absent)],
            takes: plan.record.size)
    }

    /// A snapshot is counted whole, and so is what is made from it.
    private static func choose(
        _ source: AppRecord, _ disk: DiskSpec, _ origin: Origin, _ view: PlatformView
    ) throws(FoundryError) -> Placement.Choice {
        let free = view.freeDisk(on: origin.snapshot.cell)
        guard disk.size + origin.takes <= free else {
            let own = origin.takes > .zero ? ", and \(origin.takes) for its snapshot until it is made" : ""
            throw FoundryError(
                .poolFull, "The pool has \(free) left; a clone of \(source.name) needs \(disk.size)\(own).",
                hint: "foundry volumes")
        }
        let choice = try Placement.choose(memory: source.spec.memory, disk: disk.size + origin.takes, view: view)
        guard choice.cell == origin.snapshot.cell else {
            throw FoundryError(
                .conflict, "The snapshot lies on cell \(origin.snapshot.cell), where there is no room for a clone.",
                hint: "foundry volumes")
        }
        return choice
    }

    private static func route(
        of app: AppRecord, like source: AppRecord, _ request: CloneRequest, _ view: PlatformView,
        _ configuration: PlatformConfiguration, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RouteRecord? {
        guard let existing = view.route(of: source.id) else {
            guard request.port == nil else {
                throw FoundryError(
                    .portInvalid, "\(source.name) has no route, so its clone has none either.",
                    hint: "foundry app \(source.name)")
            }
            return nil
        }
        let port = try PortRule.choose(
            request.port, scope: existing.scope, view: view, configuration: configuration.routes)
        return RouteRecord(
            id: .random(using: &generator), app: app.id, scope: existing.scope, port: port,
            targetPort: existing.targetPort, createdAt: now)
    }

    /// The same clone again changes nothing; anything else of that name is refused.
    private static func unchanged(
        _ app: AppRecord, _ source: AppRecord, _ request: CloneRequest, _ view: PlatformView, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> ClonePlan {
        if case .deleted = app.desired {
            throw FoundryError(
                .appBusy, "\(app.name) is being deleted; its name is free in a moment.", hint: "foundry app \(app.name)"
            )
        }
        let route = view.route(of: app.id)
        let volume = view.primaries(of: app.id).first?.volume.flatMap { view.volumes[$0]?.value }
        guard let volume, let origin = volume.source, origin.app == source.id,
            request.snapshot == nil || request.snapshot == origin.snapshot,
            request.port == nil || request.port == route?.port
        else {
            throw FoundryError(
                .nameTaken, "App with the name '\(app.name)' already exists, and it is not this clone.",
                hint: "another name, or `foundry delete \(app.name)` first")
        }
        let job = job(app, volume, now, &generator)
        return ClonePlan(
            app: app, route: route, volume: volume, job: job, isUnchanged: true,
            writes: [.put(.job(job), expects: .absent)])
    }

    private static func job(
        _ app: AppRecord, _ volume: VolumeRecord, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: .clone, app: app.id, appName: app.name,
            generation: app.generation, state: .processing, createdAt: now, updatedAt: now,
            snapshot: volume.source?.snapshot, volume: volume.id)
    }
}

extension DiskSpec {
    /// Those that are made below the data directory of its volume.
    var directories: [String] { mounts.map(\.directory).filter { !$0.isEmpty } }
}
