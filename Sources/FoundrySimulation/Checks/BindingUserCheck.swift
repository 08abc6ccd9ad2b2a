import FoundryModel
import FoundryRules

/// A binding that can be used has its user in the data that serves; and no verb of an instance that serves is still to be run.
struct BindingUserCheck {
    private let world: World

    init(_ world: World) { self.world = world }

    func first() -> Violation? {
        let truth = world.checker.truth
        for instance in truth.instances.values.map(\.value).sorted(by: { $0.id < $1.id }) {
            guard let users = world.servingUsers(of: instance) else { continue }
            for binding in truth.bindings(of: instance.id) {
                if let violation = check(binding, of: instance, users) { return violation }
            }
        }
        return nil
    }

    private func check(
        _ binding: BindingRecord, of instance: ServiceInstanceRecord, _ users: Set<String>
    ) -> Violation? {
        guard let user = binding.user else { return nil }
        if binding.isUsable, !users.contains(user) {
            return Violation(
                .bindingHasItsUser, at: world.now,
                "binding \(binding.id) of \(instance.name) can be used, and the data that serves has no user for it")
        }
        guard binding.verb != nil else { return nil }
        return Violation(
            .operationsEnd, at: world.now,
            "\(instance.name) serves, and binding \(binding.id) still waits for its verb: \(binding.state)")
    }
}

extension World {
    /// Who may log in to an instance now; nil: it does not serve, keeps nothing, or its disk was taken away or back in time.
    func servingUsers(of instance: ServiceInstanceRecord) -> Set<String>? {
        guard let workload = serviceWorkloads[instance.workload] else { return nil }
        for cell in cells where !checker.lostDisks.contains(cell.index) {
            for case let container? in cell.containers where container.engine.workload == workload && container.runs {
                guard container.engine.state == .serving, let volume = container.engine.volume else { continue }
                return cell.disk.users(ofVolume: volume)
            }
        }
        return nil
    }
}
