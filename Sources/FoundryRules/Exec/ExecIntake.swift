import FoundryModel

/// Which of its orders a cell has begun: orders are whole and come again, a stream is opened once.
public struct ExecIntake: Sendable {
    private var begun: Set<ExecTicket> = []
    private var running: Set<ExecTicket> = []

    public init() {}

    /// - Returns: those to begin now. What is beyond the limit is not begun, now or later: the server's own limit is the same.
    public mutating func follow(_ orders: [ExecOrder]) -> [ExecOrder] {
        let new = orders.filter { !begun.contains($0.ticket) }.prefix(ExecLimits.total - running.count)
        begun = Set(orders.map(\.ticket))
        running.formUnion(new.map(\.ticket))
        return Array(new)
    }

    public mutating func ended(_ ticket: ExecTicket) { running.remove(ticket) }
}
