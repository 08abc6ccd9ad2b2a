import FoundryModel

/// Which ways are open, as far as the cell's machine knows it.
struct CellLinks: Hashable, Sendable {
    /// nil: nobody knows.
    private(set) var kept: NetworkLinks?
    /// That may be in force: they were begun, and nobody heard that it was done.
    private(set) var begun: NetworkLinks?

    init(_ kept: NetworkLinks? = nil) { self.kept = kept }

    mutating func begin(_ links: NetworkLinks) { begun = links }

    mutating func keep(_ links: NetworkLinks) {
        kept = links
        begun = nil
    }

    func are(_ wanted: NetworkLinks) -> Bool { kept == wanted && begun == nil }

    /// Whatever of them is in force: to and from this member it is what is wanted.
    func isSettled(_ slot: Int, as wanted: NetworkLinks) -> Bool {
        if are(wanted) { return true }
        guard let kept else { return false }
        let mine = wanted.touching(slot)
        return kept.touching(slot) == mine && (begun.map { $0.touching(slot) == mine } ?? true)
    }
}

extension CellMachine {
    /// All ways at once: what is not wanted any more closes in the moment in which the new ones open.
    func linkStep(now: Moment) -> CellEffect? {
        guard orders != nil, !links.are(index.links), isFree(.links, now: now) else { return nil }
        return .linkNetwork(index.links)
    }

    /// No way of somebody who had the slot before is open any more, and all of its own are.
    func isLinked(_ order: MemberOrder) -> Bool { links.isSettled(order.slot, as: index.links) }
}
