import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// What a cell acts on: carries out each effect by the driver that it belongs to, and sees what is there.
struct CellWorld: Sendable {
    let paths: Paths
    let pool: VolumePool
    let network: MemberNetwork
    let images: ImageStore
    let rootfs: RootfsMounts
    let runtime: ContainerRuntime
    let logs: MemberLogs
    let histories: MemberHistories
    let promises: PromiseFile
    let usage: UsageReader
    let flushes = FlushBoard()
    let execs: ExecPrograms
    let verbs: VerbRun

    /// - Throws: `machine_unfit` when the machine has no control groups.
    init(paths: Paths, configuration: PlatformConfiguration, logger: Logger) throws(FoundryError) {
        let command = Command()
        self.paths = paths
        runtime = try ContainerRuntime(paths: paths, configuration: configuration, command: command)
        pool = VolumePool(
            paths: paths, configuration: configuration.pool, command: command, logger: logger,
            limits: DeviceLimits(cgroups: runtime.cgroups, group: paths.cgroup))
        network = MemberNetwork(paths: paths, subnet: configuration.subnet, command: command)
        images = ImageStore(paths: paths, configuration: configuration, command: command)
        rootfs = RootfsMounts(paths: paths)
        logs = MemberLogs(paths: paths, limit: configuration.logFileSize)
        histories = MemberHistories(paths: paths)
        promises = PromiseFile(paths: paths)
        execs = ExecPrograms(paths: paths, cgroups: runtime.cgroups, images: images)
        verbs = VerbRun(paths: paths, cgroups: runtime.cgroups)
        usage = UsageReader(paths: paths, cgroups: runtime.cgroups, flushes: flushes)
    }

    /// Makes the ground that members stand on: the pool, the firewall, the control groups.
    func prepare() async throws(FoundryError) {
        try await pool.open()
        try await network.prepare()
        try await runtime.prepare()
        try await execs.clear()
    }

    func observe(machineID: String) async throws(FoundryError) -> CellObservation {
        CellObservation(
            machineID: machineID, bootID: ProcessIdentity.bootID,
            capacity: MachineFacts.capacity(disk: try await pool.capacity()),
            volumes: try await pool.observe(), containers: try await runtime.observe(), rootfs: try rootfs.observe(),
            networks: try await network.observe(), histories: try histories.readAll(), promises: try promises.read(),
            guarded: try await runtime.guardedMembers(), isLatched: await runtime.isLatched(),
            growsAtRest: MachineFacts.growsAtRest, snapshots: try await pool.observeSnapshots(),
            links: try await network.links())
    }

    /// Makes one check. It ends at its limit, whatever the member does.
    func check(_ probe: HealthProbeOrder) async -> CheckVerdict {
        guard case .command(let command) = probe.asks else {
            return await HealthProbe.ask(
                probe.asks, address: probe.address, timeoutMilliseconds: probe.timeoutMilliseconds)
        }
        return await CommandCheck(paths: paths, cgroups: runtime.cgroups, member: probe.member, role: probe.role)
            .run(command, limitMilliseconds: probe.timeoutMilliseconds)
    }

    func apply(_ effect: CellEffect) async throws(FoundryError) -> CellEffectResult {
        switch effect {
        case .unpackImage(_, let image): try await images.unpack(image)
        case .createVolume(let order, let image, let machineID):
            let user = try images.user(image)
            return .volume(try await pool.create(order, owner: (user.uid, user.gid), machineID: machineID))
        case .cloneVolume(let order, let snapshot, let machineID):
            return .volume(try await pool.clone(order, from: snapshot, machineID: machineID))
        case .mountVolume(let volume):
            let mounted = try await pool.mount(volume)
            usage.begin(volume)
            return .volume(mounted)
        case .takeVolume(let label): return .volume(try await pool.take(label))
        case .unmountVolume(let volume): return .volume(try await pool.unmount(volume))
        case .tuneVolume(let volume, let tuning): return .volume(try await pool.tune(volume, tuning))
        case .growVolume(let label): return .volume(try await pool.grow(label))
        case .sealVolume(let label): return .volume(try await pool.seal(label))
        case .deleteVolume(let volume): try await pool.delete(volume)
        case .takeSnapshot(let order): return .snapshot(try await pool.takeSnapshot(order))
        case .deleteSnapshot(let snapshot): try await pool.deleteSnapshot(snapshot)
        case .createNetwork(_, let slot): try await network.create(slot: slot)
        case .removeNetwork(let slot): try await network.remove(slot: slot)
        case .mountRootfs(let member, let image):
            // A layer that was ready may have been collected since; nothing is done when all are there.
            try await images.unpack(image)
            try rootfs.mount(member, layers: images.lowerDirectories(image))
        case .unmountRootfs(let member): try rootfs.unmount(member)
        case .createContainer(let order): return .container(try await createContainer(order))
        case .startContainer(let member): return .container(try await runtime.start(member))
        case .stopContainer(let member, let signal): try await runtime.stop(member, signal: signal)
        case .limitContainer(let member, let limits):
            return .container(try await runtime.limit(member, to: limits))
        case .killContainer(let member):
            try await runtime.kill(member)
            // Its end is told by itself; should nobody have heard it, it is seen here.
            return try await runtime.observe(member).map { .container($0) } ?? .done
        case .deleteContainer(let member): try await runtime.delete(member)
        case .writeHistory(let member, let history): try histories.write(history, of: member)
        case .forgetMember(let member): try HostFiles.removeTree(paths.member(member))
        case .readVolume(let volume): return try await pool.look(at: volume).map { .volume($0) } ?? .done
        case .guardMember(let member): try await runtime.putUnderGuard(member)
        case .unguardMember(let member): try await runtime.takeFromGuard(member)
        case .wireMember(let order): try MemberWire(paths: paths).write(order)
        case .linkNetwork(let links): try await network.link(links)
        case .writeHosts(let order): try await runtime.writeHosts(order)
        case .runVerb(let order): try await runVerb(order)
        case .promise(let fence, let written): try promises.write(written, for: fence)
        case .unlatch: try await runtime.unlatch()
        }
        return .done
    }

