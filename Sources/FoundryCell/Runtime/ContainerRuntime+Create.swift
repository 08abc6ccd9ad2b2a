import FoundryEffects
import FoundryModel
import FoundryRules

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension ContainerRuntime {
    /// Makes the container of a member: its process exists and waits for `start`. What is left of an earlier one is deleted first.
    ///
    /// - Parameter networkNamespace: the path of its file.
    /// - Parameter extras: what belongs to it as one of an instance, or as an app that is bound to some.
    /// - Precondition: the member's root file system is mounted, and so are its volumes.
    /// - Throws: `command_failed` with runc's words, `image_unsupported`, `timed_out`. What was made by then is found as `broken`.
    @discardableResult
    public func create(
        _ order: MemberOrder, user: ContainerUser, networkNamespace: String, volumes: [VolumeSource],
        extras: MemberExtras = .none
    ) async throws(FoundryError) -> ContainerObservation {
        if let found = try await observe(order.id) {
            if found.phase == .created, found.generation == order.generation { return found }
            try await delete(order.id)
        }
        let places = MonitorPlaces(paths, order.id)
        try HostFiles.makeDirectory(places.directory)
        try HostFiles.makeDirectory(paths.member(order.id))
        let privates = PrivateFiles(places)
        try privates.write(extras.files, owner: user)
        let mounts = MemberMounts(
            memory: order.spec.memory, user: user, volumes: volumes, ephemeralPaths: order.spec.ephemeralPaths,
            files: try files(order, extras.hosts).write(places), privates: privates.sources(extras.files))
        let specification = try MemberSpecification(
            order: order, user: user, networkNamespace: networkNamespace, rootfs: paths.rootfs(order.id),
            cgroup: order.isGuarded ? guardedGroup(order.id) : paths.cgroup(order.id),
            limitsSwap: cgroups.limitsSwap(paths.guardedCgroup), mounts: mounts.all, extras: extras
        ).specification()
        do {
            try DurableFile.write(JSONEncoder().encode(specification), to: places.configuration, outlivesBoot: false)
        } catch {
            throw FoundryError(
                .internalError, "A container's configuration cannot be written.",
                detail: "\(places.configuration): \(error)")
        }
        let made = try await Monitor(paths: paths, member: order.id, logLimit: configuration.logFileSize).create()
        try cgroups.move(made.monitor, to: monitorGroup)
        cgroups.shareDisks(groups(order.id))
        let record = ContainerRecord(
            member: order.id, generation: order.generation, memory: order.spec.memory, cpu: order.spec.cpu,
            process: made.process, monitor: made.monitor,
            startedAt: made.process.startedAt())
        try watch.watch(record)
        try record.write(places)
        return ContainerObservation(
            member: order.id, generation: order.generation, phase: .created, isMonitored: true, limits: record.limits)
    }

    /// Removes a container with all its processes and traces, except for its log. Nothing happens when there is none.
    ///
    /// - Throws: `timed_out` when a process of it cannot be killed, `command_failed` when runc keeps it.
    public func delete(_ member: MemberID) async throws(FoundryError) {
        let places = MonitorPlaces(paths, member)
        guard HostFiles.exists(places.directory) else { return }
        let record = reader.record(member)
        // Half made: a conmon or runc that still makes it must be gone before it is looked at.
        if record == nil { try await end(StrayProcesses(paths: paths, member: member).find(), patienceMilliseconds: 0) }
        try await kill(member)
        if HostFiles.exists("\(paths.runc)/\(member)") { try await runc(["delete", "--force", member.description]) }
        if let record { try await end([record.monitor], patienceMilliseconds: 2_000) }
        for _ in 0..<100 where groups(member).flatMap(cgroups.directories).contains(where: HostFiles.exists) {
            for group in groups(member) {
                cgroups.removeCommands(of: group)
                cgroups.remove(group)
            }
            do { try await SystemClock.sleep(.milliseconds(10)) } catch {
                throw FoundryError(.timedOut, "The cell is stopping.")
            }
        }
        try HostFiles.removeTree("\(paths.runc)/\(member)")
        try PrivateFiles(places).remove()
        try HostFiles.removeTree(places.directory)
    }

    /// Tells a member that runs which names there are now.
    public func writeHosts(_ order: MemberOrder) throws(FoundryError) {
        try files(order, HostName.all(order, subnet: configuration.subnet)).rewriteHosts(
            MonitorPlaces(paths, order.id))
    }

    private func files(_ order: MemberOrder, _ hosts: [HostName]) -> MemberFiles {
        MemberFiles(
            hostname: MemberFiles.hostname(order.name), address: "\(configuration.subnet).\(order.slot)", hosts: hosts)
    }

    /// Waits for processes to end by themselves, then kills them.
    private func end(_ processes: [ProcessIdentity], patienceMilliseconds: Int64) async throws(FoundryError) {
        for process in processes {
            if patienceMilliseconds > 0, try await process.waitForEnd(limitMilliseconds: patienceMilliseconds) {
                continue
            }
            try process.signal(9)
            guard try await process.waitForEnd(limitMilliseconds: Self.endLimitMilliseconds) else {
                throw FoundryError(.timedOut, "A process cannot be killed.", detail: "process \(process.pid)")
            }
        }
    }
}
