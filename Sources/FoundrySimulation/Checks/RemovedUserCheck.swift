import FoundryModel
import FoundryRules

/// A user who was removed, or whom no binding names, is not in the data that serves.
struct RemovedUserCheck {
    /// Of whom people were told that they are gone.
    private var gone: Set<String> = []
    /// The revision under which each was first seen.
    private var made: [String: Int64] = [:]
    /// A backup does not know of who was made after it.
    private var knowsAll = true

    init() {}

    mutating func commit(_ commit: Commit) {
        for change in commit.changes {
            if case .binding(let old)? = change.old, let user = old.user, change.new == nil { gone.insert(user) }
            guard case .binding(let new)? = change.new, let user = new.user else { continue }
            made[user] = made[user] ?? commit.revision
            if case .revoked = new.state { gone.insert(user) } else if new.isUsable { gone.remove(user) }
            // Bound again, or on its way out: what is in the data is not said yet.
            if new.verb != nil { gone.remove(user) }
        }
    }

    /// The store goes on from a backup: bindings that were removed since are there again, and of those that were made and removed since nobody knows.
    ///
    /// - Parameter revision: of the backup.
    mutating func restored(_ truth: PlatformView, revision: Int64) {
        knowsAll = false
        for (user, madeAt) in made where madeAt > revision {
            made[user] = nil
            gone.remove(user)
        }
        for binding in truth.bindings.values where binding.value.state != .revoked {
            if let user = binding.value.user { gone.remove(user) }
        }
    }

    func end(_ world: World) -> Violation? {
        let truth = world.checker.truth
        for instance in truth.instances.values.map(\.value).sorted(by: { $0.id < $1.id }) {
            guard let users = world.servingUsers(of: instance) else { continue }
            let known = Set(truth.bindings(of: instance.id).compactMap(\.user))
            let removed = users.subtracting(known).filter { knowsAll || gone.contains($0) }
            guard let user = removed.min() else { continue }
            let words = gone.contains(user) ? "was removed" : "belongs to no binding"
            return Violation(
                .removedUserStaysOut, at: world.now, "user \(user) \(words), and is in the data of \(instance.name)")
        }
        return nil
    }
}
