import FoundryModel

/// A member of a lost cell, and what its replacement asks.
public struct ReplacementRequest: Hashable, Sendable {
    public var member: MemberID
    public var request: PlacementRequest

    public init(member: MemberID, request: PlacementRequest) {
        self.member = member
        self.request = request
    }
}

/// Where a member of a lost cell goes, or why it has no place.
public struct Replacement: Hashable, Sendable {
    public var member: MemberID
    public var outcome: Result<PlacementChoice, PlacementShortage>
}

extension Fleet {
    /// Places the members of a lost cell, each knowing of the others: together they never exceed a cell, nor break a required rule.
    ///
    /// Those that may go to few cells are placed first, then the large before the small, then by id. So what `HeadroomRule` kept free
    /// is found again, piece by piece. The lost cell takes none of them, and members that are replaced no longer count there.
    ///
    /// - Returns: one for each request, in the order of the requests. The fleet itself stays as it is: its records tell what was done.
    public func replacements(forLost lost: CellID, _ requests: [ReplacementRequest]) -> [Replacement] {
        var trial = self
        trial.set(.fenced, of: lost)
        for request in requests {
            if let claim = members[request.member], cells[Int(claim.cell)].id == lost { trial.vacate(claim) }
        }
        var outcomes: [Result<PlacementChoice, PlacementShortage>?] = Array(repeating: nil, count: requests.count)
        for index in Self.order(requests) {
            let outcome = trial.choose(requests[index].request)
            outcomes[index] = outcome
            if case .success(let choice) = outcome {
                trial.occupy(trial.claim(choice, requests[index].request))
            }
        }
        return zip(requests, outcomes).compactMap { request, outcome in
            outcome.map { Replacement(member: request.member, outcome: $0) }
        }
    }

    private static func order(_ requests: [ReplacementRequest]) -> [Int] {
        func freedom(_ index: Int) -> Int { requests[index].request.isBound ? 0 : 1 }
        func size(_ index: Int) -> (Int64, Int64) {
            let request = requests[index].request
            let memory = PieceTally.pieces(claimedBy: request.memory.bytes)[0]
            return (-memory, -PieceTally.pieces(claimedBy: request.disk?.bytes ?? 0)[0])
        }
        return requests.indices.sorted { left, right in
            if freedom(left) != freedom(right) { return freedom(left) < freedom(right) }
            if size(left) != size(right) { return size(left) < size(right) }
            return requests[left].member < requests[right].member
        }
    }

    /// What a member takes where it was chosen to go, its volume with it.
    private mutating func claim(_ choice: PlacementChoice, _ request: PlacementRequest) -> CellClaim {
        let workload = request.workload.map { workloadHandle(of: $0) }
        let disk = choice.usesCopy ? .zero : request.disk ?? .zero
        return CellClaim(
            cell: entry(of: choice.cell), workload: workload ?? -1, slot: choice.slot,
            amounts: ResourceAmounts(memory: request.memory, cpu: request.cpu, disk: disk, rate: request.rate),
            movesWhenLost: request.restartsElsewhere)
    }
}

extension PlacementRequest {
    /// It may go to few cells only.
    fileprivate var isBound: Bool { needsCopy || neighbours.contains { $0.isRequired && $0.side == .near } }
}
