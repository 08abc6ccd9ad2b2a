import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

private typealias Sample = PlacementSamples

@Suite("Headroom")
struct PlacementHeadroomTests {
    private func headroom(_ rule: HeadroomRule, restarts: Bool = true) -> (inout PlacementRequest) -> Void {
        {
            $0.headroom = rule
            $0.restartsElsewhere = restarts
            $0.isRebuiltElsewhere = restarts
            $0.zoneSpread = .indifferent
            $0.cellSpread = .indifferent
        }
    }

    /// Places members of one size until one is refused.
    private func fill(
        _ fleet: inout Fleet, memory: Int64, _ rule: HeadroomRule, restarts: Bool = true, disk: Int64? = nil
    ) -> Int {
        var count = 0
        let request = Sample.request(memory: memory, disk: disk, headroom(rule, restarts: restarts))
        while let choice = fleet.find(request) {
            let (id, cell) = ("m\(count)", choice.cell.description)
            fleet.put(Sample.member(id, on: cell, slot: choice.slot, memory: memory, restarts: restarts))
            if let disk { fleet.put(Sample.volume("v\(count)", on: cell, size: disk, rebuilt: restarts)) }
            count += 1
        }
        return count
    }

    @Test("With it the loss of any one cell can be absorbed; without it every cell is filled")
    func cells() {
        let cells = ["a", "b", "c", "d"].map { Sample.cell($0) }
        var fleet = Fleet(cells: cells)
        #expect(fill(&fleet, memory: 1, .cell) == 48)
        fleet = Fleet(cells: cells)
        #expect(fill(&fleet, memory: 1, .none) == 64)
    }

    @Test("With it the loss of any one zone can be absorbed")
    func zones() {
        var fleet = Fleet(cells: (0..<6).map { Sample.cell("c\($0)", zone: "z\($0 % 3)") })
        #expect(fill(&fleet, memory: 1, .zone) == 64)
    }

    @Test("One cell alone, or one zone, can absorb no loss: only what would not move is placed")
    func alone() {
        for rule in [HeadroomRule.cell, .zone] {
            var fleet = Fleet(cells: [Sample.cell("a")])
            #expect(fill(&fleet, memory: 1, rule) == 0)
            #expect(fill(&fleet, memory: 1, rule, restarts: false) == 16)
        }
    }

    @Test("Gaps that are too small for what would move do not count, however many there are")
    func gaps() {
        var fleet = Fleet(cells: (0..<9).map { Sample.cell("c\($0)", memory: 4) })
        for index in 0..<8 { fleet.put(Sample.member("x\(index)", of: "x", on: "c\(index)", memory: 3)) }
        // 8 GiB are free, in gaps of one: a member of 2 GiB on the last cell could go nowhere.
        let request = Sample.request(memory: 2, headroom(.cell))
        guard case .failure(let shortage) = fleet.choose(request) else {
            Issue.record("it was placed")
            return
        }
        #expect(shortage.nearest.first?.lacks.map(\.reason) == [.headroom])
        #expect(fleet.find(Sample.request(memory: 1, headroom(.cell)))?.cell.description == "c8")
    }

    @Test("Volumes that would be made again need room in the pools of the others; others do not")
    func disks() {
        let cells = ["a", "b", "c"].map { Sample.cell($0, memory: 64, disk: 64) }
        var fleet = Fleet(cells: cells)
        #expect(fill(&fleet, memory: 1, .cell, disk: 8) == 16)
        fleet = Fleet(cells: cells)
        #expect(fill(&fleet, memory: 1, .cell, restarts: false, disk: 8) == 24)
    }

    @Test("What asks for no disk is not refused because disks could not absorb a loss")
    func diskAside() {
        var fleet = Fleet(cells: ["a", "b"].map { Sample.cell($0) })
        fleet.put(Sample.volume("v", on: "a", size: 80, rebuilt: true))
        fleet.put(Sample.volume("u", on: "b", size: 80))
        #expect(fleet.find(Sample.request(disk: 1, headroom(.cell))) == nil)
        #expect(fleet.find(Sample.request(headroom(.cell))) != nil)
        // Where its copy lies, it asks for no disk either.
        let beside = Sample.request(disk: 1) {
            headroom(.cell)(&$0)
            $0.copies = Sample.ids("a")
        }
        #expect(fleet.find(beside)?.usesCopy == true)
    }

