import FoundryRules

extension World {
    /// Carries out what was due now.
    func handle(_ event: WorldEvent) {
        note(UInt64(bitPattern: now.microseconds) ^ event.kind << 56)
        switch event {
        case .arrival(let handle): arrive(handle)
        case .client(let index, let event): clientEvent(Int(index), event)
        case .kernel(let cell, let boot, let what):
            let node = cells[Int(cell)]
            guard node.machine.boot == boot else { return }
            guard !node.machine.isPaused || what.isHardware else { return node.machine.held.append(.event(event)) }
            node.handle(what)
        case .cell(let cell, let life, let timer):
            let node = cells[Int(cell)]
            guard node.process.life == life, holds(node.machine, event) == false else { return }
            node.tell(.timer(timer))
        case .server(let server, let life, let timer):
            let node = servers[Int(server)]
            guard node.process.life == life, holds(node.machine, event) == false else { return }
            node.tell(.timer(timer))
        case .router(let router, let life, let timer):
            let node = routers[Int(router)]
            guard node.process.life == life, holds(node.machine, event) == false else { return }
            node.tell(.timer(timer))
        case .store(let signal): deliver(signal)
        case .streamEnd(let handle): endStream(handle)
        case .restart(let process): restart(process)
        case .boot(let node, let boot): finishBoot(Int(node), boot)
        case .device: break
        case .operatorActs: peopleAct()
        case .servicesAct: servicesAct()
        case .fault(let action): if let action = scheduled.removeValue(forKey: action) { perform(action) }
        case .link(let index): if index >= firstLiveChange { network.apply(partitions[Int(index)]) }
        case .goOn(let process, let ticket): goOn(process, ticket)
        case .wakeMachine(let node, let ticket): wake(machine: Int(node), ticket)
        }
    }

    /// - Returns: whether the machine stands still, and keeps the event for later.
    private func holds(_ machine: Machine, _ event: WorldEvent) -> Bool {
        guard machine.isOn else { return true }
        guard machine.isPaused else { return false }
        machine.held.append(.event(event))
        return true
    }

    private func arrive(_ handle: SimulatedNetwork<Payload>.Handle) {
        let message = network.take(handle, at: now)
        drainNotices()
        guard let message else { return }
        let machine = machine(at: message.to)
        guard machine.isOn else { return }
        if machine.isPaused { return machine.held.append(.message(message)) }
        receive(message)
    }

    func receive(_ message: SimulatedNetwork<Payload>.Message) {
        let cell = message.to - settings.servers
        if cell >= 0, cell < cells.count {
            switch message.payload {
            case .ask(let request): cells[cell].receive(request, from: message.from)
            case .replication(let content): cells[cell].receive(content, message.stream, from: message.from)
            default: cells[cell].tell(.message(message))
            }
        } else if cell < 0 {
            servers[message.to].tell(.message(message))
        } else if case .answer(let answer) = message.payload {
            clientHears(answer)
        } else {
            routers[cell - cells.count].tell(.message(message))
        }
    }

    // Sending.

    func send(_ payload: Payload, from: NodeNumber, to: NodeNumber, size: MessageSize = .small) {
        for arrival in network.send(payload, from: from, to: to, size: size, at: now) {
            queue.push(.arrival(arrival.message), at: arrival.time)
        }
    }

    func send(_ payload: Payload, on stream: WorldStream, from node: NodeNumber, size: MessageSize = .small) {
        for arrival in network.send(payload, on: stream, from: node, size: size, at: now) {
            queue.push(.arrival(arrival.message), at: arrival.time)
        }
        drainNotices()
    }

    func close(_ stream: WorldStream, by node: NodeNumber) {
        network.close(stream, by: node, at: now)
        drainNotices()
    }

    func drainNotices() {
        guard !network.notices.isEmpty else { return }
        var due: [StreamNotice<WorldStream>] = []
        network.drainNotices { due.append($0) }
        for notice in due { queue.push(.streamEnd(notices.insert(notice)), at: notice.time) }
    }

    private func endStream(_ handle: Slab<StreamNotice<WorldStream>>.Handle) {
        guard let notice = notices.remove(handle), network.accept(notice) else { return }
        let machine = machine(at: notice.node)
        guard machine.isOn else { return }
        if machine.isPaused { return machine.held.append(.streamEnd(notice.stream)) }
        ended(notice.stream, at: notice.node)
    }

