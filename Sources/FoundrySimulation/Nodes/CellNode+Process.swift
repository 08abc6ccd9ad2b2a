import FoundryModel
import FoundryRules

extension CellNode {
    func startProcess() {
        process.start()
        inbox = []
        brain = CellMachine(
            subnet: "10.77.\(index)", limits: world.configuration.restart,
            holdsSessions: world.configuration.timing != nil)
        session = nil
        ownWatcher = world.configuration.timing.map { GuardWatcher(timing: $0) }
        runs = [:]
        requests = [:]
        unansweredRequests = 0
        orderStream = .none
        ordersTerm = nil
        ordersRevision = 0
        ordersBefore = (0, .zero)
        reportedChanges = -1
        isReportDue = false
        told = (.idle, nil)
        guard world.configuration.timing != nil else { return begin(identity: nil) }
        switch disk.contents(of: DiskFile(.identity)) {
        case .value(.identity(let incarnation, machineID)): begin(identity: incarnation)
        case .value(.identity(let incarnation, _)) where Planted.has(.cloneAccepted): begin(identity: incarnation)
        case .absent, .torn, .value: writeIdentity()
        }
    }

    /// A new life of the data directory: of an empty one, and of a copy that came to another machine.
    func writeIdentity() {
        submit(
            .replace(DiskFile(.identity), .identity(world.names.incarnation(), machineID: machineID)),
            for: .identity(life: process.life))
    }

    private func begin(identity: IncarnationID?) {
        if let timing = world.configuration.timing, let identity {
            session = CellSessionMachine(
                identity: CellIdentity(
                    cell: id, incarnation: identity, machineID: machineID, bootID: machine.bootID,
                    isPausable: isPausable), timing: timing, remembered: rememberedSequence, now: guardNow)
            if sentinelProcess.isAlive, let sentinel {
                told = (sentinel.state, sentinel.session)
                toldLife = sentinelProcess.life
                giveOwnWatcher(.sentinelLives)
            }
        }
        feed(.observed(observation()))
        for case let container? in containers { container.engine.told = nil }
        for case let container? in containers { container.engine.replicationChanged() }
        openOrders()
        tickSession()
        pump()
    }

    private var rememberedSequence: UInt64 {
        if case .value(.probe(let sequence)) = disk.contents(of: DiskFile(.probe)) { return sequence }
        return 0
    }

    /// The process is gone; what it did stays.
    func endProcess() {
        guard process.isAlive else { return }
        process.end()
        inbox = []
        runs = [:]
        session = nil
        if orderStream != .none { world.close(orderStream, by: node) }
        orderStream = .none
        world.queue.cancel(wake)
        wakeAt = .never
        if machine.isOn { giveSentinel(.cellGone) }
    }

    /// Something for the cell's process: at once, or when it goes on.
    func tell(_ input: CellInput) {
        guard process.isAlive else { return }
        if process.isPaused { return inbox.append(input) }
        take(input)
        if process.isAlive { pump() }
    }

    private func take(_ input: CellInput) {
        switch input {
        case .timer(let timer): take(timer)
        case .message(let message): take(message)
        case .streamEnd(let stream): if stream == orderStream { loseOrders() }
        case .brain(let event): feed(event)
        case .disk(.effect(let run, _), let answer): diskStep(run, answer)
        case .disk(.probe(let number, _), let answer): probeDone(number, answer)
        case .disk(.identity, .done):
            guard case .value(.identity(let incarnation, _)) = disk.contents(of: DiskFile(.identity)) else { return }
            // It has begun under another one: it begins anew.
            guard session == nil else { return world.kill(.cell(index)) }
            begin(identity: incarnation)
        case .disk(.identity, _): world.kill(.cell(index))
        case .disk: break
        case .guardsFired: noteGuardsFired()
        case .sentinelTold(let state, let under, let life):
            toldLife = life
            note(state, under)
        case .sentinelLives:
            if let sentinel {
                told = (sentinel.state, sentinel.session)
                toldLife = sentinelProcess.life
            }
            giveOwnWatcher(.sentinelLives)
        case .sentinelDied: giveOwnWatcher(.sentinelDied)
        case .frozen: giveOwnWatcher(.frozen)
        case .checked(let remaining): giveOwnWatcher(.killed(remaining: remaining))
        }
    }

    private func take(_ timer: CellTimer) {
        switch timer {
        case .wake:
            wakeAt = .never
            giveOwnWatcher(.tick)
            feed(.tick)
            tickSession()
            watchOrders()
        case .effect(let run): step(run)
        case .report: sendReport()
        case .connect: openOrders()
        }
    }

    private func take(_ message: SimulatedNetwork<Payload>.Message) {
        switch message.payload {
        case .sessionAnswer(let answer, let number, let life):
            guard life == process.life else { return }
            answered(answer, number)
        case .cellOrders(let orders):
            guard message.stream == orderStream else { return }
            heardAt = world.now
            ordersTerm = orders.term
            if world.now - ordersBefore.until > Self.moment { ordersBefore = (ordersRevision, world.now) }
            ordersRevision = orders.revision
            feed(.orders(orders))
        case .heartbeat: if message.stream == orderStream { heardAt = world.now }
        case .reportTaken(let sequence): takenSequence = max(takenSequence, sequence)
        case .ask, .answer, .replication, .sessionRequest, .hello, .routerOrders, .cellReport, .routerReport: break
        }
    }

