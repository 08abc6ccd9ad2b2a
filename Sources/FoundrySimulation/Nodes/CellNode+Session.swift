import FoundryModel
import FoundryRules

extension CellNode {
    func tickSession() { giveSession(.tick) }

    private func giveSession(_ event: CellSessionEvent) {
        guard session != nil else { return }
        let sight = guardSight
        let under = session?.held.session
        let volumes = brain.guardedVolumes()
        guard
            let decision = session?.handle(
                event, guards: GuardReportRule.report(sight, session: under, volumes: volumes), now: guardNow)
        else { return }
        for effect in decision.effects { perform(effect) }
    }

    private var guardSight: GuardSight {
        GuardSight(
            sentinelLives: sentinelProcess.isAlive && sentinelProcess.life == toldLife, sentinel: told.state,
            fedUnder: told.session,
            isWatched: watcherProcess.isAlive && watcher?.state == .watching,
            feedsWatchdog: hasWatchdog && sentinel?.feedsWatchdog == true, portsUnder: portsUnder)
    }

    private func perform(_ effect: CellSessionEffect) {
        switch effect {
        case .send(let request, let number):
            world.checker.claims(request.guards, by: self)
            requests = [number: request]
            unansweredRequests += 1
            if unansweredRequests > 2 { nextServer() }
            // The pool must take a write before anything is claimed of it; it remembers what the cell knows now.
            submit(
                .replace(DiskFile(.probe), .probe(request.sequence)), for: .probe(number: number, life: process.life))
        case .feed(let session, let sentAt): feedGuards(session, sentAt)
        case .changed(let session): feed(.session(session))
        case .beginAnew: writeIdentity()
        case .fireGuards:
            portsUntil = MonotonicTime(milliseconds: 0)
            giveSentinel(.fire)
            feed(.guardsFired)
        }
    }

    func probeDone(_ number: UInt64, _ answer: DiskAnswer<CellFile>) {
        guard let request = requests.removeValue(forKey: number) else { return }
        if case .failed = answer { return giveSession(.failed(number: number)) }
        world.send(.sessionRequest(request, number: number, life: process.life), from: node, to: server)
    }

    func answered(_ answer: SessionAnswer, _ number: UInt64) {
        if case .refused(let refusal) = answer { world.refused(RefusalKind(refusal)) }
        if case .refused(.unavailable) = answer {} else { unansweredRequests = 0 }
        giveSession(.answered(number: number, answer))
    }

    /// The sentinel and the ports are given time until the session's age is F.
    private func feedGuards(_ session: SessionID, _ sentAt: MonotonicTime) {
        guard let timing = world.configuration.timing else { return }
        let left = sentAt + timing.fuseMilliseconds - guardNow
        portsUntil = machine.clock.monotonicAwake(at: world.now) + max(0, left)
        portsUnder = session
        giveSentinel(.fed(session, sentAt: sentAt))
        if sentinelProcess.runs, let sentinel {
            told = (sentinel.state, sentinel.session)
            toldLife = sentinelProcess.life
        }
    }

    /// The sentinel says what it is now.
    func note(_ state: SentinelState, _ under: SessionID?) {
        told = (state, under)
        switch state {
        case .firing, .failed: noteGuardsFired()
        case .idle, .armed, .latched: break
        }
    }

    func noteGuardsFired() {
        portsUntil = MonotonicTime(milliseconds: 0)
        giveSession(.guardsFired)
        feed(.guardsFired)
    }

    func giveOwnWatcher(_ event: GuardWatchEvent) {
        guard ownWatcher != nil, let decision = ownWatcher?.handle(event, now: guardNow) else { return }
        perform(decision.effects, by: .cell)
    }
}
