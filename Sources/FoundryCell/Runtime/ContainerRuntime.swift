import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

/// The containers of a cell: runc makes them, conmon watches them, and both outlive us.
///
/// Each function is safe to do twice. What a container is lies in files and in /proc: another process that makes a `ContainerRuntime` of the
/// same paths has the same containers.
public actor ContainerRuntime {
    /// For runc, which takes 10 ms for what we ask.
    static let runcLimit = Duration.seconds(30)
    static let endLimitMilliseconds: Int64 = 10_000

    let paths: Paths
    let configuration: PlatformConfiguration
    let command: Command
    let cgroups: CgroupTree
    let reader: ContainerReader
    let watch: ExitWatch

    /// - Throws: `machine_unfit` when the machine has no control groups.
    public init(paths: Paths, configuration: PlatformConfiguration, command: Command = Command()) throws(FoundryError) {
        self.paths = paths
        self.configuration = configuration
        self.command = command
        cgroups = try CgroupTree()
        reader = ContainerReader(paths: paths, cgroups: cgroups)
        watch = ExitWatch(reader: reader)
    }

    /// A container whose process ended, or whose monitor did, as it is then. For one reader.
    public nonisolated var exits: AsyncStream<ContainerObservation> { watch.exits }

    /// Makes the control groups of this installation, those of the guarded members and of the monitors among them. Comes before `create`.
    public func prepare() throws(FoundryError) {
        try HostFiles.makeDirectory(MonitorPlaces.all(paths))
        try HostFiles.makeDirectory(paths.runc)
        try cgroups.make(paths.guardedCgroup)
        try cgroups.make(monitorGroup)
        try cgroups.handDown(paths.guardedCgroup)
        // Those that were made before, and not yet put there.
        cgroups.shareDisks(try reader.members().flatMap(groups))
    }

    /// Removes the control groups of this installation; those that still hold a member stay.
    public func removeControlGroups() {
        cgroups.remove(paths.guardedCgroup)
        cgroups.remove(monitorGroup)
        cgroups.remove(paths.cgroup)
    }

    /// Every container there is, sorted by member; from now on their ends are told.
    ///
    /// Starts no program: 20 containers take a few milliseconds.
    public func observe() async throws(FoundryError) -> [ContainerObservation] {
        var found: [ContainerObservation] = []
        for member in try reader.members().sorted() {
            if let observation = try await observe(member) { found.append(observation) }
        }
        return found
    }

    /// One container; nil when the member has none.
    public func observe(_ member: MemberID) async throws(FoundryError) -> ContainerObservation? {
        if let record = reader.record(member) { try watch.watch(record) }
        switch reader.read(member) {
        case .absent: return nil
        case .container(let observation): return observation
        case .settling(let record):
            _ = try await record.monitor.waitForEnd(limitMilliseconds: 1_000)
            if case .container(let observation) = reader.read(member) { return observation }
            return reader.unseenEnd(record)
        }
    }

    /// Lets the process that waits begin.
    ///
    /// - Throws: `command_failed` when the member has no container, or its program cannot be executed.
    @discardableResult
    public func start(_ member: MemberID) async throws(FoundryError) -> ContainerObservation {
        let before = try await existing(member)
        guard before.phase == .created else { return before }
        do { try await runc(["start", member.description]) } catch {
            // Another start, of a cell that was killed meanwhile, may have been first; or the program ended at once.
            let after = try await existing(member)
            guard after.phase != .created else { throw error }
            return after
        }
        return try await existing(member)
    }

    /// Sends a signal to the container's first process; nothing happens when it ended.
    ///
    /// - Parameter signal: `SIGTERM`. One that is none counts as SIGTERM.
    public func stop(_ member: MemberID, signal: String) async throws(FoundryError) {
        try reader.record(member)?.process.signal(SignalNumber.parse(signal) ?? SIGTERM)
    }

    /// Sends SIGKILL to every process of the container and waits until they are gone.
    ///
    /// - Throws: `timed_out` when one cannot be killed, as one that waits for a disk that does not answer.
    public func kill(_ member: MemberID) async throws(FoundryError) {
        try reader.record(member)?.process.signal(SIGKILL)
        let deadline = SystemClock.monotonic() + Self.endLimitMilliseconds
        while try killGroups(member) {
            guard SystemClock.monotonic() < deadline else {
                throw FoundryError(
                    .timedOut, "A process of the member cannot be killed.",
                    detail: "\(groups(member).flatMap { cgroups.processes($0) })")
            }
            do { try await SystemClock.sleep(.milliseconds(5)) } catch {
                throw FoundryError(.timedOut, "The cell is stopping.")
            }
        }
    }

    /// - Returns: false when there was no process.
    private func killGroups(_ member: MemberID) throws(FoundryError) -> Bool {
        var any = false
        for group in groups(member) where try cgroups.kill(group) { any = true }
        return any
    }

    /// Of every conmon, so that it outlives the unit that the cell may be part of.
    nonisolated var monitorGroup: String { "\(paths.cgroup)/monitors" }

    private func existing(_ member: MemberID) async throws(FoundryError) -> ContainerObservation {
        guard let observation = try await observe(member) else {
            throw FoundryError(.commandFailed, "The member has no container.", detail: member.description)
        }
        return observation
    }

    @discardableResult
    func runc(_ arguments: [String], input: String = "") async throws(FoundryError) -> String {
        try await command.run(
            try ProgramPath.require("runc"), ["--root", paths.runc] + arguments, input: input, limit: Self.runcLimit)
    }
}
