import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Synchronization

/// One command between its client and its cell: what each sends is checked, and lies in the other's outbox until it is written there.
final class ExecSession: Sendable {
    enum Side: Sendable {
        case client
        case cell
    }

    let ticket: ExecTicket
    /// What to run, for the cell.
    let request: [UInt8]
    let toClient = ExecOutbox()
    let toCell = ExecOutbox()
    /// Ends when the cell has opened its stream.
    let attachment: AsyncStream<Void>

    private struct State {
        var exchange: ExecExchange
        var heard: [Side: MonotonicTime] = [:]
        var isEnded = false
    }

    private let state: Mutex<State>
    private let attached: AsyncStream<Void>.Continuation

    init(ticket: ExecTicket, request: [UInt8], hasTerminal: Bool) {
        self.ticket = ticket
        self.request = request
        (attachment, attached) = AsyncStream.makeStream()
        state = Mutex(State(exchange: ExecExchange(hasTerminal: hasTerminal)))
    }

    /// The cell's stream is there.
    func attach() {
        toCell.send(.begin(request))
        attached.finish()
    }

    func outbox(to side: Side) -> ExecOutbox { side == .client ? toClient : toCell }

    /// Takes what one side sent.
    ///
    /// - Throws: `bad_request` when it may not send that.
    func take(_ frame: ExecFrame, from side: Side, now: MonotonicTime) throws(FoundryError) {
        let outcome = state.withLock { state in
            state.heard[side] = now
            return Self.check(frame, side, &state.exchange)
        }
        guard try outcome.get() else { return }
        guard outbox(to: side == .client ? .cell : .client).send(frame) else {
            throw FoundryError(.execBroken, "One side of the command does not read, and it is ended.")
        }
    }

    /// How long a side has said nothing; nil before its first word.
    func silence(of side: Side, now: MonotonicTime) -> Int64? {
        state.withLock { $0.heard[side].map { now - $0 } }
    }

    /// A side is gone, or broke the rules: the other is told, and nothing more goes either way.
    ///
    /// - Parameter error: what the client is told, unless the cell said how the command ended.
    func end(_ error: FoundryError) {
        let (isFirst, isOver) = state.withLock { state in
            defer { state.isEnded = true }
            return (!state.isEnded, state.exchange.isOver)
        }
        toClient.finish(with: isFirst && !isOver ? .failed(Answer.errorBody(error)) : nil)
        toCell.finish()
        attached.finish()
    }

    private static func check(
        _ frame: ExecFrame, _ side: Side, _ exchange: inout ExecExchange
    ) -> Result<Bool, FoundryError> {
        do throws(FoundryError) {
            return .success(try side == .client ? exchange.fromClient(frame) : exchange.fromCell(frame))
        } catch {
            return .failure(error)
        }
    }
}
