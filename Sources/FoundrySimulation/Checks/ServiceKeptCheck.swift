import FoundryModel
import FoundryRules

/// An instance that was acknowledged stays, with its workload, until somebody deletes it.
struct ServiceKeptCheck {
    private var acknowledged: Set<ServiceInstanceID> = []
    /// Somebody asked for their end.
    private var letGo: Set<ServiceInstanceID> = []

    init() {}

    mutating func acknowledge(_ id: ServiceInstanceID) { acknowledged.insert(id) }
    mutating func letGo(_ id: ServiceInstanceID) { letGo.insert(id) }

    /// - Parameter truth: the records before the transaction.
    func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for change in commit.changes where change.new == nil {
            switch change.old {
            case .instance(let old)? where !letGo.contains(old.id):
                return lost(old.name, "was removed", at: commit.time)
            case .app(let app)?:
                guard let id = app.spec.service?.instance, let instance = truth.instances[id]?.value,
                    instance.operation.kind != .delete
                else { continue }
                return lost(app.name, "lost its workload", at: commit.time)
            default: continue
            }
        }
        return nil
    }

    private func lost(_ name: AppName, _ words: String, at time: SimulationTime) -> Violation {
        Violation(.serviceKept, at: time, "\(name) \(words), and nobody asked for that")
    }

    /// What was acknowledged after the backup is lost by a person's word.
    mutating func restored(_ truth: PlatformView) {
        acknowledged = acknowledged.filter { truth.instances[$0] != nil }
    }

    func end(_ world: World) -> Violation? {
        let truth = world.checker.truth
        for id in acknowledged.subtracting(letGo).sorted() {
            guard let instance = truth.instances[id]?.value else {
                return Violation(.serviceKept, at: world.now, "service \(id) was acknowledged, and is not there")
            }
            guard truth.apps[instance.workload] == nil else { continue }
            return Violation(.serviceKept, at: world.now, "\(instance.name) has no workload")
        }
        return nil
    }
}
