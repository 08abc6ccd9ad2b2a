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
        if let used = groups(member).compactMap({ cgroups.memory($0)?.used }).max(), used > limits.memory {
            throw FoundryError(
                .conflict, "It uses \(used) of memory, more than the \(limits.memory) that it shall have.",
                hint: "a restart, or more memory")
        }
        let places = MonitorPlaces(paths, member)
        let specification = LimitSpecification(limits, limitsSwap: cgroups.limitsSwap)
        let text: String
        do { text = String(decoding: try JSONEncoder().encode(specification), as: UTF8.self) } catch {
            throw FoundryError(.internalError, "A container's limits cannot be written.", detail: "\(error)")
        }
        try await runc(["update", "--resources", "-", member.description], input: text)
        try shareLimits(of: member, places)
        record.memory = limits.memory
        record.cpu = limits.cpu
        try record.write(places)
        guard let observation = try await observe(member) else {
            throw FoundryError(.commandFailed, "The container is gone.", detail: member.description)
        }
        return observation
    }

    /// runc changes the group that it made. With version 2 the processes may lie in the other one.
    private func shareLimits(of member: MemberID, _ places: MonitorPlaces) throws(FoundryError) {
        guard cgroups.version == .v2, let made = ContainerBundle.read(places)?.linux.cgroupsPath else { return }
        for group in groups(member) where group != made && !cgroups.processes(group).isEmpty {
            try cgroups.copyLimits(from: made, to: group)
        }
    }
}
