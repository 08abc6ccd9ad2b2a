import FoundryEffects
import FoundryModel
import FoundryRules
import Logging

/// Runs one cell: feeds its machine, carries out what the machine decides, and reports.
///
/// No decision is made here. Whatever ends this process, the members run on; the next one observes the machine and goes on.
public actor CellShell {
    /// Between measurements of how full the volumes are, and between looks at the logs' sizes.
    private static let measurePause = Duration.seconds(10)
    private static let rotatePause = Duration.seconds(2)
    /// Of what members use, until the server says when it wants to hear it.
    private static let usagePause = Duration.seconds(2)
    private static let firstPause = Duration.milliseconds(20)
    private static let longestPause = Duration.seconds(1)

    private let cell: CellID
    private let machineID: String
    private let world: CellWorld
    private let uplink: any CellUplink
    private let journal: EffectJournal
    private let logger: Logger

    private var machine: CellMachine
    /// Begins above that of any cell process before this one in this boot: none makes a thousand reports in a millisecond.
    private var sequence = SystemClock.monotonic().milliseconds * 1_000
    private var lastReport: CellReport?
    /// Of the machine's changes, those that the reporting loop was woken for.
    private var changesTold = 0
    private var used: [VolumeID: ByteCount] = [:]
    /// Each has a flusher.
    private var flushed: Set<DeferredVolume> = []
    private var execs = ExecIntake()
    private var timer: Task<Void, any Error>?
    private var timerAt: MonotonicTime?
    private let work: AsyncStream<CellWork>
    private let workInput: AsyncStream<CellWork>.Continuation
    private let reportWake = Wake()
    private let drained = Wake()

    /// - Throws: `machine_unfit`, `internal_error`.
    public init(
        cell: CellID, machineID: String, paths: Paths, configuration: PlatformConfiguration, uplink: any CellUplink,
        logger: Logger
    ) throws(FoundryError) {
        self.cell = cell
        self.machineID = machineID
        self.uplink = uplink
        self.logger = logger
        world = try CellWorld(paths: paths, configuration: configuration, logger: logger)
        journal = try EffectJournal(shell: "cell", path: paths.journal("cell"))
        machine = CellMachine(subnet: configuration.subnet, limits: configuration.restart)
        // Bounded by the machine, one effect a lane, one check of each kind a member; and by the limit of commands.
        (work, workInput) = AsyncStream.makeStream()
    }

    /// Runs until it is cancelled, or drained.
    public func run() async throws(FoundryError) {
        for entry in await journal.interrupted {
            logger.info(
                "an effect was interrupted", metadata: ["effect": "\(entry.name)", "subject": "\(entry.subject)"])
        }
        try await world.prepare()
        feed(.observed(try await world.observe(machineID: machineID)))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.doWork() }
            group.addTask { await self.watchExits() }
            group.addTask { await self.followOrders() }
            group.addTask { await self.sendReports() }
            group.addTask { await self.measure() }
            group.addTask { await self.tellUsage() }
            group.addTask { await self.rotateLogs() }
            group.addTask { for await _ in self.drained.calls { return } }
            // The first to end is the wait for `drained`, or all are cancelled.
            await group.next()
            group.cancelAll()
        }
        timer?.cancel()
    }

    /// Stops every member and lets go of every volume; `run` returns when that is done.
    public func drain() { feed(.drain) }

    /// Nothing runs and nothing is mounted: there is nothing to drain, also where the pool cannot be opened.
    func endedBefore() async throws(FoundryError) -> Bool { try await world.endedBefore() }

    public var isDrained: Bool { machine.isDrained }

    /// Lets go of the pool, after `run` returned drained.
    public func close() async throws(FoundryError) { try await world.close() }

    private func feed(_ event: CellEvent) {
        let now = Moment(wall: SystemClock.timestamp(), monotonic: SystemClock.monotonic())
        switch machine.handle(event, now: now) {
        case .success(let effects): for effect in effects { workInput.yield(.effect(effect)) }
        case .failure(let refused): logger.warning("an event was refused", metadata: ["reason": "\(refused.reason)"])
        }
        for probe in machine.takeProbes(now: now.monotonic) { workInput.yield(.probe(probe)) }
        for question in machine.takeRoleQuestions(now: now.monotonic) { workInput.yield(.role(question)) }
        setTimer(now)
        if machine.changes != changesTold {
            changesTold = machine.changes
            followDeferred()
            reportWake.call()
        }
        if machine.isDrained { drained.call() }
    }

    /// One flusher for each running member whose syncs the platform defers.
    private func followDeferred() {
        for deferred in machine.deferredVolumes() where flushed.insert(deferred).inserted {
            workInput.yield(.keepFlushed(deferred))
        }
    }

    private func keepFlushed(_ deferred: DeferredVolume) async {
        let flusher = VolumeFlusher(deferred: deferred, world: world, logger: logger) { await self.defers(deferred) }
        if let error = await flusher.run() { feed(.flushFailed(deferred.member, pid: deferred.pid, error)) }
        flushed.remove(deferred)
    }

    private func defers(_ deferred: DeferredVolume) -> Bool { machine.deferredVolumes().contains(deferred) }

    private func setTimer(_ now: Moment) {
        guard let wake = machine.nextWake(now: now), wake != timerAt else { return }
        timer?.cancel()
        timerAt = wake
        timer = Task {
            try await SystemClock.sleep(.milliseconds(max(1, wake - now.monotonic)))
            self.timeHasCome(wake)
        }
    }

    private func timeHasCome(_ wake: MonotonicTime) {
        if timerAt == wake { timerAt = nil }
        feed(.tick)
    }

    private func doWork() async {
        await withDiscardingTaskGroup { group in
            for await item in work { group.addTask { await self.perform(item) } }
        }
    }

    private func perform(_ item: CellWork) async {
        switch item {
        case .effect(let effect): await perform(effect)
        case .probe(let probe):
            feed(.probed(probe.member, pid: probe.pid, probe.role, await world.check(probe)))
        case .role(let question):
            let role = await world.verbs.role(of: question.member, verb: EngineRoleQuestion.verb)
            feed(.engineRole(question.member, pid: question.pid, role))
        case .keepFlushed(let deferred): await keepFlushed(deferred)
        case .exec(let order, let member): await exec(order, member)
        }
    }

    private func perform(_ effect: CellEffect) async {
        let world = world
        do throws(FoundryError) {
            let result = try await journal.perform(effect.name.rawValue, effect.subject, isDurable: effect.isDurable) {
                () throws(FoundryError) in try await world.apply(effect)
            }
            feed(.done(effect, result))
        } catch {
            logger.warning(
                "an effect failed",
                metadata: ["effect": "\(effect.name.rawValue)", "subject": "\(effect.subject)", "error": "\(error)"])
            feed(.failed(effect, error))
        }
    }

    private func follow(_ orders: CellOrders) {
        for order in execs.follow(orders.execs) {
            workInput.yield(.exec(order, in: orders.members.first { $0.id == order.member }))
        }
        var lasting = orders
        lasting.execs = []
        feed(.orders(lasting))
    }

    private func exec(_ order: ExecOrder, _ member: MemberOrder?) async {
        await ExecRun(order: order, member: member, programs: world.execs, logger: logger).run(over: uplink)
        execs.ended(order.ticket)
    }

    private func watchExits() async {
        for await container in world.runtime.exits { feed(.containerChanged(container)) }
    }

    private func followOrders() async {
        var pause = Self.firstPause
        while !Task.isCancelled {
            // Who answers now may have forgotten what it was told.
            lastReport = nil
            do throws(FoundryError) {
                try await uplink.follow { @Sendable orders in await self.follow(orders) }
                pause = Self.firstPause
            } catch {
                logger.info(
                    "the server cannot be followed",
                    metadata: ["error": "\(error.code.rawValue)", "detail": "\(error.detail ?? "")"])
            }
            do { try await SystemClock.sleep(pause) } catch { return }
            pause = min(pause * 2, Self.longestPause)
        }
    }

    /// One report at a time; what changes meanwhile is in the next one.
    private func sendReports() async {
        for await _ in reportWake.calls {
            var pause = Self.firstPause
            while let report = nextReport() {
                do throws(FoundryError) {
                    try await uplink.report(report)
                    lastReport = report
                    pause = Self.firstPause
                } catch {
                    logger.debug("a report failed", metadata: ["error": "\(error)"])
                    do { try await SystemClock.sleep(pause) } catch { return }
                    pause = min(pause * 2, Self.longestPause)
                }
            }
        }
    }

    /// - Returns: nil when the server knows it all.
    private func nextReport() -> CellReport? {
        guard !Task.isCancelled, var report = machine.report(cell: cell, sequence: sequence + 1) else { return nil }
        for index in report.volumes.indices where report.volumes[index].mounted {
            report.volumes[index].used = used[report.volumes[index].id] ?? report.volumes[index].used
        }
        if var last = lastReport {
            last.sequence = report.sequence
            if last == report { return nil }
        }
        sequence += 1
        return report
    }

    private func measure() async {
        while true {
            do { try await SystemClock.sleep(Self.measurePause) } catch { return }
            let volumes = machine.report(cell: cell, sequence: 0)?.volumes ?? []
            do throws(FoundryError) {
                used = try await world.pool.used(volumes.filter(\.mounted).map(\.id))
                reportWake.call()
            } catch { logger.debug("volumes cannot be measured", metadata: ["error": "\(error)"]) }
        }
    }

    /// As often as the server wants to hear it; what it does not get is not told later.
    private func tellUsage() async {
        var pause = Self.usagePause
        while true {
            do { try await SystemClock.sleep(pause) } catch { return }
            pause = Self.usagePause
            let (running, reader, cell) = (machine.running, world.usage, cell)
            do throws(FoundryError) {
                let usage = try await BlockingWork.run { () throws(FoundryError) in reader.read(running, of: cell) }
                pause = UsagePause.of(try await uplink.usage(usage))
            } catch {
                logger.debug("what members use cannot be told", metadata: ["error": "\(error)"])
            }
        }
    }

    private func rotateLogs() async {
        while true {
            do { try await SystemClock.sleep(Self.rotatePause) } catch { return }
            do throws(FoundryError) { try world.logs.rotateAll() } catch {
                logger.warning("logs cannot be rotated", metadata: ["error": "\(error)"])
            }
        }
    }
}

/// What a cell has to do beside deciding.
enum CellWork: Sendable {
    case effect(CellEffect)
    case probe(HealthProbeOrder)
    case role(EngineRoleQuestion)
    case keepFlushed(DeferredVolume)
    case exec(ExecOrder, in: MemberOrder?)
}
