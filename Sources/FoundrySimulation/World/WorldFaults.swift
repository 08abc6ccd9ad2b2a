/// What is wrong in the world all the time, beside what its network, store and disks do by themselves.
struct WorldFaults {
    /// A process dies before it carries out an effect, or before it hears that the effect was done.
    var killBeforeEffect = Rate.never
    var killAfterEffect = Rate.never
    /// A cell's process stands still while an effect is carried out, about as long as a session lasts.
    var pauseInEffect = Rate.never
    /// A health check fails though the member serves.
    var healthCheckFails = Rate.never

    static let none = Self()
}

/// Something that is done to the world from outside, at a time.
enum WorldAction: Hashable, Sendable {
    case kill(ProcessName)
    case powerOff(cell: Int)
    case switchOn(cell: Int)
    case powerOn(node: NodeNumber)
    /// Off, and on again after a while.
    case powerLoss(node: NodeNumber, SimulationDuration)
    case pauseProcess(ProcessName, SimulationDuration)
    case pauseMachine(node: NodeNumber, PauseKind, SimulationDuration)
    case crashMember(workload: Int)
    case setDiskHung(cell: Int, Bool)
    case setDiskFull(cell: Int, Bool)
    case people(PeopleVerb)
    /// Of the store's restore: whether an answer came.
    case restoreStep(Int32)
}

extension World {
    func schedule(_ action: WorldAction, after delay: SimulationDuration) {
        nextAction += 1
        scheduled[nextAction] = action
        queue.push(.fault(nextAction), after: delay)
    }

    func schedule(_ action: WorldAction, at time: SimulationTime) { schedule(action, after: time - now) }

    func perform(_ action: WorldAction) {
        switch action {
        case .kill(let process): kill(process)
        case .powerOff(let cell): cutPower(cell: cell)
        case .switchOn(let cell): switchOn(cell: cell)
        case .powerOn(let node): powerOn(node)
        case .powerLoss(let node, let length): powerLoss(node, for: length)
        case .pauseProcess(let process, let length): pause(process, for: length)
        case .pauseMachine(let node, let kind, let length): pause(machine: node, kind, for: length)
        case .crashMember(let workload): crashMember(of: workload)
        case .setDiskHung(let cell, let hangs): cells[cell].setDiskHung(hangs)
        case .setDiskFull(let cell, let isFull): cells[cell].disk.faults.isFull = isFull
        case .people(let verb): people(verb)
        case .restoreStep(let call): retryRestore(call)
        }
    }

    func begin(_ plan: PartitionPlan) {
        counters.count(plan.kind)
        for change in plan.changes {
            partitions.append(change)
            queue.push(.link(Int32(partitions.count - 1)), at: change.time)
        }
    }

    /// Every partition ends, every disk and every process goes on: nothing is wrong any more. What is lost stays lost.
    func heal() {
        firstLiveChange = Int32(partitions.count)
        network.heal()
        network.faults = .none
        store.faults = .none
        faults = .none
        failingStarts = [:]
        for index in devices.indices where !devices[index].name.hasPrefix("typo") { devices[index].fault = nil }
        for cell in cells {
            if cell.disk.isHung { cell.setDiskHung(false) }
            cell.disk.faults = .none
            cell.hasWatchdog = true
        }
        for node in 0..<network.nodes {
            let machine = machine(at: node)
            if machine.isOn, machine.isPaused { wake(machine: node, machine.pauses) }
            machine.isHeldOff = false
            if !machine.isOn { powerOn(node) }
        }
        for member in store.members.indices where machine(at: store.members[member].node).isOn {
            store.start(member: member)
        }
        for process in allProcesses where state(of: process).isPaused {
            goOn(process, state(of: process).pauses)
        }
        drainStore()
    }

    var allProcesses: [ProcessName] {
        servers.indices.map { .server($0) } + cells.indices.flatMap { [.cell($0), .sentinel($0), .watcher($0)] }
            + routers.indices.flatMap { [.router($0), .proxy($0)] }
    }

    /// A member's program ends by itself.
    ///
    /// - Parameter again: so often more, each time as soon as it begins.
    func crashMember(of workload: Int, again: Int = 0) {
        if again > 0 { failingStarts[workload] = again }
        for cell in cells where cell.machine.runs {
            for case let container? in cell.containers
            where container.engine.workload == workload && container.runs && container.engine.state == .serving {
                counters.count(.containerCrashed)
                return container.engine.exit(status: 1)
            }
        }
    }
}
