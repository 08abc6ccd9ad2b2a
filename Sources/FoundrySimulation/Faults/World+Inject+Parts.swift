import FoundryModel

extension World {
    // Messages.

    func mistreatMessages(_ kind: FaultKind, _ begins: Bool) {
        let usual = NetworkFaults.usual
        switch kind {
        case .messageLost: network.faults.loss = begins ? 0.1 : usual.loss
        case .messageDelayed: network.faults.delay = begins ? 0.2 : usual.delay
        case .messageDuplicated: network.faults.duplication = begins ? 0.1 : usual.duplication
        case .messageReordered: network.faults.reordering = begins ? 0.2 : usual.reordering
        case .messageVeryLate: network.faults.veryLate = begins ? 0.02 : usual.veryLate
        case .streamBroken, .streamBrokenSilently:
            network.faults.streamBreak = begins ? 0.01 : usual.streamBreak
            network.faults.silentBreak = begins && kind == .streamBrokenSilently ? .always : usual.silentBreak
        default: break
        }
    }

    func beginPartition(_ fault: ScheduledFault, using random: inout SimulationRandom) {
        let node = node(of: fault.target)
        var left = [node]
        if fault.target == .cluster {
            // A zone, or any cells at all.
            let zone = random.index(below: settings.zones)
            let isZone = random.coin()
            left = cells.filter { isZone ? Self.zone(of: $0.index, settings) == zone : random.coin() }.map(\.node)
        } else if random.index(below: 4) == 0 {
            // Now and then a second one shares its fate.
            let other = random.index(below: network.nodes)
            if other != node { left.append(other) }
        }
        let right = (0..<network.nodes).filter { !left.contains($0) }
        let (start, end) = (now, now + fault.duration)
        switch fault.kind {
        case .partitionOneWay:
            begin(
                random.coin() ? .oneWay(left, right, from: start, to: end) : .oneWay(right, left, from: start, to: end))
        case .partitionPartial:
            begin(.partial(Array(0..<network.nodes), share: 0.2, from: start, to: end, using: &random))
        case .partitionSwizzled: begin(.swizzled(left, right, from: start, to: end, using: &random))
        case .partitionFlapping:
            begin(
                .flapping(
                    left, right, from: start, to: end, period: .milliseconds(500)...(.seconds(9)), using: &random))
        default: begin(.symmetric(left, right, from: start, to: end))
        }
    }

    // The store.

    func beginStoreFault(_ fault: ScheduledFault, using random: inout SimulationRandom) {
        switch fault.kind {
        case .storeLeaderChanged: store.changeLeader(at: now)
        case .storeDeposedLeaderAnswered:
            counters.count(.storeDeposedLeaderAnswered)
            store.deposeLeader(for: fault.duration, at: now)
        case .storeWithoutQuorum: for member in 0..<store.quorum { store.stop(member: member, at: now) }
        case .storeReadStale:
            counters.count(.storeReadStale)
            store.setLag(fault.duration, ofMember: random.index(below: store.members.count))
        case .storeRequestLost: store.faults.requestLoss = 0.05
        case .storeAnswerLost, .storeOutcomeUnknown: store.faults.answerLoss = 0.05
        case .storeSlow:
            counters.count(.storeSlow)
            store.faults.slowness = 100 + Int64(random.index(below: 1_000))
        case .storeWatchGap: store.faults.watchGap = 0.1
        case .storeCompacted: store.compact(keeping: 10, at: now)
        case .storeWatchHung:
            if case .server(let index) = fault.target {
                stickWatches(of: servers[index])
            } else if random.coin() {
                stickWatches(of: servers[random.index(below: servers.count)])
            } else {
                store.pause(member: random.index(below: store.members.count))
            }
        case .storeWatchBroken:
            let member = random.index(below: store.members.count)
            for watch in store.watches.handles where store.watches[watch]?.member == member {
                store.watches[watch]?.isCondemned = true
            }
            store.wakeWatches(of: member, at: now)
        default: break
        }
        drainStore()
    }

    /// Its connection only, until it opens another.
    private func stickWatches(of server: ServerNode) {
        for watch in store.watches.handles where store.watches[watch]?.client == server.node {
            store.watches[watch]?.isStuck = true
        }
    }

    func endStoreFault(_ fault: ScheduledFault) {
        switch fault.kind {
        case .storeWithoutQuorum:
            for member in 0..<store.quorum where machine(at: store.members[member].node).isOn {
                store.start(member: member)
            }
        case .storeReadStale:
            for member in store.members.indices { store.setLag(.milliseconds(1), ofMember: member) }
        case .storeWatchGap: store.faults.watchGap = StoreFaults.usual.watchGap
        case .storeSlow: store.faults.slowness = StoreFaults.usual.slowness
        case .storeRequestLost: store.faults.requestLoss = StoreFaults.usual.requestLoss
        case .storeAnswerLost, .storeOutcomeUnknown: store.faults.answerLoss = StoreFaults.usual.answerLoss
        case .storeWatchHung: for member in store.members.indices { store.resume(member: member, at: now) }
        default: break
        }
        drainStore()
    }

    // Disks, guards and devices.

