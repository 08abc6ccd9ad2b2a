import FoundryModel
import Synchronization

/// What cells and the router said last, and whether their streams are open. Of this process only: nothing of it is stored.
final class Presence: Sendable {
    /// A stream of orders. Only the newest of a peer is served.
    struct Ticket: Hashable, Sendable {
        fileprivate let peer: PeerIdentity
        fileprivate let number: Int
    }

    struct Seen<Report: Sendable>: Sendable {
        var report: Report
        var at: Timestamp
    }

    private struct State {
        var streams: [PeerIdentity: Int] = [:]
        var nextNumber = 0
        var cells: [CellID: Seen<CellReport>] = [:]
        var router: Seen<RouterReport>?
    }

    private let state = Mutex(State())

    /// The stream takes the place of the peer's older one, which ends when it is woken.
    func open(_ peer: PeerIdentity) -> Ticket {
        state.withLock { state in
            state.nextNumber += 1
            state.streams[peer] = state.nextNumber
            return Ticket(peer: peer, number: state.nextNumber)
        }
    }

    func isCurrent(_ ticket: Ticket) -> Bool { state.withLock { $0.streams[ticket.peer] == ticket.number } }

    func close(_ ticket: Ticket) {
        state.withLock { state in
            if state.streams[ticket.peer] == ticket.number { state.streams[ticket.peer] = nil }
        }
    }

    func isConnected(_ peer: PeerIdentity) -> Bool { state.withLock { $0.streams[peer] != nil } }

    func heard(_ report: CellReport, at time: Timestamp) {
        state.withLock { $0.cells[report.cell] = Seen(report: report, at: time) }
    }
    func heard(_ report: RouterReport, at time: Timestamp) {
        state.withLock { $0.router = Seen(report: report, at: time) }
    }

    func cell(_ id: CellID) -> Seen<CellReport>? { state.withLock { $0.cells[id] } }
    var router: Seen<RouterReport>? { state.withLock { $0.router } }
}
