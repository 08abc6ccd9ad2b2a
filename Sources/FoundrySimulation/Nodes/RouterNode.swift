import FoundryModel
import FoundryRules

/// Of a router's process.
enum RouterTimer {
    case wake
    /// A command to HAProxy is done.
    case effect(Int32)
    case report
    case connect
    /// HAProxy was found again.
    case observe
}

enum RouterInput {
    case timer(RouterTimer)
    case message(SimulatedNetwork<Payload>.Message)
    case streamEnd(WorldStream)
    case proxyLost
}

/// A router: HAProxy, the process of ours that leads its ports, and on the same machine the clients that connect to it.
final class RouterNode {
    unowned(unsafe) let world: World
    let index: Int
    let machine: Machine
    var process = ProcessState()
    var inbox: [RouterInput] = []
    var proxyProcess = ProcessState()
    var proxy: ModelProxy
    var brain: RouterMachine
    var server: Int
    var stream: WorldStream = .none
    var heardAt = SimulationTime.zero
    var runs: [Int32: RouterEffect] = [:]
    var nextRun: Int32 = 0
    var lastReport: RouterReport?
    var lastReportAt = SimulationTime.zero
    var isReportDue = false

    init(world: World, index: Int, machine: Machine) {
        self.world = world
        self.index = index
        self.machine = machine
        server = index % world.settings.servers
        proxy = ModelProxy(firstPort: world.configuration.routes.firstPort, count: world.settings.ports)
        brain = RouterMachine(ports: Self.ports(world))
    }

    private static func ports(_ world: World) -> [RouteScope: ClosedRange<Int>] {
        [.loopback: world.configuration.routes.firstPort...world.configuration.routes.lastPort]
    }

    var node: NodeNumber { machine.node }
    private var now: MonotonicTime { machine.clock.monotonic(at: world.now) }

    func startProcess() {
        process.start()
        inbox = []
        brain = RouterMachine(ports: Self.ports(world))
        runs = [:]
        lastReport = nil
        isReportDue = false
        stream = .none
        if proxyProcess.isAlive { give(.observed(proxy.table)) }
        connect()
        later(.wake, after: .milliseconds(500))
    }

    func endProcess() {
        guard process.isAlive else { return }
        process.end()
        inbox = []
        runs = [:]
        if stream != .none { world.close(stream, by: node) }
        stream = .none
    }

    func startProxy() {
        proxyProcess.start()
        proxy.forget()
        if process.isAlive { later(.observe, after: .milliseconds(50)) }
    }

    func endProxy() {
        proxyProcess.end()
        proxy.forget()
        world.closeConnections(ofRouter: index, workload: nil)
        tell(.proxyLost)
    }

    func tell(_ input: RouterInput) {
        guard process.isAlive else { return }
        if process.isPaused { return inbox.append(input) }
        switch input {
        case .timer(let timer): take(timer)
        case .message(let message): take(message)
        case .streamEnd(let ended): if ended == stream { loseOrders() }
        case .proxyLost:
            runs = [:]
            give(.lost)
        }
    }

    private func take(_ timer: RouterTimer) {
        switch timer {
        case .wake:
            if brain.needsObservation, proxyProcess.runs { give(.observed(proxy.table)) }
            give(.tick)
            if stream != .none, world.now - heardAt > .seconds(15) { loseOrders() }
            if world.now - lastReportAt > .seconds(5) { scheduleReport() }
            later(.wake, after: .milliseconds(500))
        case .effect(let run): carryOut(run)
        case .report: sendReport()
        case .connect: connect()
        case .observe: if proxyProcess.runs { give(.observed(proxy.table)) }
        }
    }

    private func take(_ message: SimulatedNetwork<Payload>.Message) {
        guard message.stream == stream else { return }
        heardAt = world.now
        if case .routerOrders(let orders) = message.payload { give(.orders(orders)) }
    }

    private func give(_ event: RouterEvent) {
        let decision = brain.handle(event, now: now)
        for refusal in decision.refusals { world.refused(RefusalKind(refusal)) }
        for effect in decision.effects {
            if world.mayDie(.router(index), .processKilledBeforeEffect) { return }
            nextRun &+= 1
            runs[nextRun] = effect
            later(.effect(nextRun), after: .microseconds(800))
        }
        scheduleReport()
    }

    private func carryOut(_ run: Int32) {
        guard let effect = runs.removeValue(forKey: run) else { return }
        guard proxyProcess.runs else {
            return give(.failed(effect, FoundryError(.unreachable, "HAProxy does not answer.")))
        }
        let isDone = proxy.apply(effect)
        if case .closeSessions(let slot, _) = effect {
            world.closeConnections(ofRouter: index, workload: slot.port - world.configuration.routes.firstPort)
        }
        world.checker.routeChanged(self, effect.slot)
        if world.mayDie(.router(index), .processKilledAfterEffect) { return }
        give(isDone ? .done(effect) : .failed(effect, FoundryError(.commandFailed, "HAProxy refused it.")))
    }

    // Its server.

    private func connect() {
        guard stream == .none else { return }
        stream = world.network.openStream(from: node, to: world.servers[server].node)
        heardAt = world.now
        world.send(.hello(.router(index)), on: stream, from: node)
    }

    private func loseOrders() {
        if stream != .none { world.close(stream, by: node) }
        stream = .none
        server = (server + 1) % world.settings.servers
        later(.connect, after: .milliseconds(300))
    }

    private func scheduleReport() {
        guard !isReportDue else { return }
        isReportDue = true
        later(.report, after: .milliseconds(30))
    }

    private func sendReport() {
        isReportDue = false
        let report = brain.report
        guard report != lastReport || world.now - lastReportAt > .seconds(5) else { return }
        lastReport = report
        lastReportAt = world.now
        world.send(
            .routerReport(router: index, report, isForwarded: false), from: node, to: world.servers[server].node,
            size: .medium)
    }

    private func later(_ timer: RouterTimer, after delay: SimulationDuration) {
        world.queue.push(.router(Int16(index), life: process.life, timer), after: delay)
    }
}
