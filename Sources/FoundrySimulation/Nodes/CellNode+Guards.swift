import FoundryModel
import FoundryRules

extension CellNode {
    /// What a guard does to the machine.
    func perform(_ effects: GuardEffects, by actor: GuardActor) {
        if effects.contains(.freeze) { freeze(for: actor) }
        if effects.contains(.kill) { killGuarded() }
        if effects.contains(.check) {
            push(.checked(actor, life: life(actor), remaining: remaining), after: .milliseconds(1))
        }
        if effects.contains(.thaw) { thaw() }
        if effects.contains(.feedWatchdog) { feedWatchdog() }
        if effects.contains(.tell) { tellOthers(actor) }
        if effects.contains(.reboot) {
            world.checker.guardReboots(self)
            world.reboot(cell: index)
        }
    }

    private func life(_ actor: GuardActor) -> Int32 {
        switch actor {
        case .sentinel: sentinelProcess.life
        case .cell: process.life
        case .watcher: watcherProcess.life
        }
    }

    /// Tasks that could still write: SIGKILL before they return from the kernel is as good as their end.
    private var remaining: Int32 {
        var count: Int32 = 0
        for case let container? in containers where container.isGuarded && container.isRunning && !container.isDead {
            if !(container.isKilled && isFrozen) { count += 1 }
        }
        return count
    }

    private func freeze(for actor: GuardActor) {
        isFrozen = true
        for case let container? in containers where container.isGuarded && container.isRunning && !container.isDead {
            if disk.isHung, container.waiting > 0 { container.freezesLate = true } else { container.isFrozen = true }
        }
        tellFrozen(actor)
    }

    private func tellFrozen(_ actor: GuardActor) {
        let isWhole = !containers.contains { $0?.freezesLate == true }
        if isWhole { push(.frozen(actor, life: life(actor)), after: .milliseconds(2)) }
    }

    /// Tasks that waited for the disk are back.
    func freezeLate() {
        guard !disk.isHung else { return }
        for case let container? in containers where container.freezesLate {
            container.freezesLate = false
            if isFrozen, container.isRunning, !container.isDead { container.isFrozen = true }
        }
        if isFrozen { for actor in [GuardActor.sentinel, .cell, .watcher] { tellFrozen(actor) } }
    }

    private func killGuarded() {
        for case let container? in containers where container.isGuarded {
            kill(container)
        }
    }

    private func thaw() {
        isFrozen = false
        for case let container? in containers where container.isFrozen {
            container.isFrozen = false
            if container.isKilled {
                die(container)
                push(.exits(container: container.index, pid: container.engine.pid), after: .milliseconds(3))
            } else {
                let held = container.held
                container.held = []
                for input in held { give(input, to: container) }
            }
        }
    }

    /// A container is put below the guards, or taken out.
    func setGuarded(_ container: Container, _ isGuarded: Bool) {
        if !isGuarded { world.checker.unguarded(container, on: self) }
        container.isGuarded = isGuarded
        if isGuarded, isFrozen, container.isRunning { container.isFrozen = true }
        if !isGuarded, container.isFrozen, !container.isKilled {
            container.isFrozen = false
            let held = container.held
            container.held = []
            for input in held { give(input, to: container) }
        }
    }

    func isPortOpen(_ container: Container) -> Bool {
        guard container.isGuarded, !arePortsBroken, world.configuration.timing != nil else { return true }
        return machine.clock.monotonicAwake(at: world.now) < portsUntil
    }

    // The hardware watchdog: it counts by itself, except while its machine sleeps or is paused from outside.

    private func feedWatchdog() {
        guard hasWatchdog, let period = world.configuration.timing?.watchdogMilliseconds else { return }
        watchdogAt = world.now + .milliseconds(period)
        guard !isWatchdogPending else { return }
        isWatchdogPending = true
        push(.watchdog, after: .milliseconds(period))
    }

    func watchdogFires() {
        isWatchdogPending = false
        guard machine.isOn, watchdogAt != .never else { return }
        if machine.clock.pause == .suspended || machine.clock.pause == .frozen { return }
        guard watchdogAt <= world.now else {
            isWatchdogPending = true
            return push(.watchdog, after: watchdogAt - world.now)
        }
        world.reboot(cell: index)
    }

    // Who tells whom.

    private func tellOthers(_ actor: GuardActor) {
        switch actor {
        case .sentinel:
            if let sentinel { tell(.sentinelTold(sentinel.state, sentinel.session, life: sentinelProcess.life)) }
        case .watcher:
            if watcher?.state == .firing { tell(.guardsFired) }
        case .cell:
            if ownWatcher?.state == .firing { noteGuardsFired() }
        }
    }

    // The sentinel's process.

    func startSentinel() {
        guard let timing = world.configuration.timing else { return }
        sentinelProcess.start()
        sentinel = SentinelMachine(timing: timing, isLatched: isFrozen, now: guardNow)
        giveSentinel(.tick)
        giveWatcher(.sentinelLives)
        tell(.sentinelLives)
    }

    func giveSentinel(_ event: SentinelEvent) {
        guard sentinelProcess.runs, machine.runs, sentinel != nil, let decision = sentinel?.handle(event, now: guardNow)
        else { return }
        perform(decision.effects, by: .sentinel)
        armSentinel()
    }

    /// - Returns: whether it took it.
    func askSentinel(_ event: SentinelEvent) -> Bool {
        guard sentinelProcess.runs, let decision = sentinel?.handle(event, now: guardNow) else { return false }
        perform(decision.effects, by: .sentinel)
        armSentinel()
        return decision.rejection == nil
    }

    func armSentinel() {
        world.queue.cancel(sentinelWake)
        guard sentinelProcess.isAlive, let next = sentinel?.nextWake, let time = trueTime(next) else { return }
        sentinelWake = world.queue.push(
            .kernel(cell: Int16(index), boot: machine.boot, .sentinel(life: sentinelProcess.life)), at: time)
    }

    func endSentinel() {
        sentinelProcess.end()
        sentinel = nil
        world.queue.cancel(sentinelWake)
        push(.sentinelDied, after: .milliseconds(1))
    }

    // The second watcher's.

    func startWatcher() {
        guard let timing = world.configuration.timing else { return }
        watcherProcess.start()
        watcher = GuardWatcher(timing: timing)
        if sentinelProcess.isAlive { giveWatcher(.sentinelLives) }
    }

    func giveWatcher(_ event: GuardWatchEvent) {
        guard watcherProcess.runs, let decision = watcher?.handle(event, now: guardNow) else { return }
        perform(decision.effects, by: .watcher)
        world.queue.cancel(watcherWake)
        guard watcherProcess.isAlive, let next = watcher?.nextWake, let time = trueTime(next) else { return }
        watcherWake = world.queue.push(
            .kernel(cell: Int16(index), boot: machine.boot, .watcher(life: watcherProcess.life)), at: time)
    }

    /// When a guard's time comes; one that lies in a millisecond that has begun means the next.
    func trueTime(_ time: MonotonicTime) -> SimulationTime? {
        let wanted =
            Planted.has(.suspensionNotCounted)
            ? machine.clock.trueTime(ofAwake: time) : machine.clock.trueTime(of: time)
        return wanted.map { max($0, world.now + .microseconds(20)) }
    }
}