    func ended(_ stream: WorldStream, at node: NodeNumber) {
        let cell = node - settings.servers
        if cell < 0 { return servers[node].tell(.streamEnd(stream)) }
        guard cell < cells.count else { return routers[cell - cells.count].tell(.streamEnd(stream)) }
        if let owner = cells[cell].streams.removeValue(forKey: stream),
            let container = cells[cell].containers.indices.contains(Int(owner))
                ? cells[cell].containers[Int(owner)] : nil
        {
            return cells[cell].give(.streamEnd(stream), to: container)
        }
        cells[cell].tell(.streamEnd(stream))
    }

    // The store.

    func drainStore() {
        guard !store.signals.isEmpty else { return }
        let due = store.signals
        store.signals.removeAll(keepingCapacity: true)
        for (signal, time) in due { queue.push(.store(signal), at: time) }
    }

    private func deliver(_ signal: StoreTimer) {
        let delivery = store.handle(signal, at: now, network)
        checker.follow(store, in: self)
        drainStore()
        switch delivery {
        case .answer(_, _, let tag, let answer): tell(tag, .answer(tag.call, answer))
        case .news(let watch, _, let tag, let news): tell(tag, .news(watch, news))
        case nil: break
        }
    }

    private func tell(_ tag: StoreTag, _ input: ServerInput) {
        guard tag.server >= 0 else {
            if case .answer(let call, let answer) = input { peopleHear(call, answer) }
            return
        }
        let server = servers[tag.server]
        guard server.process.life == tag.life, server.machine.isOn else { return }
        if server.machine.isPaused { return server.inbox.append(input) }
        server.tell(input)
    }

    func machine(at node: NodeNumber) -> Machine {
        if node < settings.servers { return servers[node].machine }
        let cell = node - settings.servers
        return cell < cells.count ? cells[cell].machine : routers[cell - cells.count].machine
    }
}

extension WorldEvent {
    /// For the trace.
    fileprivate var kind: UInt64 {
        switch self {
        case .arrival: 1
        case .streamEnd: 2
        case .client(let index, _): 3 | UInt64(UInt8(truncatingIfNeeded: index)) << 5
        case .kernel(let cell, _, _): 4 | UInt64(UInt8(truncatingIfNeeded: cell)) << 5
        case .cell(let cell, _, _): 5 | UInt64(UInt8(truncatingIfNeeded: cell)) << 5
        case .server: 6
        case .router: 7
        case .store: 8
        case .restart: 9
        case .boot: 10
        case .device: 11
        case .operatorActs: 12
        case .fault: 13
        case .link: 14
        case .goOn: 15
        case .wakeMachine: 16
        case .servicesAct: 17
        }
    }
}

extension KernelEvent {
    /// It goes on while the machine's processors stand still.
    fileprivate var isHardware: Bool {
        if case .watchdog = self { return true }
        return false
    }
}

extension CellNode {
    func handle(_ event: KernelEvent) {
        switch event {
        case .disk(let operation, let owner): diskDone(operation, owner)
        case .exits(let index, let pid): if let container = container(index, pid: pid) { exits(container) }
        case .engine(let index, let pid, let timer):
            if let container = container(index, pid: pid) { give(.timer(timer), to: container) }
        case .lateFreeze: freezeLate()
        case .sentinel(let life): if life == sentinelProcess.life { giveSentinel(.tick) }
        case .watcher(let life): if life == watcherProcess.life { giveWatcher(.tick) }
        case .frozen(let actor, let life): answer(actor, life, .frozen, .frozen, .frozen)
        case .checked(let actor, let life, let remaining):
            let count = Int(remaining)
            answer(actor, life, .killed(remaining: count), .killed(remaining: count), .checked(remaining: count))
        case .sentinelDied:
            guard !sentinelProcess.isAlive else { return }
            giveWatcher(.sentinelDied)
            tell(.sentinelDied)
        case .watchdog: watchdogFires()
        }
    }

    private func answer(
        _ actor: GuardActor, _ life: Int32, _ sentinel: SentinelEvent, _ watcher: GuardWatchEvent, _ cell: CellInput
    ) {
        switch actor {
        case .sentinel: if life == sentinelProcess.life { giveSentinel(sentinel) }
        case .watcher: if life == watcherProcess.life { giveWatcher(watcher) }
        case .cell: if life == process.life { tell(cell) }
        }
    }
}
