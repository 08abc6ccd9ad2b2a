import FoundryModel
import FoundryRules
import FoundryStore

/// Records as the store holds them: one versioned codec for each kind.
enum RecordCoding {
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

    static func encode(_ record: FoundryModel.Record) throws(StoreError) -> [UInt8] {
        switch record {
        case .app(let value): try apps.encode(value)
        case .member(let value): try members.encode(value)
        case .volume(let value): try volumes.encode(value)
        case .route(let value): try routes.encode(value)
        case .cell(let value): try cells.encode(value)
        case .job(let value): try jobs.encode(value)
        case .event(let value): try events.encode(value)
        case .status(let value): try statuses.encode(value)
        case .volumeStatus(let value): try volumeStatuses.encode(value)
        case .term(let value): try terms.encode(value)
        case .session(let value): try sessions.encode(value)
        case .fence(let value): try fences.encode(value)
        case .cluster(let value): try clusters.encode(value)
        case .beat(let value): try beats.encode(value)
        case .token(let value): try tokens.encode(value)
        case .logDrain(let value): try logDrains.encode(value)
        case .snapshot(let value): try snapshots.encode(value)
        }
    }

    /// - Returns: nil when no kind of ours has such a key.
    /// - Throws: `unreadable`; the stored bytes stay as they are.
    static func decode(_ stored: StoredValue) throws(StoreError) -> FoundryModel.Record? {
        guard let kind = RecordKind.allCases.first(where: { stored.key.hasPrefix($0.prefix) }) else { return nil }
        return switch kind {
        case .app: .app(try stored.record(apps).value)
        case .member: .member(try stored.record(members).value)
        case .volume: .volume(try stored.record(volumes).value)
        case .route: .route(try stored.record(routes).value)
        case .cell: .cell(try stored.record(cells).value)
        case .job: .job(try stored.record(jobs).value)
        case .event: .event(try stored.record(events).value)
        case .status: .status(try stored.record(statuses).value)
        case .volumeStatus: .volumeStatus(try stored.record(volumeStatuses).value)
        case .term: .term(try stored.record(terms).value)
        case .session: .session(try stored.record(sessions).value)
        case .fence: .fence(try stored.record(fences).value)
        case .cluster: .cluster(try stored.record(clusters).value)
        case .beat: .beat(try stored.record(beats).value)
        case .token: .token(try stored.record(tokens).value)
        case .logDrain: .logDrain(try stored.record(logDrains).value)
        case .snapshot: .snapshot(try stored.record(snapshots).value)
        }
    }
}

extension StoreTransaction {
    /// The transaction that does these writes.
    init(name: String, writes: [RecordWrite]) throws(StoreError) {
        self.init(name: name)
        for write in writes {
            let key = StoreKey(write.key)
            switch write.expectation {
            case .absent: compares.append(.absent(key))
            case .revision(let revision): compares.append(.revision(key, revision))
            case .any: break
            }
            switch write {
            case .put(let record, _): operations.append(.put(key, try RecordCoding.encode(record)))
            case .delete: operations.append(.delete(key))
            case .check: break
            }
        }
    }
}