    /// Within which what was decided has begun.
    private static let moment = SimulationDuration.milliseconds(50)

    /// The oldest orders under which what begins now may have been decided.
    var ordersFollowed: Int64 {
        world.now - ordersBefore.until > Self.moment ? ordersRevision : min(ordersRevision, ordersBefore.revision)
    }

    /// An event for the cell's machine, and what it wants done.
    func feed(_ event: CellEvent) {
        guard case .success(let effects) = brain.handle(event, now: now) else { return }
        for effect in effects {
            guard process.isAlive else { return }
            begin(effect)
        }
    }

    /// After every input: checks that are due, what is to be reported, and when to wake.
    private func pump() {
        for probe in brain.takeProbes(now: machine.clock.monotonic(at: world.now)) {
            feed(.probed(probe.member, pid: probe.pid, probe.role, verdict(of: probe)))
            guard process.isAlive else { return }
        }
        for question in brain.takeRoleQuestions(now: machine.clock.monotonic(at: world.now)) {
            feed(.engineRole(question.member, pid: question.pid, "primary"))
            guard process.isAlive else { return }
        }
        if brain.changes != reportedChanges, !isReportDue {
            isReportDue = true
            world.queue.push(.cell(Int16(index), life: process.life, .report), after: .milliseconds(15))
        }
        armWake()
    }

    private func verdict(of probe: HealthProbeOrder) -> CheckVerdict {
        guard answers(probe) else { return .fails(.refused) }
        return probe.role == .writes ? writeVerdict : .serves
    }

    /// Something small is written through to the disk.
    private var writeVerdict: CheckVerdict {
        if disk.isHung { return .fails(.silent) }
        guard disk.faults.isFull || world.random.faults.happens(disk.faults.inputOutputError) else { return .serves }
        return .fails(.exited(1, said: disk.faults.isFull ? "No space left on device" : "Input/output error"))
    }

    private func answers(_ probe: HealthProbeOrder) -> Bool {
        guard let container = container(of: probe.member), container.engine.pid == probe.pid, container.runs,
            !(disk.isHung && container.waiting > 0)
        else { return false }
        if world.random.faults.happens(world.faults.healthCheckFails) {
            world.counters.count(.healthCheckFailed)
            return false
        }
        return container.engine.state == .serving
    }

    private func armWake() {
        var next = brain.nextWake(now: now).flatMap { machine.clock.trueTime(of: $0) } ?? .never
        if let session, let time = trueTime(session.nextWake) { next = min(next, time) }
        if let due = ownWatcher?.nextWake, let time = trueTime(due) { next = min(next, time) }
        next = max(min(next, world.now + .seconds(2)), world.now + .microseconds(50))
        guard next != wakeAt else { return }
        world.queue.cancel(wake)
        wakeAt = next
        wake = world.queue.push(.cell(Int16(index), life: process.life, .wake), at: next)
    }

    // Reports.

    private func sendReport() {
        isReportDue = false
        guard machine.isOn else { return }
        reportedChanges = brain.changes
        guard var report = brain.report(cell: id, sequence: reportSequence + 1) else { return }
        report.sequence = lastReport?.sequence ?? report.sequence
        let isTaken = takenSequence >= (lastReport?.sequence ?? .max)
        if report == lastReport, isTaken, world.now - lastReportAt < .seconds(10) { return }
        reportSequence += 1
        report.sequence = reportSequence
        world.checker.reports(report, by: self)
        for volume in report.volumes {
            if let refusal = volume.refusal { world.refused(RefusalKind(volume: refusal.code)) }
        }
        for member in report.members {
            if case .refused(let refusal) = member.phase { world.refused(RefusalKind(volume: refusal.code)) }
        }
        lastReport = report
        lastReportAt = world.now
        world.send(.cellReport(cell: index, report, isForwarded: false), from: node, to: server, size: .medium)
        world.queue.push(.cell(Int16(index), life: process.life, .report), after: .milliseconds(2_500))
    }

    // Orders.

    private func openOrders() {
        guard orderStream == .none else { return }
        orderStream = world.network.openStream(from: node, to: server)
        // Who answers now may have forgotten what it was told.
        lastReport = nil
        heardAt = world.now
        world.send(.hello(.cell(index)), on: orderStream, from: node)
    }

    private func loseOrders() {
        if orderStream != .none { world.close(orderStream, by: node) }
        orderStream = .none
        world.queue.push(.cell(Int16(index), life: process.life, .connect), after: .milliseconds(300))
    }

    /// Three heartbeats were not heard.
    private func watchOrders() {
        guard orderStream != .none, world.now - heardAt > .seconds(15) else { return }
        nextServer()
    }

    func nextServer() {
        server = (server + 1) % world.settings.servers
        unansweredRequests = 0
        loseOrders()
    }
}
