import FoundryModel
import FoundryRules
import FoundryStore

/// Records as the store holds them: one versioned codec for each kind.
struct RecordCoding: Sendable {
    /// For records without secrets.
    static let plain = RecordCoding(secrets: nil)

    /// nil: a record that has any is neither written nor read.
    let secrets: (any SecretCoding)?

    /// While it lives, no key is dropped that a record may be sealed with which is on its way to the store.
    func hold() -> SecretVault.Hold? { (secrets as? SecretVault)?.hold() }

    private static let apps = RecordCodec<AppRecord>(kind: RecordKind.app.rawValue)
    private static let members = RecordCodec<MemberRecord>(kind: RecordKind.member.rawValue)
    private static let volumes = RecordCodec<VolumeRecord>(kind: RecordKind.volume.rawValue)
    private static let routes = RecordCodec<RouteRecord>(kind: RecordKind.route.rawValue)
    private static let cells = RecordCodec<CellRecord>(kind: RecordKind.cell.rawValue)
    private static let jobs = RecordCodec<JobRecord>(kind: RecordKind.job.rawValue)
    private static let events = RecordCodec<EventRecord>(kind: RecordKind.event.rawValue)
    private static let statuses = RecordCodec<MemberStatus>(kind: RecordKind.status.rawValue)
    private static let volumeStatuses = RecordCodec<VolumeStatus>(kind: RecordKind.volumeStatus.rawValue)
    private static let terms = RecordCodec<TermRecord>(kind: RecordKind.term.rawValue)
    private static let sessions = RecordCodec<SessionRecord>(kind: RecordKind.session.rawValue)
    private static let fences = RecordCodec<FenceRecord>(kind: RecordKind.fence.rawValue)
    private static let clusters = RecordCodec<ClusterRecord>(kind: RecordKind.cluster.rawValue)
    private static let beats = RecordCodec<BeatRecord>(kind: RecordKind.beat.rawValue)
    private static let tokens = RecordCodec<TokenRecord>(kind: RecordKind.token.rawValue)
    private static let logDrains = RecordCodec<LogDrainRecord>(kind: RecordKind.logDrain.rawValue)
    private static let snapshots = RecordCodec<SnapshotRecord>(kind: RecordKind.snapshot.rawValue)
    private static let releases = RecordCodec<ReleaseRecord>(kind: RecordKind.release.rawValue)
    private static let instances = RecordCodec<ServiceInstanceRecord>(kind: RecordKind.instance.rawValue)
    private static let bindings = RecordCodec<BindingRecord>(kind: RecordKind.binding.rawValue)
    private static let brokerCredentials = RecordCodec<BrokerCredentialRecord>(
        kind: RecordKind.brokerCredential.rawValue)
    private static let names = RecordCodec<NamesRecord>(kind: RecordKind.names.rawValue)

    func encode(_ record: FoundryModel.Record) throws(StoreError) -> [UInt8] {
        switch record {
        case .app(let value): try Self.apps.encode(value)
        case .member(let value): try Self.members.encode(value)
        case .volume(let value): try Self.volumes.encode(value)
        case .route(let value): try Self.routes.encode(value)
        case .cell(let value): try Self.cells.encode(value)
        case .job(let value): try Self.jobs.encode(value)
        case .event(let value): try Self.events.encode(value)
        case .status(let value): try Self.statuses.encode(value)
        case .volumeStatus(let value): try Self.volumeStatuses.encode(value)
        case .term(let value): try Self.terms.encode(value)
        case .session(let value): try Self.sessions.encode(value)
        case .fence(let value): try Self.fences.encode(value)
        case .cluster(let value): try Self.clusters.encode(value)
        case .beat(let value): try Self.beats.encode(value)
        case .token(let value): try Self.tokens.encode(value)
        case .logDrain(let value): try Self.logDrains.encode(value)
        case .snapshot(let value): try Self.snapshots.encode(value)
        case .release(let value): try Self.releases.encode(value)
        case .instance(let value): try Self.instances.encode(value, secrets: secrets)
        case .binding(let value): try Self.bindings.encode(value, secrets: secrets)
        case .brokerCredential(let value): try Self.brokerCredentials.encode(value)
        case .names(let value): try Self.names.encode(value)
        }
    }

    /// - Returns: nil when no kind of ours has such a key.
    /// - Throws: `unreadable`; the stored bytes stay as they are.
    func decode(_ stored: StoredValue) throws(StoreError) -> FoundryModel.Record? {
        guard let kind = RecordKind.allCases.first(where: { stored.key.hasPrefix($0.prefix) }) else { return nil }
        return switch kind {
        case .app: .app(try stored.record(Self.apps).value)
        case .member: .member(try stored.record(Self.members).value)
        case .volume: .volume(try stored.record(Self.volumes).value)
        case .route: .route(try stored.record(Self.routes).value)
        case .cell: .cell(try stored.record(Self.cells).value)
        case .job: .job(try stored.record(Self.jobs).value)
        case .event: .event(try stored.record(Self.events).value)
        case .status: .status(try stored.record(Self.statuses).value)
        case .volumeStatus: .volumeStatus(try stored.record(Self.volumeStatuses).value)
        case .term: .term(try stored.record(Self.terms).value)
        case .session: .session(try stored.record(Self.sessions).value)
        case .fence: .fence(try stored.record(Self.fences).value)
        case .cluster: .cluster(try stored.record(Self.clusters).value)
        case .beat: .beat(try stored.record(Self.beats).value)
        case .token: .token(try stored.record(Self.tokens).value)
        case .logDrain: .logDrain(try stored.record(Self.logDrains).value)
        case .snapshot: .snapshot(try stored.record(Self.snapshots).value)
        case .release: .release(try stored.record(Self.releases).value)
        case .instance: .instance(try stored.record(Self.instances, secrets: secrets).value)
        case .binding: .binding(try stored.record(Self.bindings, secrets: secrets).value)
        case .brokerCredential: .brokerCredential(try stored.record(Self.brokerCredentials).value)
        case .names: .names(try stored.record(Self.names).value)
        }
    }
}

extension StoreTransaction {
    /// The transaction that does these writes.
    init(name: String, writes: [RecordWrite], coding: RecordCoding) throws(StoreError) {
        self.init(name: name)
        for write in writes {
            let key = StoreKey(write.key)
            switch write.expectation {
            case .absent: compares.append(.absent(key))
            case .revision(let revision): compares.append(.revision(key, revision))
            case .any: break
            }
            switch write {
            case .put(let record, _): operations.append(.put(key, try coding.encode(record)))
            case .delete: operations.append(.delete(key))
            case .check: break
            }
        }
    }
}
