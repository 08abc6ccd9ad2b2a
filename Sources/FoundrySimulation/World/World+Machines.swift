import FoundryModel

extension World {
    // Power.

    /// A fence device, or somebody, turned a cell off; a person turns it on again some time.
    func cutPower(cell: Int) {
        cells[cell].machine.isHeldOff = true
        losePower(cells[cell].node)
        checker.cutOff(cells[cell])
        schedule(.switchOn(cell: cell), after: random.boots.duration(in: .seconds(40)...(.seconds(120))))
    }

    func switchOn(cell: Int) {
        cells[cell].machine.isHeldOff = false
        powerOn(cells[cell].node)
    }

    func powerLoss(_ node: NodeNumber, for length: SimulationDuration) {
        guard machine(at: node).isOn else { return }
        counters.count(.powerLoss)
        losePower(node)
        schedule(.powerOn(node: node), after: length)
    }

    /// At once and without syncing, as the guards do it.
    func reboot(cell: Int) {
        guard cells[cell].machine.isOn else { return }
        losePower(cells[cell].node)
        schedule(.powerOn(node: cells[cell].node), after: .milliseconds(100))
    }

    private func losePower(_ node: NodeNumber) {
        let machine = machine(at: node)
        guard machine.isOn else { return }
        machine.losePower(at: now)
        network.endStreams(of: node, isSilent: true, at: now)
        drainNotices()
        let cell = node - settings.servers
        if cell < 0 {
            servers[node].endProcess()
            stopStore(at: node)
        } else if cell < cells.count {
            checker.lostPower(cells[cell])
            cells[cell].losePower()
        } else {
            routers[cell - cells.count].endProcess()
            routers[cell - cells.count].endProxy()
        }
    }

    private func stopStore(at node: NodeNumber) {
        for member in store.members.indices where store.members[member].node == node {
            store.stop(member: member, at: now)
        }
        drainStore()
    }

    /// Its kernel needs a while to boot.
    func powerOn(_ node: NodeNumber) {
        let machine = machine(at: node)
        guard !machine.isOn, !machine.isHeldOff else { return }
        machine.power(at: now)
        let wait = random.boots.duration(in: .seconds(8)...(.seconds(25)))
        queue.push(.boot(node: Int16(node), boot: machine.boot), after: wait)
    }

    func finishBoot(_ node: NodeNumber, _ boot: Int32) {
        let machine = machine(at: node)
        guard machine.isOn, machine.boot == boot else { return }
        let cell = node - settings.servers
        if cell < 0 {
            for member in store.members.indices where store.members[member].node == node {
                store.start(member: member)
            }
            if !isStoreClosed { servers[node].startProcess() }
        } else if cell < cells.count {
            cells[cell].boot()
        } else {
            routers[cell - cells.count].startProxy()
            routers[cell - cells.count].startProcess()
        }
    }

    // Standing still.

    /// Nothing of the machine runs for a while; what its clocks do meanwhile is the kind's.
    func pause(machine node: NodeNumber, _ kind: PauseKind, for length: SimulationDuration) {
        let machine = machine(at: node)
        guard machine.isOn, !machine.isPaused else { return }
        switch kind {
        case .stalled: counters.count(.machineStalled)
        case .suspended: counters.count(.machineSuspended)
        case .frozen: counters.count(.machineFrozen)
        }
        machine.clock.pause(kind, at: now)
        machine.pauses += 1
        queue.push(.wakeMachine(node: Int16(node), ticket: machine.pauses), after: length)
    }

    func wake(machine node: NodeNumber, _ ticket: Int32) {
        let machine = machine(at: node)
        guard machine.isOn, machine.isPaused, machine.pauses == ticket else { return }
        let wasTimed = machine.clock.pause != .stalled
        machine.clock.resume(at: now)
        let cell = node - settings.servers
        if wasTimed, cell >= 0, cell < cells.count { cells[cell].wakeWatchdog() }
        let held = machine.held
        machine.held = []
        if cell >= 0, cell < cells.count { cells[cell].wakeGuards() }
        for input in held where machine.runs {
            switch input {
            case .event(let event): handle(event)
            case .message(let message): receive(message)
            case .streamEnd(let stream): ended(stream, at: node)
            }
        }
        for process in allProcesses where state(of: process).runs && self.node(of: process) == node { replay(process) }
    }

    private func node(of process: ProcessName) -> NodeNumber {
        switch process {
        case .server(let index): servers[index].node
        case .cell(let index), .sentinel(let index), .watcher(let index): cells[index].node
        case .router(let index), .proxy(let index): routers[index].node
        }
    }

    /// Its clocks go at another rate from now on; timers are set anew.
    func setRate(ofMachine node: NodeNumber, partsPerMillion: Int64) {
        let machine = machine(at: node)
        counters.count(partsPerMillion > machine.clock.partsPerMillion ? .clockFast : .clockSlow)
        machine.clock.setRate(partsPerMillion: partsPerMillion, at: now)
        for process in allProcesses where state(of: process).runs && self.node(of: process) == node && machine.runs {
            replay(process)
        }
    }

    func jumpWall(ofMachine node: NodeNumber, by step: SimulationDuration) {
        counters.count(step < .zero ? .wallJumpedBack : .wallJumpedForth)
        machine(at: node).clock.jumpWall(by: step)
    }
}

extension CellNode {
    /// The machine runs again: real-time processes come first.
    func wakeGuards() {
        giveSentinel(.tick)
        giveWatcher(.tick)
    }

    /// The watchdog stood still with its machine.
    func wakeWatchdog() {
        guard watchdogAt != .never, let period = world.configuration.timing?.watchdogMilliseconds else { return }
        watchdogAt = world.now + .milliseconds(period)
        if !isWatchdogPending {
            isWatchdogPending = true
            push(.watchdog, after: .milliseconds(period))
        }
    }
}
