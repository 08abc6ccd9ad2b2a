import FoundryModel
import FoundryRules

typealias WorldStore = SimulatedStore<StoreTag>
typealias StoreTimer = WorldStore.Signal

/// Whose request of the store it is.
struct StoreTag {
    var server: Int
    var life: Int32
    /// Number of the call; none for a watch.
    var call: Int32
}

/// Of a server's process.
enum ServerTimer {
    case wake
    /// Orders that have changed go out.
    case flush
    case heartbeat
    /// No answer came from the store.
    case callTimeout(Int32)
    /// Whether the watch still says anything.
    case watchDeadline
    case load
    case device(Int32)
}

/// For what a server has asked the store.
enum StoreWork {
    case load
    case beat
    case effect(ControllerEffect)
    case sessionRead(SessionCall)
    case sessionCommit(SessionCall, SessionAnswer)
    /// Only of a planted bug: the store's word that is no consensus.
    case sessionKeepAlive(SessionCall)
    case order(OperatorOrder)
    /// Of those who use services, by its number.
    case service(Int)
}

/// A cell's request for a session, and how often it was decided.
struct SessionCall {
    var request: SessionRequest
    var number: UInt64
    var life: Int32
    var node: NodeNumber
    var tries = 0
    var isAnswered = false
}

struct StoreCall {
    var work: StoreWork
    /// That it was asked of.
    var member: Int
    var ticket: WorldStore.Ticket
    var timer: EventQueue<WorldEvent>.Handle
}

enum ServerInput {
    case timer(ServerTimer)
    case message(SimulatedNetwork<Payload>.Message)
    case streamEnd(WorldStream)
    case answer(Int32, StoreAnswer)
    case news(WorldStore.WatchHandle, WatchNews)
}

/// What a follower of orders was sent last.
struct OrdersMark: Equatable {
    var orders: CellOrders
    var newest: Int64
}
