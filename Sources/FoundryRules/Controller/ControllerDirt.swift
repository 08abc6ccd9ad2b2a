import FoundryModel

/// What has to be looked at again.
struct ControllerDirt: Sendable {
    var apps: Set<AppID> = []
    var cells: Set<CellID> = []
    /// Volumes of no app, and those whose app is gone.
    var volumes: Set<VolumeID> = []
    var snapshots: Set<SnapshotID> = []
    var services: Set<ServiceInstanceID> = []
    var jobs = false
    var history = false
    /// A wake: whatever waits for time.
    var time = false
    var all = false

    static let nothing = Self()
    static var everything: Self {
        var dirt = Self()
        dirt.all = true
        return dirt
    }

    var isEmpty: Bool {
        !all && !time && !jobs && !history && apps.isEmpty && cells.isEmpty && volumes.isEmpty && snapshots.isEmpty
            && services.isEmpty
    }

    mutating func mark(_ origin: ControllerOrigin) {
        switch origin {
        case .app(let app): apps.insert(app)
        case .cell(let cell): cells.insert(cell)
        case .snapshot(let snapshot): snapshots.insert(snapshot)
        case .service(let instance): services.insert(instance)
        case .jobs: jobs = true
        case .history: history = true
        case .cluster: all = true
        }
    }

    /// Called with the view before and after the record: both the old owner and the new one are looked at.
    mutating func mark(_ record: Record, view: PlatformView) {
        switch record {
        case .app(let app):
            apps.insert(app.id)
            jobs = true
        case .member(let member):
            mark(member, view)
            if let old = view.members[member.id]?.value { mark(old, view) }
            jobs = true
        case .volume(let volume):
            apps.insert(volume.app)
            volumes.insert(volume.id)
            if let source = volume.source { snapshots.insert(source.snapshot) }
            jobs = true
        case .route: jobs = true
        case .cell(let cell): mark(cell: cell.id, view)
        case .session(let session): mark(cell: session.cell, view)
        case .fence(let fence): mark(cell: fence.cell, view)
        case .job: jobs = true
        case .status(let status):
            if let app = view.members[status.id]?.value.app { apps.insert(app) }
            jobs = true
        case .volumeStatus(let status):
            if let app = view.volumes[status.id]?.value.app { apps.insert(app) }
        case .event: history = true
        case .cluster: all = true
        case .snapshot(let snapshot):
            snapshots.insert(snapshot.id)
            if let volume = snapshot.madeFor { volumes.insert(volume) }
            jobs = true
        case .instance(let instance):
            services.insert(instance.id)
            apps.insert(instance.workload)
        case .binding(let binding):
            services.insert(binding.instance)
            if let app = binding.app { apps.insert(app) }
            jobs = true
        case .release: jobs = true
        case .term, .beat, .token, .logDrain, .brokerCredential, .names: break
        }
    }

    mutating func mark(removed key: String, view: PlatformView) {
        guard let kind = RecordKind.allCases.first(where: { key.hasPrefix($0.prefix) }) else { return }
        let id = String(key.dropFirst(kind.prefix.count))
        switch kind {
        case .app:
            AppID(id).map { app in
                apps.insert(app)
                services.formUnion(view.bindings(to: app).map(\.instance))
            }
        case .member: MemberID(id).flatMap { view.members[$0]?.value }.map { mark($0, view) }
        case .volume: VolumeID(id).flatMap { view.volumes[$0]?.value.app }.map { _ = apps.insert($0) }
        case .cell, .session: CellID(id).map { mark(cell: $0, view) }
        case .fence: FenceID(id).flatMap { view.fences[$0]?.value.cell }.map { mark(cell: $0, view) }
        case .cluster: all = true
        case .snapshot:
            SnapshotID(id).flatMap { view.snapshots[$0]?.value.madeFor }.map { _ = volumes.insert($0) }
        case .binding:
            BindingID(id).flatMap { view.bindings[$0]?.value.instance }.map { _ = services.insert($0) }
        case .route, .job, .status, .volumeStatus, .event, .term, .beat, .token, .logDrain, .release, .instance,
            .brokerCredential, .names:
            break
        }
        jobs = true
    }

    private mutating func mark(_ member: MemberRecord, _ view: PlatformView) {
        apps.insert(member.app)
        cells.insert(member.cell)
    }

    private mutating func mark(cell: CellID, _ view: PlatformView) {
        cells.insert(cell)
        apps.formUnion(view.apps(on: cell))
    }
}

extension PlatformView {
    /// Those with a member or a volume there.
    func apps(on cell: CellID) -> Set<AppID> {
        var apps: Set<AppID> = []
        for member in index.members(on: cell) { if let app = members[member]?.value.app { apps.insert(app) } }
        for volume in index.volumes(on: cell) { if let app = volumes[volume]?.value.app { apps.insert(app) } }
        return apps
    }
}
