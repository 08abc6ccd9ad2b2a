/// Anything that the control plane keeps, with the key that it lies under.
public enum Record: Hashable, Sendable {
    case app(AppRecord)
    case member(MemberRecord)
    case volume(VolumeRecord)
    case route(RouteRecord)
    case cell(CellRecord)
    case job(JobRecord)
    case event(EventRecord)
    case status(MemberStatus)
    case volumeStatus(VolumeStatus)
    case term(TermRecord)
    case session(SessionRecord)
    case fence(FenceRecord)
    case cluster(ClusterRecord)
    case beat(BeatRecord)
    case token(TokenRecord)
    case logDrain(LogDrainRecord)
    case snapshot(SnapshotRecord)
    case release(ReleaseRecord)
    case instance(ServiceInstanceRecord)
    case binding(BindingRecord)
    case brokerCredential(BrokerCredentialRecord)
    case names(NamesRecord)

    public var kind: RecordKind {
        switch self {
        case .app: .app
        case .member: .member
        case .volume: .volume
        case .route: .route
        case .cell: .cell
        case .job: .job
        case .event: .event
        case .status: .status
        case .volumeStatus: .volumeStatus
        case .term: .term
        case .session: .session
        case .fence: .fence
        case .cluster: .cluster
        case .beat: .beat
        case .token: .token
        case .logDrain: .logDrain
        case .snapshot: .snapshot
        case .release: .release
        case .instance: .instance
        case .binding: .binding
        case .brokerCredential: .brokerCredential
        case .names: .names
        }
    }

    public var key: String {
        switch self {
        case .app(let app): RecordKind.app.key(app.id.description)
        case .member(let member): RecordKind.member.key(member.id.description)
        case .volume(let volume): RecordKind.volume.key(volume.id.description)
        case .route(let route): RecordKind.route.key("\(route.scope.rawValue)/\(route.port)")
        case .cell(let cell): RecordKind.cell.key(cell.id.description)
        case .job(let job): RecordKind.job.key(job.id.description)
        case .event(let event): RecordKind.event.key(event.id.description)
        case .status(let status): RecordKind.status.key(status.id.description)
        case .volumeStatus(let status): RecordKind.volumeStatus.key(status.id.description)
        case .term: RecordKind.term.prefix
        case .session(let session): RecordKind.session.key(session.cell.description)
        case .fence(let fence): RecordKind.fence.key(fence.id.description)
        case .cluster: RecordKind.cluster.prefix
        case .beat: RecordKind.beat.prefix
        case .token(let token): RecordKind.token.key(token.name.description)
        case .logDrain(let drain): RecordKind.logDrain.key(drain.id.description)
        case .snapshot(let snapshot): RecordKind.snapshot.key(snapshot.id.description)
        case .release(let release): RecordKind.release.key(release.id.description)
        case .instance(let instance): RecordKind.instance.key(instance.id.description)
        case .binding(let binding): RecordKind.binding.key(binding.id.description)
        case .brokerCredential(let credential): RecordKind.brokerCredential.key(credential.name.description)
        case .names: RecordKind.names.prefix
        }
    }
}

/// A kind of record: the name in its stored envelope, and the beginning of its keys.
public enum RecordKind: String, Hashable, Sendable, CaseIterable {
    case app
    case member
    case volume
    case route
    case cell
    case job
    case event
    case status
    case volumeStatus = "volume-status"
    case term
    case session
    case fence
    case cluster
    case beat
    case token
    case logDrain = "log-drain"
    case snapshot
    case release
    case instance = "service-instance"
    case binding = "service-binding"
    case brokerCredential = "broker-credential"
    case names

    /// Ends with a slash where the kind has many records.
    public var prefix: String {
        switch self {
        case .app: "/apps/"
        case .member: "/members/"
        case .volume: "/volumes/"
        case .route: "/routes/"
        case .cell: "/cells/"
        case .job: "/jobs/"
        case .event: "/events/"
        case .status: "/status/members/"
        case .volumeStatus: "/status/volumes/"
        case .term: "/term"
        case .session: "/sessions/"
        case .fence: "/fences/"
        case .cluster: "/cluster"
        case .beat: "/beat"
        case .token: "/tokens/"
        case .logDrain: "/log-drains/"
        case .snapshot: "/snapshots/"
        case .release: "/releases/"
        case .instance: "/services/"
        case .binding: "/bindings/"
        case .brokerCredential: "/broker/credentials/"
        case .names: "/names"
        }
    }

    public func key(_ id: String) -> String { prefix + id }
}

/// Who may write as the controller.
public struct TermRecord: Hashable, Sendable, Codable {
    public var term: Term
    public var since: Timestamp
    /// nil where there is one server only.
    public var holder: ServerID?

    public init(term: Term, since: Timestamp, holder: ServerID? = nil) {
        self.term = term
        self.since = since
        self.holder = holder
    }
}

/// That the holder of a term lives: it grows, and other servers count the silence. Apart from the term, so that its writes need not follow it.
public struct BeatRecord: Hashable, Sendable, Codable {
    public var term: Term
    public var count: UInt64

    public init(term: Term, count: UInt64) {
        self.term = term
        self.count = count
    }
}

/// How many transactions gave a name to an app or a service. Each of them writes it: of two servers that give one at the same moment the second looks again.
public struct NamesRecord: Hashable, Sendable, Codable {
    public var given: UInt64

    public init(given: UInt64) {
        self.given = given
    }
}

/// A value and the store's revision at which it was last written.
public struct Revised<Value: Hashable & Sendable>: Hashable, Sendable {
    public var value: Value
    public var revision: Int64

    public init(_ value: Value, revision: Int64) {
        self.value = value
        self.revision = revision
    }
}