    @Test("A cell that is not available offers no room, and what it holds still counts")
    func unavailable() {
        var fleet = Fleet(cells: ["a", "b", "c"].map { Sample.cell($0, $0 == "c" ? .late : .available) })
        for index in 0..<16 {
            fleet.put(Sample.member("m\(index)", of: "x", on: "c", slot: 2 + index, memory: 1, restarts: true))
        }
        // 32 GiB are free, and 16 of them are for what the late cell holds.
        #expect(fill(&fleet, memory: 1, .cell) == 16)
    }

    @Test(
        "What headroom kept free is found again: after the loss of any cell everything that moves has a place",
        arguments: 0..<25, [HeadroomRule.cell, .zone])
    func absorbs(seed: UInt64, rule: HeadroomRule) {
        var random = Seeded(seed)
        let zones = Int.random(in: 2...4, using: &random)
        let cells = (0..<Int.random(in: 4...16, using: &random)).map {
            Sample.cell("c\($0)", zone: "z\($0 % zones)", memory: [8, 16, 24, 32].randomElement(using: &random)!)
        }
        var fleet = Fleet(cells: cells)
        var placed: [CellID: [ReplacementRequest]] = [:]
        for index in 0..<400 {
            let megabytes = [17, 64, 100, 512, 700, 1_024, 1_500, 2_048, 3_000, 4_096].randomElement(using: &random)!
            var request = PlacementRequest(
                workload: AppID("w\(index)"), memory: .megabytes(Int64(megabytes)), headroom: rule,
                restartsElsewhere: random.chance(80))
            guard let choice = fleet.find(request), let id = MemberID("m\(index)") else { continue }
            fleet.put(
                FleetMember(
                    id: id, workload: AppID("w\(index)")!, cell: choice.cell, slot: choice.slot, memory: request.memory,
                    restartsElsewhere: request.restartsElsewhere))
            request.headroom = .none
            guard request.restartsElsewhere else { continue }
            placed[choice.cell, default: []].append(ReplacementRequest(member: id, request: request))
        }
        #expect(placed.count > 1)
        for lost in rule == .cell ? cells.map({ [$0] }) : (0..<zones).map({ z in cells.filter { $0.zone == "z\(z)" } })
        {
            // A zone is lost when all its cells are.
            var rest = fleet
            for cell in lost { rest.set(.fenced, of: cell.id) }
            let requests = lost.flatMap { placed[$0.id] ?? [] }
            let plan = rest.replacements(forLost: lost[0].id, requests)
            #expect(plan.count == requests.count)
            #expect(plan.allSatisfy { (try? $0.outcome.get()) != nil }, "seed \(seed), lost \(lost.map(\.id))")
        }
    }

    @Test("Pieces are counted down, claims up, and a claim above the largest piece is a multiple of it")
    func pieces() {
        let mebibyte = Int64(1) << 20
        #expect(PieceTally.pieces(in: 200 * mebibyte)[0] == 3 && PieceTally.pieces(in: 200 * mebibyte)[1] == 1)
        #expect(PieceTally.pieces(in: 200 * mebibyte)[2] == 0 && PieceTally.pieces(in: -5) == .zero)
        #expect(PieceTally.pieces(claimedBy: 1)[0] == 1 && PieceTally.pieces(claimedBy: 0) == .zero)
        #expect(PieceTally.pieces(claimedBy: 65 * mebibyte)[0] == 2)
        #expect(PieceTally.pieces(claimedBy: 200 * mebibyte)[0] == 4)
        #expect(PieceTally.pieces(claimedBy: 200 * mebibyte)[3] == 0)
        let five = PieceTally.pieces(claimedBy: 5 << 40)
        #expect(five[15] == 3 && five[0] == 3 << 15)
    }
}
