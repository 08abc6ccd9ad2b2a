extension World {
    func state(of process: ProcessName) -> ProcessState {
        switch process {
        case .server(let index): servers[index].process
        case .cell(let index): cells[index].process
        case .sentinel(let index): cells[index].sentinelProcess
        case .watcher(let index): cells[index].watcherProcess
        case .router(let index): routers[index].process
        case .proxy(let index): routers[index].proxyProcess
        }
    }

    private func machine(of process: ProcessName) -> Machine {
        switch process {
        case .server(let index): servers[index].machine
        case .cell(let index), .sentinel(let index), .watcher(let index): cells[index].machine
        case .router(let index), .proxy(let index): routers[index].machine
        }
    }

    /// SIGKILL; its supervisor starts it again.
    func kill(_ process: ProcessName) {
        guard state(of: process).isAlive, machine(of: process).isOn else { return }
        counters.count(.processKilled)
        switch process {
        case .server(let index): servers[index].endProcess()
        case .cell(let index): cells[index].endProcess()
        case .sentinel(let index):
            counters.count(.sentinelKilled)
            cells[index].endSentinel()
        case .watcher(let index):
            counters.count(.watcherKilled)
            cells[index].watcherProcess.end()
            cells[index].watcher = nil
        case .router(let index): routers[index].endProcess()
        case .proxy(let index): routers[index].endProxy()
        }
        queue.push(.restart(process), after: random.boots.duration(in: .milliseconds(150)...(.seconds(2))))
    }

    /// A process dies around an effect.
    ///
    /// - Returns: whether it did.
    func mayDie(_ process: ProcessName, _ kind: FaultKind) -> Bool {
        let rate = kind == .processKilledBeforeEffect ? faults.killBeforeEffect : faults.killAfterEffect
        guard random.kills.happens(rate) else { return false }
        counters.count(kind)
        kill(process)
        return true
    }

    /// A cell's process stops in the middle of an effect, and goes on with it when it is woken.
    func mayPause(_ cell: Int) {
        guard !faults.pauseInEffect.isNever, random.pauses.happens(faults.pauseInEffect) else { return }
        counters.count(.processPausedInEffect)
        let limit = SimulationDuration.milliseconds(configuration.timing?.expiryMilliseconds ?? 8_000)
        pause(.cell(cell), for: random.pauses.duration(in: .seconds(1)...(limit * 2)))
    }

    func restart(_ process: ProcessName) {
        guard !state(of: process).isAlive, machine(of: process).isOn else { return }
        if machine(of: process).isPaused {
            queue.push(.restart(process), after: .milliseconds(500))
            return
        }
        switch process {
        case .server(let index): if !isStoreClosed { servers[index].startProcess() }
        case .cell(let index): cells[index].startProcess()
        case .sentinel(let index): cells[index].startSentinel()
        case .watcher(let index): cells[index].startWatcher()
        case .router(let index): routers[index].startProcess()
        case .proxy(let index): routers[index].startProxy()
        }
    }

    // Standing still.

    /// SIGSTOP and, later, SIGCONT: everything that comes waits.
    func pause(_ process: ProcessName, for length: SimulationDuration) {
        guard state(of: process).runs, machine(of: process).isOn else { return }
        counters.count(length < .seconds(4) ? .processPausedShort : .processPausedLong)
        change(process) {
            $0.isPaused = true
            $0.pauses += 1
        }
        queue.push(.goOn(process, ticket: state(of: process).pauses), after: length)
    }

    func goOn(_ process: ProcessName, _ ticket: Int32) {
        let state = state(of: process)
        guard state.isAlive, state.isPaused, state.pauses == ticket else { return }
        change(process) { $0.isPaused = false }
        guard machine(of: process).runs else { return }
        replay(process)
    }

    /// What came while it stood still.
    func replay(_ process: ProcessName) {
        switch process {
        case .server(let index):
            let held = servers[index].inbox
            servers[index].inbox = []
            for input in held { servers[index].tell(input) }
        case .cell(let index):
            let held = cells[index].inbox
            cells[index].inbox = []
            for input in held { cells[index].tell(input) }
            cells[index].tell(.timer(.wake))
        case .sentinel(let index): cells[index].giveSentinel(.tick)
        case .watcher(let index): cells[index].giveWatcher(.tick)
        case .router(let index):
            let held = routers[index].inbox
            routers[index].inbox = []
            for input in held { routers[index].tell(input) }
        case .proxy: break
        }
    }

    private func change(_ process: ProcessName, _ body: (inout ProcessState) -> Void) {
        switch process {
        case .server(let index): body(&servers[index].process)
        case .cell(let index): body(&cells[index].process)
        case .sentinel(let index): body(&cells[index].sentinelProcess)
        case .watcher(let index): body(&cells[index].watcherProcess)
        case .router(let index): body(&routers[index].process)
        case .proxy(let index): body(&routers[index].proxyProcess)
        }
    }
}
