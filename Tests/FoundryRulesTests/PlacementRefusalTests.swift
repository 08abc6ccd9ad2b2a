import FoundryModel
import Testing

@testable import FoundryRules

private typealias Sample = PlacementSamples

@Suite("What a refusal of a place says")
struct PlacementRefusalTests {
    private func error(_ fleet: Fleet, _ request: PlacementRequest) -> FoundryError? {
        guard case .failure(let shortage) = fleet.choose(request) else { return nil }
        return shortage.error
    }

    private func message(_ fleet: Fleet, _ request: PlacementRequest) -> String? { error(fleet, request)?.message }

    @Test("Without cells, that there are none")
    func none() { #expect(error(Fleet(), Sample.request())?.code == .notRunning) }

    @Test("On one cell, what that cell lacks, in one sentence")
    func oneCell() {
        let slow = DiskRate(operations: 100, bytes: .megabytes(10))
        var fleet = Fleet(cells: [Sample.cell("a", rate: slow)])
        #expect(
            message(fleet, Sample.request(memory: 17))
                == "It asks for 17 GiB of memory; cell a has 16 GiB left of 16 GiB.")
        let disk = error(fleet, Sample.request(disk: 101))
        #expect(disk?.message == "The pool has 100 GiB left of 100 GiB; a volume of 101 GiB does not fit.")
        #expect(disk?.code == .poolFull && disk?.hint == "foundry volumes" && disk?.detail == nil)
        let cpu = error(fleet, Sample.request { $0.cpu = Millicores(8_500) })
        #expect(cpu?.message == "It asks for 8500m of processor time; cell a has 8 left of 8.")
        #expect(cpu?.code == .capacityShort && cpu?.hint?.contains("--cpu") == true)
        #expect(
            message(fleet, Sample.request { $0.rate.operations = 200 })
                == "It asks for 200 disk operations a second; cell a has 100 left of 100.")
        #expect(
            message(fleet, Sample.request { $0.rate.bytes = .megabytes(20) })
                == "It asks for 20 MiB of disk throughput a second; cell a has 10 MiB left of 10 MiB.")
        for slot in Placement.slots { fleet.put(Sample.member("m\(slot)", on: "a", slot: slot, memory: 0)) }
        #expect(error(fleet, Sample.request())?.message == "Cell a has no address left for another member.")
    }

    @Test("Where nothing is left, the least that can be asked for is too much")
    func nothingLeft() {
        let nothing = CellCapacity(memory: .zero, cpu: Millicores(0), disk: .zero)
        let cell = FleetCell(
            id: CellID("a")!, zone: "z", capacity: nothing, rate: DiskRate(operations: 0, bytes: .zero),
            availability: .available, images: [])
        let least: [(PlacementLack.Reason, (inout PlacementRequest) -> Void)] = [
            (.memory, { $0.memory = ByteCount(bytes: 1) }), (.disk, { $0.disk = ByteCount(bytes: 1) }),
            (.cpu, { $0.cpu = Millicores(1) }), (.operations, { $0.rate.operations = 1 }),
            (.throughput, { $0.rate.bytes = ByteCount(bytes: 1) }),
        ]
        for (reason, ask) in least {
            guard case .failure(let shortage) = Fleet(cells: [cell]).choose(Sample.request(memory: 0, ask)) else {
                Issue.record("\(reason) is granted")
                continue
            }
            #expect(shortage.common == [reason])
        }
    }

    @Test("Which rule it is that excludes a cell")
    func rules() {
        var fleet = Fleet(cells: [Sample.cell("a", zone: "z")])
        fleet.put(Sample.member("m", on: "a"))
        let foe = PlacementNeighbour(.apart, AppID("w")!, isRequired: true)
        let friend = PlacementNeighbour(.near, AppID("other")!, isRequired: true)
        #expect(
            message(fleet, Sample.request { $0.needsCopy = true }) == "Cell a has no copy of its volume.")
        #expect(
            message(fleet, Sample.request { $0.avoided = Sample.ids("a") })
                == "Cell a is one that it shall not go to.")
        #expect(
            message(fleet, Sample.request { $0.cellSpread = .required }) == "Cell a has a member of it already.")
        #expect(
            message(fleet, Sample.request { $0.zoneSpread = .required })
                == "Cell a is in zone z, which has a member of it already.")
        #expect(
            message(fleet, Sample.request { $0.neighbours = [foe] })
                == "Cell a has a member of w, beside which it must not be.")
        #expect(
            message(fleet, Sample.request { $0.neighbours = [friend] })
                == "Cell a has no member of other, beside which it must be.")
    }

    @Test("How a cell stands that takes none", arguments: CellAvailability.allCases)
    func availability(_ availability: CellAvailability) {
        let words =
            switch availability {
            case .available: "takes members"
            case .drained: "is drained"
            case .late: "is late: nothing was heard of it in time"
            case .fenced: "is fenced"
            }
        let near = PlacementShortage.Nearest(cell: CellID("a")!, lacks: [.unavailable(availability)])
        let shortage = PlacementShortage(cells: 1, counts: [.init(reason: .unavailable, cells: 1)], nearest: [near])
        #expect(shortage.error.message == "Cell a \(words)." && shortage.error.hint == "foundry status")
        #expect(shortage.common == [.unavailable])
        guard availability != .available else { return }
        #expect(message(Fleet(cells: [Sample.cell("a", availability)]), Sample.request()) == "Cell a \(words).")
    }

    @Test("Of several cells, what all lack, the nearest first, and the figures of three for the operator")
    func several() {
        var fleet = Fleet(cells: [
            Sample.cell("a", memory: 4), Sample.cell("b", memory: 8, disk: 5), Sample.cell("c", memory: 64, .drained),
            Sample.cell("d", memory: 2), Sample.cell("e", memory: 1),
        ])
        let request = Sample.request(memory: 9, disk: 6)
        #expect(
            message(fleet, request)
                == "None of 5 cells has a place for it. The nearest: It asks for 9 GiB of memory; cell b has 8 GiB left of 8 GiB."
        )
        #expect(
            error(fleet, request)?.detail == """
                of 5 cells: no new members on 1, too little memory on 4, too little room in the pool on 1
                cell b: It asks for 9 GiB of memory; cell b has 8 GiB left of 8 GiB. The pool of cell b has 5 GiB left of 5 GiB; a volume of 6 GiB does not fit.
                cell a: It asks for 9 GiB of memory; cell a has 4 GiB left of 4 GiB.
                cell d: It asks for 9 GiB of memory; cell d has 2 GiB left of 2 GiB.
                """)
        fleet.set(.available, of: CellID("c")!)
        let all = error(fleet, Sample.request(disk: 200))
        #expect(
            all?.message
                == "None of 5 cells has a place for it. On all of them: too little room in the pool. The nearest: The pool of cell a has 100 GiB left of 100 GiB; a volume of 200 GiB does not fit."
        )
        #expect(all?.code == .poolFull)
    }

    @Test("Which loss could not be absorbed, and by how much")
    func headroom() {
        func request(_ rule: HeadroomRule, disk: Int64? = nil) -> PlacementRequest {
            Sample.request(disk: disk) {
                $0.headroom = rule
                $0.restartsElsewhere = true
                $0.isRebuiltElsewhere = true
            }
        }
        var fleet = Fleet(cells: [Sample.cell("a")])
        #expect(
            message(fleet, request(.cell))
                == "With it, the loss of cell a could not be absorbed: in pieces of 64 MiB, 1 GiB of memory would have to go elsewhere, and 0 B would be free there."
        )
        #expect(message(fleet, request(.zone))?.contains("the loss of zone a could not be absorbed") == true)
        fleet.put(Sample.cell("b", zone: "b", disk: 0))
        #expect(
            message(fleet, request(.cell, disk: 8))?.contains(
                "8 GiB of disk would have to go elsewhere, and 0 B would be free there.") == true)
        #expect(message(fleet, request(.zone, disk: 8))?.contains("On all of them") == false)
        fleet.put(Sample.cell("b", zone: "b"))
        fleet.put(Sample.member("m", of: "x", on: "b", memory: 16, restarts: true))
        #expect(message(fleet, request(.cell))?.contains("On all of them: no room to absorb a loss") == false)
    }

    @Test("Of gaps the one with the most missing is told; then the smaller pieces, memory, and the lower name")
    func worst() {
        func gap(
            _ held: Int64, _ lost: HeadroomGap.Lost = .cell(CellID("b")!), _ resource: HeadroomGap.Resource = .memory,
            piece: Int64 = 64
        ) -> HeadroomGap {
            HeadroomGap(
                lost: lost, resource: resource, piece: .megabytes(piece), held: .gigabytes(held), left: .zero)
        }
        #expect(gap(2).isWorse(than: gap(1)) && !gap(1).isWorse(than: gap(2)))
        #expect(gap(1).isWorse(than: gap(1, piece: 128)) && gap(1).isWorse(than: gap(1, .cell(CellID("b")!), .disk)))
        #expect(gap(1, .zone("a")).isWorse(than: gap(1)) && !gap(1).isWorse(than: gap(1)))
    }

    @Test("Every reason has its words")
    func words() {
        let words = PlacementLack.Reason.allCases.map(\.words)
        #expect(Set(words).count == words.count && words.allSatisfy { !$0.isEmpty })
    }

    @Test("By a view, the records decide: drained cells take none, members without an app keep their address")
    func view() throws {
        var view = PlatformView()
        var cell = CellRecord(
            id: CellID("a")!, zone: "default", capacity: Samples.capacity, machineID: "a", bootID: "boot")
        view.put(.cell(cell), revision: 1)
        view.put(
            .member(
                MemberRecord(id: MemberID("m")!, app: AppID("gone")!, index: 0, cell: cell.id, slot: 2, volume: nil)),
            revision: 2)
        #expect(try Placement.choose(memory: .gigabytes(16), disk: nil, view: view).slot == 3)
        cell.duty = .drained
        view.put(.cell(cell), revision: 3)
        #expect(throws: FoundryError(.capacityShort, "Cell a is drained.", hint: "foundry status")) {
            try Placement.choose(memory: .gigabytes(1), disk: nil, view: view)
        }
    }

    @Test("What has no disk, replicas, or may start empty is started elsewhere; a lone volume waits for its machine")
    func movable() {
        var spec = Samples.spec()
        #expect(!spec.restartsElsewhere && !spec.isRebuiltElsewhere)
        spec.recovery.whenLost = .empty
        #expect(spec.restartsElsewhere && !spec.isRebuiltElsewhere)
        spec.recovery = RecoverySpec(replicas: 1)
        #expect(spec.restartsElsewhere && spec.isRebuiltElsewhere)
        #expect(Samples.spec(disk: nil).restartsElsewhere)
    }
}
