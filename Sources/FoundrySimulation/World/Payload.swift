import FoundryModel

/// What machines say to each other. The hot ones are small and lie in the message itself.
enum Payload {
    // Clients and members, through a router's machine.
    case ask(ClientRequest)
    case answer(ClientAnswer)
    // Members among themselves.
    indirect case replication(ReplicationMessage)
    // Cells and servers.
    indirect case sessionRequest(SessionRequest, number: UInt64, life: Int32)
    indirect case sessionAnswer(SessionAnswer, number: UInt64, life: Int32)
    /// The first message of a stream: who wants orders.
    case hello(Peer)
    indirect case cellOrders(CellOrders)
    indirect case routerOrders(RouterOrders)
    case heartbeat
    indirect case cellReport(cell: Int, CellReport, isForwarded: Bool)
    indirect case routerReport(router: Int, RouterReport, isForwarded: Bool)
    /// The controller has the cell's report.
    case reportTaken(sequence: Int64)
}

/// Who follows orders.
enum Peer: Hashable {
    case cell(Int)
    case router(Int)
}

/// A client's request, on a connection to one member's process.
struct ClientRequest {
    var client: Int32
    var slot: UInt8
    var isRead: Bool
    /// Of the member's process that the connection leads to; 0: it is being opened.
    var pid: Int32
    var number: Int64
}

struct ClientAnswer {
    enum Outcome: UInt8 {
        case done
        /// The connection is closed: nobody listens there, or another process does.
        case reset
        /// The engine refused it, or could not do it.
        case failed
    }

    var client: Int32
    var outcome: Outcome
    var isRead: Bool
    var pid: Int32
    var number: Int64
    /// Of the copy that answers.
    var lineage: Int32
    /// Under which what it acknowledges is counted.
    var track: Int32
    /// When it did.
    var time: SimulationTime
    /// Of a read: everything that is there.
    var data: VolumeData?
}

/// What the engines of one database say to each other, on a stream between their machines.
struct ReplicationMessage {
    enum Content {
        /// From a replica: what it has, and under which epoch it shall follow.
        case follow(member: MemberID, workload: Int, epoch: Epoch, data: VolumeData, slot: UInt8)
        /// From a primary: what the replica must have before it follows; its writes from `common` on are replaced by `runs`.
        case base(epoch: Epoch, common: Int64, runs: [DataRun], length: Int64)
        case append(DataWrite, position: Int64)
        case has(position: Int64)
        /// The primary has ended in order, and this is all there is.
        case shutdown(length: Int64)
        /// The primary follows nobody of this epoch, or is none.
        case refused
    }

    /// To which member's process; 0: whoever listens there.
    var slot: UInt8
    var pid: Int32
    /// Of the sender.
    var from: Int32
    var content: Content
}
