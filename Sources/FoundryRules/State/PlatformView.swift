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
    private var eventRevisions: [EventID: Int64] = [:]
    public private(set) var sessions: [CellID: Revised<SessionRecord>] = [:]
    public private(set) var fences: [FenceID: Revised<FenceRecord>] = [:]
    public private(set) var cluster: Revised<ClusterRecord>?
    public private(set) var term: Revised<TermRecord>?
    public private(set) var beat: Revised<BeatRecord>?
    public private(set) var tokens: [TokenName: Revised<TokenRecord>] = [:]
    public private(set) var logDrains: [LogDrainID: Revised<LogDrainRecord>] = [:]
    public private(set) var snapshots: [SnapshotID: Revised<SnapshotRecord>] = [:]
    public private(set) var releases: [ReleaseID: Revised<ReleaseRecord>] = [:]
    public private(set) var instances: [ServiceInstanceID: Revised<ServiceInstanceRecord>] = [:]
    public private(set) var bindings: [BindingID: Revised<BindingRecord>] = [:]
    public private(set) var brokerCredentials: [TokenName: Revised<BrokerCredentialRecord>] = [:]
    public private(set) var names: Revised<NamesRecord>?
    public private(set) var revision: Int64 = 0
    public private(set) var index = PlatformIndex()

    public init() {}

    public mutating func put(_ record: Record, revision: Int64) {
        self.revision = max(self.revision, revision)
        switch record {
        case .app(let app): apps[app.id] = Revised(app, revision: revision)
        case .member(let member):
            index.replace(members[member.id]?.value, by: member)
            members[member.id] = Revised(member, revision: revision)
        case .volume(let volume):
            index.replace(volumes[volume.id]?.value, by: volume)
            volumes[volume.id] = Revised(volume, revision: revision)
        case .route(let route):
            index.replace(routes[record.key]?.value, by: route)
            routes[record.key] = Revised(route, revision: revision)
        case .cell(let cell): cells[cell.id] = Revised(cell, revision: revision)
        case .job(let job): jobs[job.id] = Revised(job, revision: revision)
        case .status(let status): statuses[status.id] = Revised(status, revision: revision)
        case .volumeStatus(let status):
            index.replace(volumeStatuses[status.id]?.value, by: status)
            volumeStatuses[status.id] = Revised(status, revision: revision)
        case .session(let session): sessions[session.cell] = Revised(session, revision: revision)
        case .fence(let fence): fences[fence.id] = Revised(fence, revision: revision)
        case .cluster(let cluster): self.cluster = Revised(cluster, revision: revision)
        case .term(let term): self.term = Revised(term, revision: revision)
        case .beat(let beat): self.beat = Revised(beat, revision: revision)
        case .token(let token): tokens[token.name] = Revised(token, revision: revision)
        case .logDrain(let drain): logDrains[drain.id] = Revised(drain, revision: revision)
        case .snapshot(let snapshot): snapshots[snapshot.id] = Revised(snapshot, revision: revision)
        case .release(let release): releases[release.id] = Revised(release, revision: revision)
        case .instance(let instance): instances[instance.id] = Revised(instance, revision: revision)
        case .binding(let binding):
            index.replace(bindings[binding.id]?.value, by: binding)
            bindings[binding.id] = Revised(binding, revision: revision)
        case .brokerCredential(let credential):
            brokerCredentials[credential.name] = Revised(credential, revision: revision)
        case .names(let names): self.names = Revised(names, revision: revision)
        case .event(let event):
            insert(event)
            eventRevisions[event.id] = revision
        }
    }

    public mutating func remove(key: String, revision: Int64) {
        self.revision = max(self.revision, revision)
        guard let kind = RecordKind.allCases.first(where: { key.hasPrefix($0.prefix) }) else { return }
        let id = String(key.dropFirst(kind.prefix.count))
        switch kind {
        case .app: AppID(id).map { apps[$0] = nil }
        case .member:
            guard let member = MemberID(id).flatMap({ members.removeValue(forKey: $0) }) else { return }
            index.replace(member.value, by: nil)
        case .volume:
            guard let volume = VolumeID(id).flatMap({ volumes.removeValue(forKey: $0) }) else { return }
            index.replace(volume.value, by: nil)
        case .route:
            guard let route = routes.removeValue(forKey: key) else { return }
            index.replace(route.value, by: nil)
        case .cell: CellID(id).map { cells[$0] = nil }
        case .job: JobID(id).map { jobs[$0] = nil }
        case .status: MemberID(id).map { statuses[$0] = nil }
        case .volumeStatus:
            guard let status = VolumeID(id).flatMap({ volumeStatuses.removeValue(forKey: $0) }) else { return }
            index.replace(status.value, by: nil)
        case .session: CellID(id).map { sessions[$0] = nil }
        case .fence: FenceID(id).map { fences[$0] = nil }
        case .event:
            events.removeAll { $0.id.description == id }
            EventID(id).map { eventRevisions[$0] = nil }
        case .cluster: cluster = nil
        case .term: term = nil
        case .beat: beat = nil
        case .token: TokenName(id).map { tokens[$0] = nil }
        case .logDrain: LogDrainID(id).map { logDrains[$0] = nil }
        case .snapshot: SnapshotID(id).map { snapshots[$0] = nil }
        case .release: ReleaseID(id).map { releases[$0] = nil }
        case .instance: ServiceInstanceID(id).map { instances[$0] = nil }
        case .binding:
            guard let binding = BindingID(id).flatMap({ bindings.removeValue(forKey: $0) }) else { return }
            index.replace(binding.value, by: nil)
        case .brokerCredential: TokenName(id).map { brokerCredentials[$0] = nil }
        case .names: names = nil
        }
    }

    public func app(named name: AppName) -> Revised<AppRecord>? { apps.values.first { $0.value.name == name } }

    /// Sorted by index.
    public func members(of app: AppID) -> [MemberRecord] { memberRecords(of: app).map(\.value) }

    /// Sorted by index, each with the revision that a change of it compares.
    public func memberRecords(of app: AppID) -> [Revised<MemberRecord>] {
        index.members(of: app).compactMap { members[$0] }.sorted {
            ($0.value.index, $0.value.id) < ($1.value.index, $1.value.id)
        }
    }

    /// The cell follows orders of at least this revision, and of this history of the store: that of orders from before it was restored says nothing.
    func isFollowed(_ revision: Int64, by report: CellReport) -> Bool {
        guard let followed = report.ordersRevision else { return false }
        return followed >= revision && (report.ordersTerm ?? Term(0)).generation >= switches.generation
    }

    /// At which an event was written; 0 for one that is not kept.
    public func revision(of event: EventID) -> Int64 { eventRevisions[event] ?? 0 }

    /// Sorted by id: those of its members, and those that nobody holds any more.
    public func volumes(of app: AppID) -> [VolumeRecord] {
        index.volumes(of: app).compactMap { volumes[$0]?.value }.sorted { $0.id < $1.id }
    }

    /// The member that has the volume.
    public func member(with volume: VolumeID) -> MemberRecord? {
        index.member(with: volume).flatMap { members[$0]?.value }
    }

    public func route(of app: AppID) -> RouteRecord? { index.route(of: app).flatMap { routes[$0]?.value } }

    public func route(_ scope: RouteScope, _ port: Int) -> RouteRecord? {
        routes[RecordKind.route.key("\(scope.rawValue)/\(port)")]?.value
    }

    /// The cluster's switches; as they are before anybody touched them where there is no record.
    public var switches: ClusterRecord { cluster?.value ?? ClusterRecord() }

    /// Of the life that answers under a cell's name now, as far as it is known.
    func incarnation(of cell: CellID) -> IncarnationID? {
        sessions[cell]?.value.incarnation ?? cells[cell]?.value.incarnation
    }

    /// Another life answers under a cell's name than the one that a copy was put on.
    func isReplaced(_ incarnation: IncarnationID?, on cell: CellID) -> Bool {
        ![nil, incarnation].contains(self.incarnation(of: cell)) && incarnation != nil
    }

    /// The fence that is in force against an incarnation of a cell.
    public func openFence(of cell: CellID, _ incarnation: IncarnationID?) -> Revised<FenceRecord>? {
        fences.values.first { $0.value.cell == cell && $0.value.incarnation == incarnation && $0.value.state == .open }
    }

    /// Why a volume does not serve. One that is not on its cell is spoken of by its member alone.
    public func refusal(of volume: VolumeID) -> FoundryError? {
        if let refusal = volumeStatuses[volume]?.value.refusal { return refusal }
        guard let holder = member(with: volume), case .refused(let error)? = statuses[holder.id]?.value.phase else {
            return nil
        }
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
