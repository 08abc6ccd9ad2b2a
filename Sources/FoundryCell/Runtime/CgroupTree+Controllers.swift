import FoundryModel

/// With version 2 a group can be limited only in what the group above it hands down, and that only in what it is handed down itself.
///
/// - Source: Documentation/admin-guide/cgroup-v2.rst, "Top-down Constraint".
extension CgroupTree {
    private static let handed = ["memory", "cpu", "pids", "io"]
    private static let list = "cgroup.subtree_control"

    /// Lets the groups directly below this one be limited in all that the machine can. Nothing happens with version 1.
    ///
    /// A service manager cannot take back what is handed down here: the kernel refuses that while a group below uses it.
    /// - Throws: `machine_unfit` when memory cannot be limited there.
    func handDown(_ group: String) throws(FoundryError) {
        guard version == .v2 else { return }
        var path = ""
        try handDownOne(path)
        for part in group.split(separator: "/") {
            path += "/\(part)"
            try handDownOne(path)
        }
    }

    private func handDownOne(_ group: String) throws(FoundryError) {
        var problem: FoundryError?
        for controller in Self.handed where !hands(group, controller) {
            // One by one: a list with one that the machine lacks changes nothing.
            do throws(FoundryError) { try write("+\(controller)", group, Self.unified, Self.list) } catch {
                if controller == "memory" { problem = error }
            }
        }
        guard let problem, !hands(group, "memory") else { return }
        throw FoundryError(
            .machineUnfit, "The machine does not let members be limited in their memory.",
            detail: "\(directory(group, Self.unified) ?? group): \(problem.detail ?? problem.message)",
            hint: "foundry doctor")
    }

    private func hands(_ group: String, _ controller: String) -> Bool {
        (read(group, Self.unified, Self.list) ?? "").split(whereSeparator: \.isWhitespace).contains(
            Substring(controller))
    }
}
