import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

private typealias Sample = PlacementSamples

@Suite("The members of a lost cell")
struct PlacementReplacementTests {
    private func replaced(_ name: String, _ request: PlacementRequest) -> ReplacementRequest {
        ReplacementRequest(member: MemberID(name)!, request: request)
    }

    private func cells(_ plan: [Replacement]) -> [String?] {
        plan.map { (try? $0.outcome.get())?.cell.description }
    }

    @Test("Each knows of the others: together they exceed no cell, and share no address")
    func consistent() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b", memory: 2), Sample.cell("c", memory: 2)])
        let requests = (0..<5).map { index in
            fleet.put(Sample.member("m\(index)", of: "w\(index)", on: "a", slot: 2 + index))
            return replaced("m\(index)", Sample.request(of: "w\(index)"))
        }
        let plan = fleet.replacements(forLost: CellID("a")!, requests)
        #expect(cells(plan) == ["b", "c", "b", "c", nil])
        #expect(plan.map { try? $0.outcome.get().slot } == [2, 2, 3, 3, nil])
        #expect(plan.map(\.member.description) == ["m0", "m1", "m2", "m3", "m4"])
        guard case .failure(let shortage) = plan[4].outcome else { return }
        #expect(shortage.common == [])
        #expect(shortage.counts.map(\.reason) == [.unavailable, .memory])
    }

    @Test(
        "The large before the small, and before both what can go to few cells; the answer keeps the order of the question"
    )
    func order() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b", memory: 4), Sample.cell("c", memory: 3)])
        fleet.put(Sample.member("friend", of: "friend", on: "c", memory: 0))
        let near = PlacementNeighbour(.near, AppID("friend")!, isRequired: true)
        let plan = fleet.replacements(
            forLost: CellID("a")!,
            [
                replaced("m1", Sample.request(of: "w1", memory: 1)),
                replaced("m2", Sample.request(of: "w2", memory: 4)),
                replaced("m3", Sample.request(of: "w3", memory: 1) { $0.neighbours = [near] }),
                replaced(
                    "m4",
                    Sample.request(of: "w4", memory: 1) {
                        $0.copies = Sample.ids("c"); $0.needsCopy = true
                    }),
            ])
        #expect(cells(plan) == ["c", "b", "c", "c"])
    }

    @Test("What can go to one cell only finds its room there before others take it")
    func boundFirst() {
        let fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b", memory: 4), Sample.cell("c", memory: 5)])
        let flexible = replaced("m1", Sample.request(of: "w1", memory: 4))
        let bound = replaced(
            "m2",
            Sample.request(of: "w2", memory: 2) {
                $0.copies = Sample.ids("c")
                $0.needsCopy = true
            })
        #expect(cells(fleet.replacements(forLost: CellID("a")!, [flexible, bound])) == ["b", "c"])
    }

    @Test("Of one size, what has the larger volume goes first")
    func volumesFirst() {
        let fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b", disk: 10), Sample.cell("c", disk: 20)])
        let plan = fleet.replacements(
            forLost: CellID("a")!,
            [replaced("m1", Sample.request(of: "w1", disk: 8)), replaced("m2", Sample.request(of: "w2", disk: 18))])
        #expect(cells(plan) == ["b", "c"])
    }

    @Test("The members that are replaced count no longer where they were; those that wait for their machine do")
    func spread() {
        var fleet = Fleet(cells: [
            Sample.cell("a", zone: "z"), Sample.cell("b", zone: "z"), Sample.cell("c", zone: "y", memory: 1),
        ])
        fleet.put(Sample.member("m1", on: "a"))
        let request = Sample.request { $0.zoneSpread = .required }
        #expect(cells(fleet.replacements(forLost: CellID("a")!, [replaced("m1", request)])) == ["b"])
        fleet.put(Sample.member("m2", on: "a", slot: 3))
        #expect(cells(fleet.replacements(forLost: CellID("a")!, [replaced("m1", request)])) == ["c"])
        // Those of a workload are spread from one another too.
        let both = [replaced("m1", request), replaced("m2", request)]
        #expect(cells(fleet.replacements(forLost: CellID("a")!, both)) == ["b", "c"])
    }

    @Test("A member that is elsewhere by now is placed beside, and its own place is left alone")
    func elsewhere() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b", memory: 1), Sample.cell("c", memory: 1)])
        fleet.put(Sample.member("m1", of: "w1", on: "b"))
        let plan = fleet.replacements(
            forLost: CellID("a")!, [replaced("m1", PlacementRequest(workload: nil, memory: .gigabytes(1)))])
        #expect(cells(plan) == ["c"])
    }

    @Test("Planning changes nothing, and the plan carried out is within capacity", arguments: 0..<20)
    func carriedOut(seed: UInt64) {
        var world = PlacementWorld(6_000 + seed, isTidy: true)
        for _ in 0..<120 { world.step() }
        let before = FleetPicture(world.fleet)
        guard let lost = world.reference.cells.keys.sorted().randomElement(using: &world.random) else { return }
        var reference = world.reference
        let requests = reference.members(on: lost).sorted { $0.id < $1.id }.map { member in
            var request = world.request()
            request.workload = member.workload
            return ReplacementRequest(member: member.id, request: request)
        }
        let plan = world.fleet.replacements(forLost: lost, requests)
        #expect(FleetPicture(world.fleet) == before)
        for request in requests { reference.remove(member: request.member) }
        var spreads: [(CellID, PlacementRequest)] = []
        for (request, replacement) in zip(requests.map(\.request), plan) {
            guard case .success(let choice) = replacement.outcome else { continue }
            #expect(choice.cell != lost && reference.cells[choice.cell]?.availability == .available)
            reference.put(
                FleetMember(
                    id: replacement.member, workload: request.workload!, cell: choice.cell, slot: choice.slot,
                    memory: request.memory, cpu: request.cpu, rate: request.rate))
            if let disk = request.disk, !choice.usesCopy {
                let id = VolumeID("new-\(replacement.member)")!
                reference.put(FleetVolume(id: id, cell: choice.cell, size: disk))
            }
            spreads.append((choice.cell, request))
        }
        for cell in reference.cells.values where cell.id != lost {
            let slots = reference.members(on: cell.id).map(\.slot)
            #expect(Set(slots).count == slots.count)
            #expect(reference.freeMemory(on: cell) >= 0 && reference.freeDisk(on: cell) >= 0)
            #expect(reference.freeCPU(on: cell) >= 0 && reference.freeOperations(on: cell) ?? 0 >= 0)
        }
        // The last of a workload that was placed on a cell with this rule found no other there.
        for (cell, request) in spreads where request.cellSpread == .required {
            let others = spreads.filter { $0.0 == cell && $0.1.workload == request.workload }
            #expect(others.count == 1 || others.contains { $0.1.cellSpread != .required })
        }
    }
}
