import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import SystemPackage

/// Starts the daemons of one installation and starts them again when they end; adopts those that a supervisor before it started.
///
/// One thread that sleeps until a daemon ends, a signal comes, or a time is due. It decides nothing: the machine does. SIGTERM and SIGINT end ours and
/// leave members running, SIGUSR1 stops members first.
public final class Supervisor {
    let paths: Paths
    let daemons: [Daemon]
    let limits: SupervisorLimits
    let namespace: MountNamespace
    var machine: SupervisorMachine
    var running: [String: Running] = [:]
    var records: [String: DaemonRecord] { didSet { hasNews = true } }
    /// Not written down yet.
    var hasNews = true
    private var nextLogCheck: MonotonicTime
    private var hasFinished = false

    struct Running {
        let handle: ProcessHandle
        /// How it ends can be learned.
        let isChild: Bool
    }

    private init(_ paths: Paths, _ daemons: [Daemon], _ limits: SupervisorLimits) {
        self.paths = paths
        self.daemons = daemons
        self.limits = limits
        namespace = MountNamespace(pin: paths.mountNamespace)
        let now = SystemClock.monotonic()
        machine = SupervisorMachine(
            daemons.map { .init(name: $0.name, drains: $0.drains) }, draining: access(paths.downMarker, F_OK) == 0,
            limits: .init(restart: Self.restartLimits), now: now)
        records = Dictionary(uniqueKeysWithValues: daemons.map { ($0.name, DaemonRecord(name: $0.name)) })
        nextLogCheck = now + limits.logCheckMilliseconds
        for record in DaemonRecord.load(paths.daemonRecords) where records[record.name] != nil {
            records[record.name] = record
        }
    }

    /// A run through all kill points is no daemon that fails: it does not wait for ever longer.
    private static var restartLimits: DaemonRestart.Limits {
        KillPoints.areWatched ? .init(longestDelayMilliseconds: 200) : .init()
    }

    /// Supervises until it is told to end.
    ///
    /// - Parameter isForeground: somebody else starts it again when it dies; it waits for its turn when another one runs.
    /// - Throws: `already_running`, when another one does.
    public static func run(
        _ paths: Paths, daemons: [Daemon], isForeground: Bool = false, limits: SupervisorLimits = SupervisorLimits()
    ) throws(FoundryError) {
        try RunDirectory.prepare(paths)
        guard let lock = try takeLock(paths, isForeground: isForeground) else {
            throw FoundryError(.alreadyRunning, "A supervisor of \(paths.data) runs already.", hint: "foundry status")
        }
        // Before the pid file tells where signals go.
        let signals = try SignalPipe([SIGTERM, SIGINT, SIGUSR1, SIGHUP])
        try PidFile.write(.current(), remark: isForeground ? "foreground" : nil, to: paths.pidFile("supervisor"))
        let supervisor = Supervisor(paths, daemons, limits)
        log("supervisor of \(paths.data) began, pid \(getpid())")
        supervisor.tell(.began(running: supervisor.adopt()))
        while !supervisor.hasFinished { supervisor.step(signals) }
        for path in [paths.daemonRecords] + daemons.map({ paths.pidFile($0.name) }) { PidFile.remove(path) }
        // The last one: without it, the work has come to its end.
        PidFile.remove(paths.pidFile("supervisor"))
        KillPoints.reach("supervisor.\(SupervisorEffectName.finish.rawValue).after")
        log("supervisor ended")
        extendLifetime(lock)
    }

    private static func takeLock(_ paths: Paths, isForeground: Bool) throws(FoundryError) -> FileLock? {
        if let lock = try FileLock.take(paths.supervisorLock, wait: .not) { return lock }
        guard isForeground else { return nil }
        log("another supervisor runs; this one waits until it ends")
        return try FileLock.take(paths.supervisorLock, wait: .forEver)
    }

    /// Daemons that live go on living, whoever started them.
    private func adopt() -> [String] {
        for daemon in daemons {
            guard let handle = PidFile.live(paths.pidFile(daemon.name)) else {
                if access(paths.pidFile(daemon.name), F_OK) == 0 { note(.unknown, of: daemon.name) }
                continue
            }
            running[daemon.name] = Running(handle: handle, isChild: false)
            if records[daemon.name]?.starts == 0 { records[daemon.name]?.starts = 1 }
            Self.log("\(daemon.name) runs, pid \(handle.identity.pid): adopted")
        }
        return running.keys.sorted()
    }

    /// Gives the machine an event, and does what it answers.
    func tell(_ event: SupervisorEvent) {
        var events = [event]
        while !events.isEmpty {
            let effects: [SupervisorEffect]
            do throws(SupervisorRefusal) {
                effects = try machine.handle(events.removeFirst(), now: SystemClock.monotonic())
            } catch {
                Self.log("passed over: \(error)")
                continue
            }
            for effect in effects {
                if case .finish = effect { hasFinished = true }
                if let answer = perform(effect) { events.append(answer) }
            }
        }
    }

    /// Sleeps until something happens, and tells the machine.
    private func step(_ signals: SignalPipe) {
        saveRecords()
        let watched = running.sorted { $0.key < $1.key }
        var descriptors = [pollfd(fd: signals.descriptor, events: Int16(POLLIN), revents: 0)]
        descriptors += watched.map { pollfd(fd: $0.value.handle.descriptor, events: Int16(POLLIN), revents: 0) }
        let wake = min(machine.nextDeadline ?? nextLogCheck, nextLogCheck)
        poll(&descriptors, nfds_t(descriptors.count), Int32(clamping: max(0, wake - SystemClock.monotonic())))
        for number in signals.read() { receive(number) }
        for (index, item) in watched.enumerated() where descriptors[index + 1].revents != 0 {
            collect(item.key, item.value)
        }
        if !hasFinished { tell(.timePassed) }
        checkLogs()
    }

    private func receive(_ signal: Int32) {
        guard !hasFinished else { return }
        switch signal {
        case SIGTERM, SIGINT: tell(.stopRequested)
        case SIGUSR1: tell(.drainRequested)
        default: break
        }
    }

    private func checkLogs() {
        let now = SystemClock.monotonic()
        guard now >= nextLogCheck else { return }
        nextLogCheck = now + limits.logCheckMilliseconds
        for name in daemons.map(\.name) + ["supervisor"] { log(of: name).bound() }
    }

    func log(of name: String) -> DaemonLog { DaemonLog(path: "\(paths.logs)/\(name).log", limit: limits.logSize) }

    static func log(_ text: String) {
        _ = try? FileDescriptor.standardOutput.writeAll("\(SystemClock.timestamp()) \(text)\n".utf8)
    }
}