    func breakDisk(_ cell: CellNode, _ kind: FaultKind, _ begins: Bool) {
        switch kind {
        case .diskFull: cell.disk.faults.isFull = begins
        case .diskSlow:
            cell.disk.faults.slowness = begins ? 30 : 1
            if begins { counters.count(.diskSlow) }
        case .diskHung: cell.setDiskHung(begins)
        case .diskInputOutputError: cell.disk.faults.inputOutputError = begins ? 0.2 : .never
        case .diskSyncFailed: cell.disk.faults.syncFailure = begins ? 0.2 : .never
        default: break
        }
    }

    func breakGuard(_ cell: CellNode, _ kind: FaultKind, _ begins: Bool) {
        if begins { counters.count(kind) }
        if kind == .watchdogAbsent { cell.hasWatchdog = !begins }
        if kind == .portGuardBroken { cell.arePortsBroken = begins }
    }

    /// One device of a cell, or all of them, or those of every cell: the network that leads to them.
    func breakDevices(_ fault: ScheduledFault, _ state: FenceDevice.Fault?) {
        let real = devices.indices.filter { !devices[$0].name.hasPrefix("typo") }
        let own = real.filter { devices[$0].cell == index(fault.target) }
        let hit = [Array(own.prefix(1)), own, real, real][Int(fault.seed % 4)]
        for place in hit { devices[place].fault = state }
    }

    /// Somebody changed the plugs of two machines after the drill.
    func crossPlugs(_ fault: ScheduledFault, _ begins: Bool) {
        let cell = index(fault.target)
        let other = begins ? (cell + 1) % cells.count : cell
        if begins { counters.count(.fencePlugWrong) }
        for place in devices.indices where devices[place].name.hasSuffix(".c\(cell)") { devices[place].cell = other }
    }

    /// Another machine answers under a cell's name: an empty one, one with a copy of its disk, or itself with its disk of some time ago.
    func replaceMachine(_ fault: ScheduledFault, _ image: DiskImage<CellFile>?) {
        let cell = cells[index(fault.target)]
        guard cell.machine.isOn else { return }
        checker.lostDisk(cell, isOlder: fault.kind == .cellRestoredFromImage)
        powerLoss(cell.node, for: fault.duration)
        counters.count(fault.kind)
        switch fault.kind {
        case .cellRejoinedWiped:
            cell.disk.wipe()
            cell.machineID = "m\(cell.index).\(now.microseconds)"
        case .cellCloned:
            cell.disk.restore(cell.disk.image, cause: .diskCloned)
            cell.machineID = "m\(cell.index).\(now.microseconds)"
        default: if let image { cell.disk.restore(image, cause: .diskRestoredFromImage) }
        }
    }

    /// While a machine is off, somebody makes a new file system in the image of a volume whose holder is there.
    func emptyVolume(_ fault: ScheduledFault) {
        let cell = cells[index(fault.target)]
        let held = checker.truth.index.volumes(on: cell.id).sorted().first {
            checker.truth.volumes[$0].map { $0.value.holder != nil && $0.value.isMade } ?? false
        }
        guard cell.machine.isOn, let held else { return }
        powerLoss(cell.node, for: fault.duration)
        checker.lostDisk(cell)
        counters.count(.diskVolumeEmptied)
        let volume = numbers.volume(held)
        put(.setData(volume: volume, VolumeData()), on: cell)
        if !cell.disk.contents(of: DiskFile(.users, volume)).isAbsent {
            put(.remove(DiskFile(.users, volume)), on: cell)
            put(.sync(DiskFile(.users, volume)), on: cell)
        }
        put(.remove(DiskFile(.innerLabel, volume)), on: cell)
        put(.sync(DiskFile(.innerLabel, volume)), on: cell)
    }

    /// Done at once, apart from the queue.
    func put(_ request: DiskRequest<CellFile>, on cell: CellNode) {
        let ticket = cell.disk.submit(request, at: now)
        _ = cell.disk.complete(ticket.operation, at: now)
    }

    /// The same request comes twice: its sender never saw the first answer.
    func repeatRequest(_ app: Int, using random: inout SimulationRandom) {
        counters.count(.operatorRepeatedRequest)
        let verbs: [PeopleVerb] = [
            .pushAgain(workload: app), .restart(workload: app), .stop(workload: app), .start(workload: app),
        ]
        let verb = random.pick(verbs)
        people(verb)
        people(verb)
        if case .stop = verb { schedule(.people(.start(workload: app)), after: .seconds(20)) }
    }

    /// Somebody lets an app go on from a fork: the first app, counted from this one, that has any. It is stopped and has no replicas meanwhile; it is
    /// started again also when nothing came of it.
    func adoptFork(from first: Int) {
        let turn = workloads.indices.map { (first + $0) % workloads.count }
        func fork(of workload: Int) -> VolumeID? {
            checker.truth.volumes(of: workloads[workload].id).first { $0.isFork && $0.isMade }?.id
        }
        guard let app = turn.first(where: { fork(of: $0) != nil }), let fork = fork(of: app) else { return }
        counters.count(.operatorAdoptedFork)
        people(.stop(workload: app))
        people(.scale(workload: app, replicas: 0))
        for attempt in 1...7 { schedule(.people(.adopt(fork: fork)), after: .seconds(4 * Int64(attempt))) }
        schedule(.people(.start(workload: app)), after: .seconds(30))
        let replicas = workloads[app].spec.recovery.replicas
        schedule(.people(.scale(workload: app, replicas: replicas)), after: .seconds(31))
    }
}
