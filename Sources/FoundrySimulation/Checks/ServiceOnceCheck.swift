import FoundryModel
import FoundryRules

/// The same request twice makes nothing twice: one workload for an instance, one name, one binding of an app.
struct ServiceOnceCheck {
    init() {}

    /// - Parameter truth: the records after the transaction.
    func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for change in commit.changes {
            if let words = twin(change, truth) { return found(words, commit) }
        }
        return nil
    }

    private func twin(_ change: Commit.Change, _ truth: PlatformView) -> String? {
        switch (change.old, change.new) {
        case (nil, .app(let app)?):
            guard let id = app.spec.service?.instance else { return nil }
            let twins = truth.apps.values.filter { $0.value.spec.service?.instance == id }
            return twins.count > 1 ? "service \(id) has \(twins.count) workloads" : nil
        case (.instance(let old)?, .instance(let instance)?) where old.name == instance.name: return nil
        case (_, .instance(let instance)?):
            let twins = truth.instances.values.filter { $0.value.name == instance.name }
            return twins.count > 1 ? "two services are called \(instance.name)" : nil
        case (nil, .binding(let binding)?): return double(binding, truth)
        default: return nil
        }
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
