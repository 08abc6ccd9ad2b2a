/// A cell is to open a stream for a command that somebody runs in a member. What it is comes over that stream: an order holds no secret.
public struct ExecOrder: Hashable, Sendable, Codable {
    /// Names the stream; good for one.
    public var ticket: ExecTicket
    public var member: MemberID

    public init(ticket: ExecTicket, member: MemberID) {
        self.ticket = ticket
        self.member = member
    }
}
