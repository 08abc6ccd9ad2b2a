import FoundryModel

/// The newest epoch that the router has seen of each member, in orders or in HAProxy.
struct RouterEpochs: Hashable, Sendable {
    /// Members that are no longer ordered are kept up to this many.
    static let limit = 4_096

    private var newest: [MemberID: Epoch] = [:]

    mutating func see(_ member: MemberID, _ epoch: Epoch) {
        newest[member] = max(epoch, newest[member] ?? .none)
    }

    /// - Returns: nil when the target's epoch is the newest.
    func newer(than target: RouteTarget) -> Epoch? {
        guard let known = newest[target.member], known > target.epoch else { return nil }
        return known
    }

    /// Keeps the memory bounded: past the limit only members that are still ordered are remembered.
    mutating func forget(except members: Set<MemberID>) {
        if newest.count > Self.limit + members.count { newest = newest.filter { members.contains($0.key) } }
    }
}
