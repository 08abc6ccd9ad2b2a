import FoundryModel
import FoundryRules
import Testing

/// A fleet in few words.
enum PlacementSamples {
    static let capacity = CellCapacity(memory: .gigabytes(16), cpu: Millicores(8_000), disk: .gigabytes(100))

    static func cell(
        _ name: String, zone: String = "a", memory: Int64 = 16, disk: Int64 = 100, rate: DiskRate? = nil,
        _ availability: CellAvailability = .available, images: [String] = []
    ) -> FleetCell {
        var capacity = capacity
        capacity.memory = .gigabytes(memory)
        capacity.disk = .gigabytes(disk)
        return FleetCell(
            id: CellID(name)!, zone: zone, capacity: capacity, rate: rate, availability: availability, images: images)
    }

    static func member(
        _ name: String, of workload: String = "w", on cell: String, slot: Int = 2, memory: Int64 = 1,
        restarts: Bool = false
    ) -> FleetMember {
        FleetMember(
            id: MemberID(name)!, workload: AppID(workload)!, cell: CellID(cell)!, slot: slot,
            memory: .gigabytes(memory), restartsElsewhere: restarts)
    }

    static func volume(_ name: String, on cell: String, size: Int64, rebuilt: Bool = false) -> FleetVolume {
        FleetVolume(
            id: VolumeID(name)!, cell: CellID(cell)!, size: .gigabytes(size), isRebuiltElsewhere: rebuilt)
    }

    static func request(
        of workload: String = "w", memory: Int64 = 1, disk: Int64? = nil,
        _ change: (inout PlacementRequest) -> Void = { _ in }
    ) -> PlacementRequest {
        var request = PlacementRequest(
            workload: AppID(workload)!, memory: .gigabytes(memory), disk: disk.map { .gigabytes($0) })
        change(&request)
        return request
    }

    static func ids(_ names: String...) -> [CellID] { names.map { CellID($0)! } }
}

private typealias Sample = PlacementSamples

@Suite("What placement prefers")
struct PlacementRuleTests {
    private func place(_ fleet: Fleet, _ request: PlacementRequest) -> String? {
        fleet.find(request)?.cell.description
    }

    @Test("Of equal cells the lowest id, whatever the zone and the order in which they came")
    func ties() {
        let fleet = Fleet(cells: [Sample.cell("c"), Sample.cell("b", zone: "z"), Sample.cell("d")])
        #expect(place(fleet, Sample.request()) == "b")
    }

