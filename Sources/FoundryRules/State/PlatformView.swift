import FoundryModel

/// All records, as one reader of the store's watch sees them at one revision.
public struct PlatformView: Sendable, Equatable {
    public private(set) var apps: [AppID: Revised<AppRecord>] = [:]
    public private(set) var members: [MemberID: Revised<MemberRecord>] = [:]
    public private(set) var volumes: [VolumeID: Revised<VolumeRecord>] = [:]
    /// By key.
    public private(set) var routes: [String: Revised<RouteRecord>] = [:]
    public private(set) var cells: [CellID: Revised<CellRecord>] = [:]
    public private(set) var jobs: [JobID: Revised<JobRecord>] = [:]
    public private(set) var statuses: [MemberID: Revised<MemberStatus>] = [:]
    public private(set) var volumeStatuses: [VolumeID: Revised<VolumeStatus>] = [:]
    /// Oldest first.
    public private(set) var events: [EventRecord] = []
    public private(set) var term: Revised<TermRecord>?
    public private(set) var revision: Int64 = 0

    public init() {}

    public mutating func put(_ record: Record, revision: Int64) {
        self.revision = max(self.revision, revision)
        switch record {
        case .app(let app): apps[app.id] = Revised(app, revision: revision)
        case .member(let member): members[member.id] = Revised(member, revision: revision)
        case .volume(let volume): volumes[volume.id] = Revised(volume, revision: revision)
        case .route(let route): routes[record.key] = Revised(route, revision: revision)
        case .cell(let cell): cells[cell.id] = Revised(cell, revision: revision)
        case .job(let job): jobs[job.id] = Revised(job, revision: revision)
        case .status(let status): statuses[status.id] = Revised(status, revision: revision)
        case .volumeStatus(let status): volumeStatuses[status.id] = Revised(status, revision: revision)
        case .term(let term): self.term = Revised(term, revision: revision)
        case .event(let event): insert(event)
        }
    }

    public mutating func remove(key: String, revision: Int64) {
        self.revision = max(self.revision, revision)
        guard let kind = RecordKind.allCases.first(where: { key.hasPrefix($0.prefix) }) else { return }
        let id = String(key.dropFirst(kind.prefix.count))
        switch kind {
        case .app: AppID(id).map { apps[$0] = nil }
        case .member: MemberID(id).map { members[$0] = nil }
        case .volume: VolumeID(id).map { volumes[$0] = nil }
        case .route: routes[key] = nil
        case .cell: CellID(id).map { cells[$0] = nil }
        case .job: JobID(id).map { jobs[$0] = nil }
        case .status: MemberID(id).map { statuses[$0] = nil }
        case .volumeStatus: VolumeID(id).map { volumeStatuses[$0] = nil }
        case .event: events.removeAll { $0.id.description == id }
        case .term: term = nil
        }
    }

    public func app(named name: AppName) -> Revised<AppRecord>? { apps.values.first { $0.value.name == name } }

    /// Sorted by index.
    public func members(of app: AppID) -> [MemberRecord] {
        members.values.map(\.value).filter { $0.app == app }.sorted { $0.index < $1.index }
    }

    public func route(of app: AppID) -> RouteRecord? { routes.values.first { $0.value.app == app }?.value }

    public func route(_ scope: RouteScope, _ port: Int) -> RouteRecord? {
        routes[RecordKind.route.key("\(scope.rawValue)/\(port)")]?.value
    }

    /// Why a volume does not serve. One that is not on its cell is spoken of by its member alone.
    public func refusal(of volume: VolumeID) -> FoundryError? {
        if let refusal = volumeStatuses[volume]?.value.refusal { return refusal }
        let holder = members.values.first { $0.value.volume == volume }
        guard let holder, case .refused(let error)? = statuses[holder.value.id]?.value.phase else { return nil }
        return error
    }

    /// `demo/0`
    public func name(of member: MemberRecord) -> String {
        "\(apps[member.app].map { $0.value.name.description } ?? member.app.short)/\(member.index)"
    }

    private mutating func insert(_ event: EventRecord) {
        let index = events.lastIndex { ($0.time, $0.id) < (event.time, event.id) }.map { $0 + 1 } ?? 0
        if events.indices.contains(index), events[index].id == event.id { return }
        events.insert(event, at: index)
    }
}
