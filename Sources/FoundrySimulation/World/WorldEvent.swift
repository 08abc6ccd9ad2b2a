/// What the queue of a world carries. Small: the hot ones hold numbers only.
///
/// An event of a machine names the boot in which it was asked for, an event of a process its life: what came of an earlier one is dropped.
enum WorldEvent {
    /// A message arrives.
    case arrival(SimulatedNetwork<Payload>.Handle)
    /// One side of a stream learns of its end.
    case streamEnd(Slab<StreamNotice<SimulatedNetwork<Payload>.StreamHandle>>.Handle)
    case client(Int32, ClientEvent)
    case kernel(cell: Int16, boot: Int32, KernelEvent)
    case cell(Int16, life: Int32, CellTimer)
    case server(Int16, life: Int32, ServerTimer)
    case router(Int16, life: Int32, RouterTimer)
    case store(StoreTimer)
    /// A process that died is started again by its supervisor.
    case restart(ProcessName)
    /// A machine's power is back, or it has booted.
    case boot(node: Int16, boot: Int32)
    case device(Int32)
    case operatorActs
    /// Those who use services.
    case servicesAct
    /// A step of the fault schedule.
    case fault(Int32)
    /// A change of a partition's plan.
    case link(Int32)
    /// A paused process or machine goes on.
    case goOn(ProcessName, ticket: Int32)
    case wakeMachine(node: Int16, ticket: Int32)
}

enum ClientEvent: Hashable {
    /// It is time for the next request.
    case act
    /// No answer came.
    case timeout
}

/// What a process is, and where.
enum ProcessName: Hashable, Sendable {
    case server(Int)
    case cell(Int)
    case sentinel(Int)
    /// The second one, that watches the sentinel.
    case watcher(Int)
    case router(Int)
    /// HAProxy.
    case proxy(Int)
}

/// The life of one process: it dies and comes back, and stands still in between.
struct ProcessState {
    /// Grows with each start.
    var life: Int32 = 0
    var isAlive = false
    var isPaused = false
    /// Grows with each pause.
    var pauses: Int32 = 0

    var runs: Bool { isAlive && !isPaused }

    mutating func start() {
        life += 1
        isAlive = true
        isPaused = false
    }

    mutating func end() {
        isAlive = false
        isPaused = false
    }
}
