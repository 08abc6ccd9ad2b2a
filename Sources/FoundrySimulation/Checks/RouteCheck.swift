import FoundryModel
import FoundryRules

/// A route never leads to an older holder than it did before.
struct RouteCheck {
    /// A database that was deleted and pushed again is another one: its epochs begin anew.
    private struct Place: Hashable {
        var router: Int
        var port: Int
        var lineage: LineageID
    }

    private var newest: [Place: Epoch] = [:]
    /// What members have, or had.
    private var lineages: [MemberID: LineageID] = [:]

    init() {}

    /// A member's record was written; its volume's with it, or before.
    mutating func note(_ member: MemberRecord, _ truth: PlatformView) {
        guard let volume = member.volume.flatMap({ truth.volumes[$0]?.value }) else { return }
        lineages[member.id] = volume.lineage
    }

    /// People let the others go on without what lies on a cell, which routes may have led to.
    mutating func goOnWithout(lineage: LineageID) {
        for place in newest.keys where place.lineage == lineage { newest[place] = nil }
    }

    /// - Parameter server: whom a port leads to now; of epoch none where it has no volume.
    mutating func lead(
        _ router: Int, _ port: Int, _ server: ProxyServerName, at now: SimulationTime
    ) -> Violation? {
        let epoch = server.epoch
        guard epoch > .none, let lineage = lineages[server.member] else { return nil }
        let place = Place(router: router, port: port, lineage: lineage)
        let last = newest[place] ?? .none
        guard epoch >= last else {
            return Violation(
                .routesCurrent, at: now,
                "router r\(router) leads app-\(port) to epoch \(epoch), after it led to epoch \(last)")
        }
        newest[place] = epoch
        return nil
    }
}