    @Test("The scarcest resource decides: much memory is worth little beside a full disk")
    func scarcest() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b")])
        fleet.put(Sample.volume("v", on: "a", size: 90))
        fleet.put(Sample.member("m", of: "other", on: "b", memory: 4))
        #expect(place(fleet, Sample.request(disk: 1)) == "b")
        #expect(place(fleet, Sample.request()) == "a")
    }

    @Test("A large cell that is half full has more room than a small one that is empty")
    func largeCells() {
        var fleet = Fleet(cells: [Sample.cell("small", memory: 8), Sample.cell("large", memory: 64)])
        fleet.put(Sample.member("m", of: "other", on: "large", memory: 32))
        #expect(place(fleet, Sample.request()) == "large")
    }

    @Test("A disk that nobody measured limits nothing, and is no measure for others")
    func unmeasured() {
        let slow = DiskRate(operations: 100, bytes: .megabytes(10))
        let fleet = Fleet(cells: [Sample.cell("a", rate: slow), Sample.cell("b", zone: "b")])
        var request = Sample.request(disk: 1) { $0.rate = DiskRate(operations: 100, bytes: .megabytes(10)) }
        #expect(place(fleet, request) == "a")
        request.rate = DiskRate(operations: 1_000_000, bytes: .gigabytes(100))
        #expect(place(fleet, request) == "b")
    }

    @Test("Members of one workload go to different zones, then to different cells")
    func spread() {
        var fleet = Fleet(cells: [
            Sample.cell("a1"), Sample.cell("a2"), Sample.cell("b1", zone: "b"), Sample.cell("b2", zone: "b"),
        ])
        var cells: [String] = []
        for index in 0..<5 {
            guard let choice = fleet.find(Sample.request()) else { break }
            cells.append(choice.cell.description)
            fleet.put(Sample.member("m\(index)", on: choice.cell.description, slot: choice.slot))
        }
        #expect(cells == ["a1", "b1", "a2", "b2", "a1"])
    }

    @Test("A required spread places no second member on a cell, or in a zone")
    func requiredSpread() {
        var fleet = Fleet(cells: [Sample.cell("a1"), Sample.cell("a2"), Sample.cell("b1", zone: "b", memory: 2)])
        fleet.put(Sample.member("m", on: "a1"))
        #expect(place(fleet, Sample.request { $0.zoneSpread = .required }) == "b1")
        #expect(place(fleet, Sample.request(memory: 4) { $0.zoneSpread = .required }) == nil)
        #expect(place(fleet, Sample.request(memory: 4) { $0.cellSpread = .required }) == "a2")
        #expect(place(fleet, Sample.request(of: "x", memory: 4) { $0.cellSpread = .required }) == "a2")
    }

    @Test("Where a copy of the volume lies comes first, and needs no second room for it")
    func copies() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b"), Sample.cell("c")])
        fleet.put(Sample.volume("v", on: "c", size: 95))
        let choice = fleet.find(Sample.request(disk: 95) { $0.copies = Sample.ids("c", "unknown") })
        #expect(choice?.cell.description == "c" && choice?.usesCopy == true)
        #expect(fleet.find(Sample.request(disk: 5))?.usesCopy == false)
    }

    @Test("A preferred copy on a full cell is left; a required one is waited for")
    func copyOnFullCell() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("c")])
        fleet.put(Sample.member("m", of: "other", on: "c", memory: 16))
        var request = Sample.request(disk: 10) { $0.copies = Sample.ids("c") }
        #expect(place(fleet, request) == "a")
        request.needsCopy = true
        #expect(place(fleet, request) == nil)
        request.copies = Sample.ids("a")
        #expect(place(fleet, request) == "a")
    }

    @Test("An image that lies there is worth an eighth of a cell, and no more")
    func images() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b"), Sample.cell("c", images: ["i"])])
        let request = Sample.request { $0.image = "i" }
        fleet.put(Sample.member("m", of: "other", on: "c", memory: 1))
        #expect(place(fleet, request) == "c" && fleet.find(request)?.hasImage == true)
        fleet.put(Sample.member("m", of: "other", on: "c", memory: 3))
        #expect(place(fleet, request) == "a" && fleet.find(request)?.hasImage == false)
        fleet.add(image: "i", to: CellID("b")!)
        fleet.add(image: "i", to: CellID("b")!)
        fleet.add(image: "i", to: CellID("nowhere")!)
        #expect(place(fleet, request) == "b")
        fleet.put(Sample.cell("b"))
        #expect(place(fleet, request) == "a")
    }

    @Test("Neighbours that are wanted draw, those that are not repel, and required ones decide")
    func neighbours() {
        var fleet = Fleet(cells: [Sample.cell("a"), Sample.cell("b"), Sample.cell("c")])
        fleet.put(Sample.member("m1", of: "friend", on: "b", memory: 8))
        fleet.put(Sample.member("m2", of: "foe", on: "a", slot: 3))
        func request(_ neighbours: PlacementNeighbour...) -> PlacementRequest {
            Sample.request { $0.neighbours = neighbours }
        }
        let (friend, foe) = (AppID("friend")!, AppID("foe")!)
        #expect(place(fleet, request(.init(.near, friend, isRequired: false))) == "b")
        #expect(place(fleet, request(.init(.near, friend, isRequired: true))) == "b")
        #expect(place(fleet, request(.init(.apart, foe, isRequired: false))) == "c")
        #expect(place(fleet, request(.init(.apart, foe, isRequired: true))) == "c")
        #expect(place(fleet, request(.init(.near, foe, isRequired: true))) == "a")
        #expect(place(fleet, request(.init(.near, AppID("none")!, isRequired: true))) == nil)
    }

    @Test(
        "A cell that is drained, late or fenced, or that is avoided, takes none", arguments: CellAvailability.allCases)
    func unavailable(_ availability: CellAvailability) {
        var fleet = Fleet(cells: [Sample.cell("a", memory: 64, availability), Sample.cell("b")])
        #expect(place(fleet, Sample.request()) == (availability == .available ? "a" : "b"))
        #expect(
            place(fleet, Sample.request { $0.copies = Sample.ids("a") }) == (availability == .available ? "a" : "b"))
        #expect(place(fleet, Sample.request { $0.avoided = Sample.ids("a") }) == "b")
        fleet.set(.available, of: CellID("a")!)
        fleet.set(.late, of: CellID("unknown")!)
        #expect(place(fleet, Sample.request()) == "a")
        fleet.put(Sample.cell("a", memory: 64, availability))
        #expect(place(fleet, Sample.request()) == (availability == .available ? "a" : "b"))
    }

    @Test("What lies on a cell counts before its record came, and after it went")
    func recordsInAnyOrder() {
        var fleet = Fleet()
        fleet.put(Sample.member("m", of: "other", on: "a", memory: 15))
        #expect(fleet.find(Sample.request()) == nil && fleet.free(on: CellID("a")!) == nil)
        fleet.put(Sample.cell("a"))
        #expect(fleet.find(Sample.request())?.slot == 3)
        #expect(fleet.free(on: CellID("a")!)?.memory == .gigabytes(1))
        fleet.remove(cell: CellID("a")!)
        fleet.remove(cell: CellID("a")!)
        #expect(fleet.find(Sample.request()) == nil)
        fleet.put(Sample.cell("a"))
        #expect(fleet.find(Sample.request(memory: 2)) == nil)
        fleet.remove(member: MemberID("m")!)
        fleet.remove(member: MemberID("m")!)
        #expect(fleet.find(Sample.request(memory: 16))?.slot == 2)
    }

    @Test("A reservation keeps its room until it is given back; the same id again replaces it")
    func reservations() {
        var fleet = Fleet(cells: [Sample.cell("a")])
        let cell = CellID("a")!
        fleet.put(FleetReservation(id: "r", cell: cell, memory: .gigabytes(9)))
        fleet.put(FleetReservation(id: "r", cell: cell, memory: .gigabytes(10)))
        #expect(fleet.find(Sample.request(memory: 7)) == nil && fleet.find(Sample.request(memory: 6)) != nil)
        fleet.remove(reservation: "r")
        fleet.remove(reservation: "r")
        #expect(fleet.find(Sample.request(memory: 16)) != nil)
    }

    @Test("A cell that is told twice at once is as it was told last, in its new zone too")
    func toldTwice() {
        var fleet = Fleet(cells: [
            Sample.cell("a"), Sample.cell("a", zone: "b", memory: 8), Sample.cell("c", zone: "b"),
        ])
        #expect(fleet.cellCount == 2 && fleet.free(on: CellID("a")!)?.memory == .gigabytes(8))
        fleet.put([
            Sample.cell("c", zone: "a"), Sample.cell("c", zone: "a"), Sample.cell("a", zone: "b", memory: 8, .late),
        ])
        #expect(fleet.cellCount == 2 && place(fleet, Sample.request()) == "c")
    }

    @Test("Two records of one address free it only when both are gone; an address out of range is nobody's")
    func doubledAddresses() {
        var fleet = Fleet(cells: [Sample.cell("a")])
        fleet.put(Sample.member("m1", on: "a", slot: 2))
        fleet.put(Sample.member("m2", on: "a", slot: 2))
        fleet.put(Sample.member("m3", on: "a", slot: 300))
        fleet.remove(member: MemberID("m1")!)
        #expect(fleet.find(Sample.request())?.slot == 3)
        fleet.remove(member: MemberID("m2")!)
        fleet.remove(member: MemberID("m3")!)
        #expect(fleet.find(Sample.request())?.slot == 2)
    }
}