    /// Lets go of the pool. Only when nothing uses it any more.
    func close() async throws(FoundryError) {
        try await pool.close()
        try await network.close()
        await runtime.removeControlGroups()
    }

    /// No member, no mount of a volume or a root file system, and no pool: whatever ran before is over. What is left of networks and control groups goes.
    func endedBefore() async throws(FoundryError) -> Bool {
        let mounts = try MountTable.read()
        guard try await runtime.observe().isEmpty, mounts.entry(at: paths.pool) == nil,
            mounts.under(paths.run).allSatisfy({ $0.type == "nsfs" || $0.target == paths.mountNamespace })
        else { return false }
        try await network.removeEverything()
        await runtime.removeControlGroups()
        return true
    }

    /// Ends every member, and removes every mount, network and control group of this installation. What lies in the data directory stays.
    func tearDown() async throws(FoundryError) {
        try await pool.thaw()
        for container in try await runtime.observe() { try await runtime.delete(container.member) }
        for member in try rootfs.observe() { try rootfs.unmount(member) }
        try await network.removeEverything()
        try await pool.removeEverything()
        await runtime.removeControlGroups()
    }

    /// What it changed outlives a power cut, also where syncs return at once: a binding is told once, and believed.
    private func runVerb(_ order: VerbOrder) async throws(FoundryError) {
        try await verbs.run(order)
        if let volume = order.place?.volume, flushes.isOwed(volume) { try await pool.flush(volume) }
    }

    /// What the process before wrote with its syncs deferred is on the disk before one begins that may promise more.
    private func settle(_ volume: VolumeID) async throws(FoundryError) {
        guard flushes.settle(volume) else { return }
        do throws(FoundryError) { try await pool.flush(volume) } catch {
            flushes.owe(volume)
            throw error
        }
    }

    private func createContainer(_ order: MemberOrder) async throws(FoundryError) -> ContainerObservation {
        if let volume = order.volume { try await settle(volume) }
        let mounts = order.spec.disk?.mounts ?? []
        let volumes = order.volume.map { volume in
            mounts.map { VolumeSource(source: pool.dataPath(volume, directory: $0.directory), path: $0.path) }
        }
        return try await runtime.create(
            order, user: try images.user(order.spec.image), networkNamespace: network.namespacePath(slot: order.slot),
            volumes: volumes ?? [],
            extras: try MemberExtras(order, subnet: network.subnet, image: images.tree(order.spec.image)))
    }
}

extension CellEffect {
    /// An effect on data is in the journal, on the disk, before it begins.
    var isDurable: Bool {
        switch self {
        case .createVolume, .cloneVolume, .takeVolume, .growVolume, .sealVolume, .deleteVolume, .takeSnapshot,
            .deleteSnapshot,
            .promise:
            true
        case .unpackImage, .mountVolume, .unmountVolume, .tuneVolume, .createNetwork, .removeNetwork, .mountRootfs,
            .unmountRootfs,
            .createContainer,
            .startContainer, .stopContainer, .limitContainer, .killContainer, .deleteContainer, .writeHistory,
            .forgetMember,
            .readVolume,
            .guardMember, .unguardMember, .wireMember, .linkNetwork, .writeHosts, .runVerb, .unlatch:
            false
        }
    }
}
