import FoundryModel

/// The commands that run, or wait for their cell, by ticket: who may open one more, and whose stream a ticket is.
public struct ExecBook: Sendable {
    private struct Entry {
        var app: AppID
        var member: MemberID
        var cell: CellID
        var isAttached = false
    }

    private var entries: [ExecTicket: Entry] = [:]

    public init() {}

    public var count: Int { entries.count }

    /// - Throws: `too_many_requests`.
    public mutating func open(_ ticket: ExecTicket, in member: MemberRecord) throws(FoundryError) {
        guard entries.count < ExecLimits.total else {
            throw FoundryError(
                .tooManyRequests, "\(ExecLimits.total) commands run on the platform already.",
                hint: "end one of them, or try again later")
        }
        guard entries.values.count(where: { $0.app == member.app }) < ExecLimits.perApp else {
            throw FoundryError(
                .tooManyRequests, "\(ExecLimits.perApp) commands run in the app already.",
                hint: "end one of them, or try again later")
        }
        entries[ticket] = Entry(app: member.app, member: member.id, cell: member.cell)
    }

    /// - Throws: `not_found`: nobody waits for this stream of this cell. The reasons are not told apart.
    public mutating func attach(_ ticket: ExecTicket, by cell: CellID) throws(FoundryError) {
        guard let entry = entries[ticket], entry.cell == cell, !entry.isAttached else {
            throw FoundryError(.notFound, "Nobody waits for this stream.")
        }
        entries[ticket]?.isAttached = true
    }

    public mutating func close(_ ticket: ExecTicket) { entries[ticket] = nil }

    /// What a cell has to open streams for, sorted by ticket.
    public func orders(for cell: CellID) -> [ExecOrder] {
        entries.filter { $0.value.cell == cell && !$0.value.isAttached }
            .map { ExecOrder(ticket: $0.key, member: $0.value.member) }.sorted { $0.ticket < $1.ticket }
    }
}
