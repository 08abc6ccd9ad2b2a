import FoundryModel
import FoundryRules

/// One transaction of the store, as the checks see it.
struct Commit {
    struct Change {
        var old: Record?
        /// nil: it was deleted.
        var new: Record?
    }

    var revision: Int64
    var time: SimulationTime
    var changes: [Change]

    /// Volumes that were changed, with what they were.
    var volumes: [(old: VolumeRecord?, new: VolumeRecord?)] {
        changes.compactMap { change in
            switch (change.old, change.new) {
            case (.volume(let old)?, .volume(let new)?): (old, new)
            case (nil, .volume(let new)?): (nil, new)
            case (.volume(let old)?, nil): (old, nil)
            default: nil
            }
        }
    }
}

extension VolumeRecord {
    var holder: MemberID? {
        if case .held(let member) = phase { return member }
        return nil
    }

    var isFork: Bool {
        if case .forked = phase { return true }
        return false
    }
}

extension PlatformView {
    /// The record under a key as it is now.
    func record(of key: String) -> Record? {
        guard let kind = RecordKind.allCases.first(where: { key.hasPrefix($0.prefix) }) else { return nil }
        let id = String(key.dropFirst(kind.prefix.count))
        return switch kind {
        case .app: AppID(id).flatMap { apps[$0] }.map { .app($0.value) }
        case .member: MemberID(id).flatMap { members[$0] }.map { .member($0.value) }
        case .volume: VolumeID(id).flatMap { volumes[$0] }.map { .volume($0.value) }
        case .route: routes[key].map { .route($0.value) }
        case .cell: CellID(id).flatMap { cells[$0] }.map { .cell($0.value) }
        case .job: JobID(id).flatMap { jobs[$0] }.map { .job($0.value) }
        case .session: CellID(id).flatMap { sessions[$0] }.map { .session($0.value) }
        case .fence: FenceID(id).flatMap { fences[$0] }.map { .fence($0.value) }
        case .cluster: cluster.map { .cluster($0.value) }
        case .term: term.map { .term($0.value) }
        case .instance: ServiceInstanceID(id).flatMap { instances[$0] }.map { .instance($0.value) }
        case .binding: BindingID(id).flatMap { bindings[$0] }.map { .binding($0.value) }
        // What nobody is judged by.
        case .status, .volumeStatus, .event, .beat, .token, .logDrain, .snapshot, .release, .brokerCredential, .names:
            nil
        }
    }
}
