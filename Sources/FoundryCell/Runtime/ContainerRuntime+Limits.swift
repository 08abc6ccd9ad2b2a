import FoundryEffects
import FoundryModel
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ContainerRuntime {
    /// Changes how much a container may use, while it runs.
    ///
    /// - Throws: `conflict` when it uses more memory than it would be allowed: it is not killed for that. `command_failed` with runc's words.
    public func limit(_ member: MemberID, to limits: ContainerLimits) async throws(FoundryError) -> ContainerObservation
    {
        guard var record = reader.record(member) else {
            throw FoundryError(.commandFailed, "The member has no container.", detail: member.description)
        }
        try requireRoom(member, limits.memory)
        // Version 1 refuses a limit below what is used; version 2 kills for it. So what it uses must not grow between the look and the limit.
        try cgroups.holdGrowth(groups(member), at: limits.memory)
        let outcome: Result<Void, FoundryError>
        do throws(FoundryError) {
            try requireRoom(member, limits.memory)
            try await set(member, limits)
            outcome = .success(())
        } catch { outcome = .failure(error) }
        try cgroups.holdGrowth(groups(member), at: nil)
        try outcome.get()
        record.memory = limits.memory
        record.cpu = limits.cpu
        try record.write(MonitorPlaces(paths, member))
        guard let observation = try await observe(member) else {
            throw FoundryError(.commandFailed, "The container is gone.", detail: member.description)
        }
        return observation
    }

    private func requireRoom(_ member: MemberID, _ memory: ByteCount) throws(FoundryError) {
        guard let used = cgroups.memory(groups(member))?.used, used > memory else { return }
        throw FoundryError(
            .conflict, "It uses \(used) of memory, more than the \(memory) that it shall have.",
            hint: "a restart, or more memory")
    }

    private func set(_ member: MemberID, _ limits: ContainerLimits) async throws(FoundryError) {
        let specification = LimitSpecification(limits, limitsSwap: cgroups.limitsSwap(paths.guardedCgroup))
        let text: String
        do { text = String(decoding: try JSONEncoder().encode(specification), as: UTF8.self) } catch {
            throw FoundryError(.internalError, "A container's limits cannot be written.", detail: "\(error)")
        }
        try await runc(["update", "--resources", "-", member.description], input: text)
        try shareLimits(of: member, MonitorPlaces(paths, member))
    }

    /// runc changes the group that it made. With version 2 the processes may lie in the other one.
    private func shareLimits(of member: MemberID, _ places: MonitorPlaces) throws(FoundryError) {
        guard cgroups.version == .v2, let made = ContainerBundle.read(places)?.linux.cgroupsPath else { return }
        for group in groups(member) where group != made && !cgroups.processes(group).isEmpty {
            try cgroups.copyLimits(from: made, to: group)
        }
    }
}
