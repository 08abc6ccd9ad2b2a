import FoundryModel
import FoundryRules

/// A server of the control plane: it sees the store through a watch, sends orders, grants sessions, and is the controller while it holds the term.
final class ServerNode {
    unowned(unsafe) let world: World
    let index: Int
    let id: ServerID
    let machine: Machine
    var process = ProcessState()
    var inbox: [ServerInput] = []
    var random: SimulationRandom

    // What it knows of the store.
    var member = 0
    /// The newest of the store that it ever saw; on its own disk.
    var generationSeen: UInt16 = 0
    var watch: WorldStore.WatchHandle?
    /// That it was asked of.
    var watchMember = 0
    var isLoading = false
    var heardAt = SimulationTime.zero
    /// By number of the key: the revision that it has; 0: nothing.
    var known: [Int64] = []
    private var plainView = PlatformView()
    var calls: [Int32: StoreCall] = [:]
    var nextCall: Int32 = 0

    // As the controller.
    var beat: BeatMachine
    var controller: ControllerMachine?
    var term: Revised<TermRecord>?
    /// It is to be fed everything.
    var isFresh = false
    var wake = EventQueue<WorldEvent>.Handle.none
    var wakeAt = SimulationTime.never

    // Who follows its orders.
    var cellStreams: [WorldStream]
    var routerStreams: [WorldStream]
    var cellMarks: [OrdersMark?]
    var routerMarks: [RouterOrders?]
    var dirtyCells: UInt64 = 0
    var dirtyRouters = false
    var isFlushDue = false

    init(world: World, index: Int, machine: Machine) {
        self.world = world
        self.index = index
        self.machine = machine
        id = world.names.servers[index]
        random = world.random.root.stream("server", index)
        beat = Self.newBeat(id, now: MonotonicTime(milliseconds: 0))
        cellStreams = [WorldStream](repeating: .none, count: world.settings.cells)
        routerStreams = [WorldStream](repeating: .none, count: world.settings.routers)
        cellMarks = [OrdersMark?](repeating: nil, count: world.settings.cells)
        routerMarks = [RouterOrders?](repeating: nil, count: world.settings.routers)
        member = index
    }

    private static func newBeat(_ id: ServerID, now: MonotonicTime) -> BeatMachine {
        BeatMachine(server: id, beatMilliseconds: 1_000, patienceMilliseconds: 4_000, now: now)
    }

    var node: NodeNumber { machine.node }
    var now: Moment { machine.clock.moment(at: world.now) }
    var view: PlatformView { controller?.view ?? plainView }
    var isController: Bool { controller != nil }

    func startProcess() {
        process.start()
        inbox = []
        known = []
        plainView = PlatformView()
        calls = [:]
        beat = Self.newBeat(id, now: now.monotonic)
        controller = nil
        term = nil
        isFresh = false
        watch = nil
        isLoading = false
        isFlushDue = false
        dirtyCells = 0
        wakeAt = .never
        world.queue.push(.server(Int16(index), life: process.life, .heartbeat), after: .seconds(5))
        world.queue.push(.server(Int16(index), life: process.life, .watchDeadline), after: .seconds(2))
        load()
    }

    func endProcess() {
        guard process.isAlive else { return }
        process.end()
        inbox = []
        for call in calls.sorted(by: { $0.key < $1.key }).map(\.value) {
            world.store.abandon(call.ticket)
            world.queue.cancel(call.timer)
        }
        calls = [:]
        if let watch { world.store.endWatch(watch) }
        watch = nil
        for cell in cellStreams.indices { drop(.cell(cell)) }
        for router in routerStreams.indices { drop(.router(router)) }
        controller = nil
        world.queue.cancel(wake)
        wakeAt = .never
        world.drainStore()
    }

    private func drop(_ peer: Peer) {
        switch peer {
        case .cell(let cell):
            if cellStreams[cell] != .none { world.close(cellStreams[cell], by: node) }
            cellStreams[cell] = .none
            cellMarks[cell] = nil
        case .router(let router):
            if routerStreams[router] != .none { world.close(routerStreams[router], by: node) }
            routerStreams[router] = .none
            routerMarks[router] = nil
        }
    }

    func tell(_ input: ServerInput) {
        guard process.isAlive else { return }
        if process.isPaused { return inbox.append(input) }
        take(input)
    }

    private func take(_ input: ServerInput) {
        switch input {
        case .timer(let timer): take(timer)
        case .message(let message): take(message)
        case .streamEnd(let stream): lose(stream)
        case .answer(let call, let answer): answered(call, answer)
        case .news(let watch, let news): if watch == self.watch { take(news) }
        }
    }

    private func take(_ timer: ServerTimer) {
        switch timer {
        case .wake:
            wakeAt = .never
            runBeat()
            feedController(.tick)
            armWake()
        case .flush: flush()
        case .heartbeat:
            for stream in cellStreams + routerStreams where stream != .none {
                world.send(.heartbeat, on: stream, from: node)
            }
            world.queue.push(.server(Int16(index), life: process.life, .heartbeat), after: .seconds(5))
        case .callTimeout(let call): timedOut(call)
        case .watchDeadline: checkWatch()
        case .load: readAll()
        case .device(let use): deviceAnswered(use)
        }
    }

    private func take(_ message: SimulatedNetwork<Payload>.Message) {
        switch message.payload {
        case .sessionRequest(let request, let number, let life):
            readSession(SessionCall(request: request, number: number, life: life, node: message.from))
        case .hello(let peer): greet(peer, message.stream)
        case .cellReport(let cell, let report, let isForwarded): takeReport(cell, report, isForwarded)
        case .routerReport(let router, let report, let isForwarded):
            if isController {
                feedController(.routerReport(report))
            } else if !isForwarded, let holder = holderNode {
                world.send(.routerReport(router: router, report, isForwarded: true), from: node, to: holder)
            }
        case .ask, .answer, .replication, .sessionAnswer, .cellOrders, .routerOrders, .heartbeat, .reportTaken: break
        }
    }

    private func takeReport(_ cell: Int, _ report: CellReport, _ isForwarded: Bool) {
        if isController {
            feedController(.cellReport(report))
            // One that came before its session did is not counted, and is sent again.
            let taken = controller?.reports[report.cell]
            guard let taken, taken.session == report.session, taken.sequence >= report.sequence else { return }
            world.send(.reportTaken(sequence: report.sequence), from: node, to: world.cells[cell].node)
        } else if !isForwarded, let holder = holderNode {
            world.send(.cellReport(cell: cell, report, isForwarded: true), from: node, to: holder, size: .medium)
        }
    }

    /// Of the server that holds the term, as far as this one knows.
    private var holderNode: NodeNumber? {
        guard let holder = view.term?.value.holder, holder != id else { return nil }
        return world.names.servers.firstIndex(of: holder).map { world.servers[$0].node }
    }

    /// Follows the store without being the controller.
    func putPlain(_ record: Record, revision: Int64) { plainView.put(record, revision: revision) }
    func removePlain(key: String, revision: Int64) { plainView.remove(key: key, revision: revision) }
    func keepPlain(_ view: PlatformView) { plainView = view }
}
