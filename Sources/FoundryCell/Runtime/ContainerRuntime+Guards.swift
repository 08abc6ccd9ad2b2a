import FoundryEffects
import FoundryModel

/// Which containers lie below the guards: the sentinel stops the group `guarded` as a whole.
extension ContainerRuntime {
    /// Members that have a process there now.
    public func guardedMembers() throws(FoundryError) -> Set<MemberID> {
        Set(try reader.members().filter { !cgroups.processes(guardedGroup($0), cgroups.freezer).isEmpty })
    }

    /// The guarded group is frozen: the guards fired.
    public func isLatched() -> Bool { cgroups.isFrozen(paths.guardedCgroup) }

    /// Moves every process of a member below the guards. Safe to do twice.
    ///
    /// With version 1 only the freezer counts, and limits stay where they are; with version 2 the limits go along.
    public func putUnderGuard(_ member: MemberID) throws(FoundryError) {
        try move(from: paths.cgroup(member), to: guardedGroup(member))
    }

    /// Moves them out again.
    public func takeFromGuard(_ member: MemberID) throws(FoundryError) {
        try move(from: guardedGroup(member), to: paths.cgroup(member))
    }

    private func move(from source: String, to target: String) throws(FoundryError) {
        // Where nobody is, the limits may be old ones.
        guard !cgroups.processes(source, cgroups.freezer).isEmpty else { return }
        try cgroups.make(target)
        try cgroups.copyLimits(from: source, to: target)
        try cgroups.moveAll(from: source, to: target)
    }

    /// Kills what lies under the latch once more, then thaws it: what is thawed dies before its first instruction.
    public func unlatch() throws(FoundryError) {
        for member in try reader.members() { try cgroups.kill(guardedGroup(member), cgroups.freezer) }
        try cgroups.setFrozen(paths.guardedCgroup, false)
    }

    /// Where a member's processes may be.
    nonisolated func groups(_ member: MemberID) -> [String] { paths.cgroups(member) }

    nonisolated func guardedGroup(_ member: MemberID) -> String { paths.guardedCgroup(member) }
}
