import FoundryModel

/// A member that is held does nothing until it is released: its processes are frozen where they are.
extension ContainerRuntime {
    public func hold(_ member: MemberID) throws(FoundryError) { try setHeld(member, true) }

    /// Safe to do when it is not held.
    public func release(_ member: MemberID) throws(FoundryError) { try setHeld(member, false) }

    private func setHeld(_ member: MemberID, _ isHeld: Bool) throws(FoundryError) {
        // Also where a group above is frozen: this one stays so when that is thawed.
        for group in groups(member) {
            guard let directory = cgroups.directory(group, cgroups.freezer), HostFiles.exists(directory) else {
                continue
            }
            try cgroups.setFrozen(group, isHeld)
        }
    }
}
