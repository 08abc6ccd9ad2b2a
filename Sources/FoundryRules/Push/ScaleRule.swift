import FoundryModel

/// How many members an app shall have, and how much room each; nil: as now.
public struct ScaleRequest: Hashable, Sendable {
    public var instances: Int?
    public var memory: ByteCount?
    public var cpu: Millicores?
    public var disk: ByteCount?
    /// Its members may be restarted for it.
    public var restarts = false

    /// Of texts as `push` takes them: "2G", "0.5", "20G".
    ///
    /// - Throws: `size_invalid`.
    public init(
        instances: Int? = nil, memory: String?, cpu: String?, disk: String?, restarts: Bool
    ) throws(FoundryError) {
        self.restarts = restarts
        if let instances { self.instances = try SpecRule.instances(instances) }
        if let memory { self.memory = try SpecRule.size(memory, "memory", SpecRule.memoryLimits) }
        if let cpu { self.cpu = try SpecRule.cpu(cpu) }
        if let disk { self.disk = try SpecRule.size(disk, "disk", SpecRule.diskLimits) }
    }
}

extension AppVerbs {
    /// Memory and processor time change while the members run; a disk grows while it is used, where the kernel can do that. Of fewer members the last are
    /// stopped, and their disks are kept for the grace period: a member of the same number gets it again.
    ///
    /// - Parameter used: of memory, by the member that uses most; nil: not known.
    /// - Throws: `size_invalid`; `app_busy` when it is being deleted, or while a change goes through its members or it is rewound; `conflict` for a smaller disk, or none,
    ///   for less memory than is used, and for a restart that nobody asked for; `capacity_short`, `pool_full` when a cell has no room for it.
    public static func scale(
        _ app: Revised<AppRecord>, _ request: ScaleRequest, used: ByteCount?, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VerbPlan {
        try app.value.refuseService("scaled", hint: "foundry update-service \(app.value.name)")
        try app.value.refuseDeleted()
        try refuseChanging(app.value)
        guard request.memory != nil || request.cpu != nil || request.disk != nil || request.instances != nil else {
            throw FoundryError(
                .sizeInvalid, "Nothing is said of what \(app.value.name) shall have.",
                hint: "--instances 3, --memory 2G, --cpu 2, --disk 20G")
        }
        var next = app.value
        try setLimits(&next, request, used: used)
        try setInstances(&next, request, view)
        try setDisk(&next, request.disk)
        let growth = VolumeGrowth(of: app.value.id, to: request.disk ?? .zero, view: view)
        guard next.spec != app.value.spec || !growth.volumes.isEmpty else {
            return unchanged(app.value, .scale, now, &generator)
        }
        try noteRestart(&next, growth.volumes, request, view)
        try requireRoom(app.value, next, growth, view, &generator)
        let words = [
            request.instances.map { $0 == 1 ? "1 instance" : "\($0) instances" },
            request.memory.map { "\($0) of memory" }, request.cpu.map { "\($0) cores" },
            request.disk.map { "\($0) of disk" },
        ]
        var plan = changed(
            app, next, .scale, .appScaled, "shall have " + words.compactMap { $0 }.joined(separator: ", "), now,
            &generator)
        plan.writes += growth.writes
        // They are restarted with the others.
        if next.generation != app.value.generation { plan.writes += unpinned(view.memberRecords(of: next.id)) }
        return plan
    }

    private static func refuseChanging(_ app: AppRecord) throws(FoundryError) {
        guard app.rollout == nil else {
            throw FoundryError(
                .appBusy, "A change of \(app.name) goes through its members.", hint: "foundry why \(app.name)")
        }
    }

    private static func setLimits(
        _ app: inout AppRecord, _ request: ScaleRequest, used: ByteCount?
    ) throws(FoundryError) {
        if let memory = request.memory {
            if let used, app.desired == .started, memory < used {
                throw FoundryError(
                    .conflict, "\(app.name) uses \(used) of memory now, more than \(memory).",
                    hint: "foundry stop \(app.name), or more --memory")
            }
            app.spec.memory = memory
        }
        if let cpu = request.cpu { app.spec.cpu = cpu }
    }

    /// Several instances know nothing of each other; replicas follow one primary.
    static func refuseReplicas(_ app: AppRecord) throws(FoundryError) {
        guard app.spec.recovery.replicas > 0 else { return }
        throw FoundryError(
            .conflict, "\(app.name) has replicas, which follow its one primary.", hint: "foundry app \(app.name)")
    }

    private static func setInstances(
        _ app: inout AppRecord, _ request: ScaleRequest, _ view: PlatformView
    ) throws(FoundryError) {
        guard let instances = request.instances, instances != app.spec.instances else { return }
        try refuseReplicas(app)
        guard view.replacement(of: app.id) == nil else {
            throw FoundryError(
                .appBusy, "\(app.name) is on its way back to another disk.", hint: "foundry why \(app.name)")
        }
        app.spec.instances = instances
    }

    private static func setDisk(_ app: inout AppRecord, _ size: ByteCount?) throws(FoundryError) {
        guard let size else { return }
        guard let disk = app.spec.disk else {
            throw FoundryError(
                .conflict, "\(app.name) has no disk that could grow.", hint: "foundry push IMAGE --disk SIZE")
        }
        guard size >= disk.size else {
            throw FoundryError(
                .conflict, "The disk of \(app.name) has \(disk.size) and cannot become smaller.",
                hint: "--disk \(disk.size) or more")
        }
        app.spec.disk?.size = size
    }

    /// Where the kernel lets a volume grow only while nothing uses it, its members are restarted; not unless that was asked for.
    private static func noteRestart(
        _ app: inout AppRecord, _ volumes: [Revised<VolumeRecord>], _ request: ScaleRequest, _ view: PlatformView
    ) throws(FoundryError) {
        let cell = volumes.map(\.value.cell).first { view.cells[$0]?.value.growsAtRest == true }
        guard let cell, app.desired == .started else { return }
        guard request.restarts else {
            throw FoundryError(
                .conflict,
                "The kernel of cell \(cell.short) lets a disk grow only while nothing uses it: \(app.name) would be restarted.",
                hint: "the same with --restart")
        }
        app.generation += 1
    }

    /// What comes to each cell must be free there, and what more members need somewhere.
    static func requireRoom(
        _ app: AppRecord, _ next: AppRecord, _ growth: VolumeGrowth, _ view: PlatformView,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) {
        try requireRoom(app, next.spec, growth.volumes, growth.size, view)
        guard next.spec.instances > app.spec.instances else { return }
        try InstanceRoom(growth.done(in: view)).require(next, using: &generator)
    }

    private static func requireRoom(
        _ app: AppRecord, _ spec: WorkloadSpec, _ volumes: [Revised<VolumeRecord>], _ size: ByteCount,
        _ view: PlatformView
    ) throws(FoundryError) {
        let fleet = Fleet(view)
        for cell in Set(view.members(of: app.id).map(\.cell)).sorted() {
            guard let free = fleet.free(on: cell) else { continue }
            let members = view.members(of: app.id).count { $0.cell == cell }
            let memory = Int64(members) * (spec.memory.bytes - app.spec.memory.bytes)
            guard memory <= max(0, free.memory.bytes) else {
                throw FoundryError(
                    .capacityShort,
                    "Cell \(cell.short) has \(ByteCount(bytes: max(0, free.memory.bytes))) of memory left; \(app.name) would need \(ByteCount(bytes: memory)) more.",
                    hint: "foundry apps")
            }
            let disk = volumes.filter { $0.value.cell == cell }.reduce(Int64(0)) {
                $0 + size.bytes - $1.value.size.bytes
            }
            guard disk <= max(0, free.disk.bytes) else {
                throw FoundryError(
                    .poolFull,
                    "The pool of cell \(cell.short) has \(ByteCount(bytes: max(0, free.disk.bytes))) left; \(app.name) would need \(ByteCount(bytes: disk)) more.",
                    hint: "foundry volumes")
            }
        }
    }
}
