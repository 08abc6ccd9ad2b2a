import FoundryModel
import FoundryRules

/// Of an instance that is gone nothing is left: neither a record nor a disk, a container or a route.
struct ServiceGoneCheck {
    /// Workloads of those that are gone.
    private var gone: [AppID: AppName] = [:]

    init() {}

    /// - Parameter truth: the records before the transaction.
    mutating func commit(_ commit: Commit, truth: PlatformView) -> Violation? {
        for change in commit.changes {
            if case .binding(let new)? = change.new, truth.instances[new.instance] == nil {
                return Violation(
                    .serviceLeavesNothing, at: commit.time,
                    "binding \(new.id) is written, and service \(new.instance) is gone")
            }
            guard case .instance(let old)? = change.old, change.new == nil else { continue }
            gone[old.workload] = old.name
            if let left = left(of: old, commit, truth) {
                return Violation(.serviceLeavesNothing, at: commit.time, "\(old.name) is told gone, and has \(left)")
            }
        }
        return nil
    }

    private func left(of instance: ServiceInstanceRecord, _ commit: Commit, _ truth: PlatformView) -> String? {
        let workload = instance.workload
        if truth.apps[workload] != nil { return "its workload" }
        if !truth.members(of: workload).isEmpty { return "a member" }
        if !truth.volumes(of: workload).isEmpty { return "a disk" }
        if !truth.snapshots(of: workload).isEmpty { return "a snapshot" }
        if truth.route(of: workload) != nil { return "a route" }
        let removed = commit.changes.count { change in
            guard case .binding(let binding)? = change.old, change.new == nil else { return false }
            return binding.instance == instance.id
        }
        let bindings = truth.bindings.values.count { $0.value.instance == instance.id }
        return bindings == removed ? nil : "\(bindings - removed) bindings"
    }

    /// Instances that the backup knows live again.
    mutating func restored(_ truth: PlatformView) {
        for instance in truth.instances.values { gone[instance.value.workload] = nil }
    }

    /// What machines have of them. A store that was restored may have forgotten a disk, and no cell deletes what it knows nothing of.
    func end(_ world: World) -> Violation? {
        for (workload, name) in gone.sorted(by: { $0.key < $1.key }) {
            guard let index = world.serviceWorkloads[workload] else { continue }
            for cell in world.cells {
                if cell.containers.contains(where: { $0?.engine.workload == index }) {
                    return found("a container on cell \(cell.id)", of: name, world)
                }
                guard world.counters[.storeRestored] == 0, !world.checker.lostDisks.contains(cell.index) else {
                    continue
                }
                // What was half deleted when its cell was killed is no volume any more: that cell clears it away.
                for (number, id) in world.numbers.volumes.enumerated() where world.checker.owners[id]?.app == workload {
                    if cell.observe(volume: number) != nil {
                        return found("a disk on cell \(cell.id)", of: name, world)
                    }
                }
            }
        }
        return nil
    }

    private func found(_ what: String, of name: AppName, _ world: World) -> Violation {
        Violation(.serviceLeavesNothing, at: world.now, "\(name) is gone, and has \(what)")
    }
}
