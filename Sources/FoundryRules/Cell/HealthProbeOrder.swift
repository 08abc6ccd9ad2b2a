import FoundryModel

/// One check to make now.
public struct HealthProbeOrder: Hashable, Sendable {
    public var member: MemberID
    public var pid: Int32
    public var role: CheckRole
    public var asks: HealthQuestion
    /// Reaches the member.
    public var address: String
    public var timeoutMilliseconds: Int64

    public init(
        member: MemberID, pid: Int32, role: CheckRole, asks: HealthQuestion, address: String,
        timeoutMilliseconds: Int64
    ) {
        self.member = member
        self.pid = pid
        self.role = role
        self.asks = asks
        self.address = address
        self.timeoutMilliseconds = timeoutMilliseconds
    }
}
