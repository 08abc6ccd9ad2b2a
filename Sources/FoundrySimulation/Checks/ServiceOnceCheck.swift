import FoundryModel
import FoundryRules

/// The same request twice makes nothing twice: one workload for an instance, one name, one binding of an app.
struct ServiceOnceCheck {
    init() {}

    /// - Parameter truth: the records after the transaction.
    func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for change in commit.changes where change.old == nil {
            switch change.new {
            case .app(let app)?:
                guard let id = app.spec.service?.instance else { continue }
                let twins = truth.apps.values.filter { $0.value.spec.service?.instance == id }
                if twins.count > 1 { return found("service \(id) has \(twins.count) workloads", commit) }
            case .instance(let instance)?:
                let twins = truth.instances.values.filter { $0.value.name == instance.name }
                if twins.count > 1 { return found("two services are called \(instance.name)", commit) }
            case .binding(let binding)?:
                if let words = double(binding, truth) { return found(words, commit) }
            default: continue
            }
        }
        return nil
    }

    private func double(_ binding: BindingRecord, _ truth: PlatformView) -> String? {
        let others = truth.bindings(of: binding.instance).filter { $0.id != binding.id }
        if let user = binding.user, others.contains(where: { $0.user == user }) { return "two bindings have one user" }
        guard let app = binding.app, binding.predecessor == nil else { return nil }
        return others.contains { $0.app == app && $0.predecessor == nil } ? "app \(app) is bound twice" : nil
    }

    private func found(_ words: String, _ commit: Commit) -> Violation {
        Violation(.onceOnly, at: commit.time, words)
    }
}
