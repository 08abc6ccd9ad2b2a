import CFoundryLinux
import FoundryEffects
import FoundryModel

/// Measures what members use, from files of the kernel: no program is started. It may block on a file system that hangs.
struct UsageReader: Sendable {
    let paths: Paths
    let cgroups: CgroupTree
    private let flushes: FlushBoard
    private let devices = DeviceCounts()

    init(paths: Paths, cgroups: CgroupTree, flushes: FlushBoard = FlushBoard()) {
        self.paths = paths
        self.cgroups = cgroups
        self.flushes = flushes
    }

    /// A volume was mounted: what its device does counts from now on.
    func begin(_ volume: VolumeID) {
        guard let source = try? MountTable.read().entry(at: paths.volumeMount(volume))?.source,
            let counts = DeviceStatistics.read(source: source)
        else { return }
        devices.begin(volume, source: source, counts: counts)
    }

    func read(_ members: [(member: MemberID, volume: VolumeID?)], of cell: CellID) -> CellUsage {
        let mounts = try? MountTable.read()
        devices.keep(Set((mounts?.names(in: VolumePlaces(paths).mounts) ?? [:]).keys.compactMap { VolumeID($0) }))
        return CellUsage(
            cell: cell,
            members: members.prefix(CellUsage.mostMembers).map { member, volume in
                usage(member, volume.flatMap { mounts?.entry(at: paths.volumeMount($0)).flatMap(usage($0)) })
            })
    }

    private func usage(_ member: MemberID, _ volume: VolumeUsage?) -> MemberUsage {
        let groups = paths.cgroups(member)
        let memory = cgroups.memory(groups)
        return MemberUsage(
            id: member, cpuMicroseconds: cgroups.cpuMicroseconds(groups),
            throttledMicroseconds: cgroups.throttledMicroseconds(groups), memory: memory?.used, cache: memory?.cache,
            memoryLimit: cgroups.memoryLimit(groups),
            memoryKills: memory.map { _ in Int64(groups.map(cgroups.outOfMemoryKills).reduce(0, +)) }, volume: volume,
            exposureMilliseconds: flushes.exposure(of: member, now: SystemClock.monotonic()))
    }

    private func usage(_ id: VolumeID) -> (MountTable.Entry) -> VolumeUsage? {
        { mount in
            var (total, used, available): (Int64, Int64, Int64) = (0, 0, 0)
            guard foundry_space(mount.target, &total, &used, &available) == 0 else { return nil }
            return VolumeUsage(
                id: id, used: ByteCount(bytes: used), size: ByteCount(bytes: used + available),
                device: DeviceStatistics.read(source: mount.source).map {
                    devices.since(id, source: mount.source, counts: $0)
                })
        }
    }
}
