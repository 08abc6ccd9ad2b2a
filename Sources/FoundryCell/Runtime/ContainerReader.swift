import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

/// Reads what a container does from files and /proc alone: no program is started.
struct ContainerReader: Sendable {
    let paths: Paths
    let cgroups: CgroupTree

    enum Reading: Sendable {
        case absent
        case container(ContainerObservation)
        /// Its process is gone and its monitor is about to say how: read again in a moment.
        case settling(ContainerRecord)
    }

    func members() throws(FoundryError) -> [MemberID] {
        try HostFiles.names(in: MonitorPlaces.all(paths)).compactMap { MemberID($0) }
    }

    func record(_ member: MemberID) -> ContainerRecord? { ContainerRecord.read(MonitorPlaces(paths, member)) }

    func read(_ member: MemberID) -> Reading {
        let places = MonitorPlaces(paths, member)
        guard HostFiles.exists(places.directory) else { return .absent }
        guard let record = ContainerRecord.read(places) else {
            let isMonitored = ProcessIdentity(pidFile: places.monitorFile) != nil
            return .container(
                ContainerObservation(member: member, generation: 0, phase: .broken, isMonitored: isMonitored))
        }
        let isMonitored = record.monitor.isAlive
        let observation = { (phase: ContainerPhase) in
            Reading.container(
                ContainerObservation(
                    member: member, generation: record.generation, phase: phase, isMonitored: isMonitored,
                    limits: record.limits))
        }
        if record.process.isAlive {
            return observation(
                HostFiles.exists(MonitorPlaces.startPipe(paths, member))
                    ? .created : .running(pid: record.process.pid, startedAt: record.startedAt))
        }
        if isMonitored, !HostFiles.exists(places.exitFile) { return .settling(record) }
        return observation(.ended(exit(record, places)))
    }

    /// What is told when the monitor does not say how its container ended.
    func unseenEnd(_ record: ContainerRecord) -> ContainerObservation {
        let exit = exit(record, MonitorPlaces(paths, record.member))
        return ContainerObservation(
            member: record.member, generation: record.generation, phase: .ended(exit),
            isMonitored: record.monitor.isAlive, limits: record.limits)
    }

    private func exit(_ record: ContainerRecord, _ places: MonitorPlaces) -> MemberExit {
        let status = ProcFile.read(places.exitFile).flatMap { text in Int32(text.prefix { !$0.isWhitespace }) }
        let kills = paths.cgroups(record.member).map(cgroups.outOfMemoryKills).reduce(0, +)
        return MemberExit(
            time: endTime(places),
            reason: ContainerEnd.reason(status: status, outOfMemoryKills: kills, memory: record.memory), status: status,
            lastLines: lastLines(record))
    }

    /// The exit file's own time, so that one end has one time however often it is read. Where nobody saw the end an empty file keeps it.
    private func endTime(_ places: MonitorPlaces) -> Timestamp {
        let descriptor = open(places.exitFile, O_RDONLY | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return SystemClock.timestamp() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { return SystemClock.timestamp() }
        return Timestamp(
            millisecondsSince1970: Int64(status.st_mtim.tv_sec) * 1000 + Int64(status.st_mtim.tv_nsec) / 1_000_000)
    }

    private func lastLines(_ record: ContainerRecord) -> [String] {
        let lines = (try? LogTail(LogFiles(paths.memberLog(record.member))).read(lines: 10)) ?? []
        return lines.filter { $0.time >= record.startedAt }.map { String($0.text.prefix(400)) }
    }
}
