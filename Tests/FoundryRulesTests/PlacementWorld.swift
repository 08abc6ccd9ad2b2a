import FoundryModel
import FoundryTestSupport

@testable import FoundryRules

/// A fleet and its slow reference, told the same by chance.
struct PlacementWorld {
    var random: Seeded
    var fleet = Fleet()
    var reference = PlacementReference()
    /// No cell forgets what was placed on it by choice: then capacity can be checked.
    private let isTidy: Bool
    private var count = 0

    static let cells = (0..<14).map { CellID("c\($0)")! }
    static let workloads = (0..<6).map { AppID("w\($0)")! }
    private static let images = ["i0", "i1", "i2", "i3"]

    init(_ seed: UInt64, isTidy: Bool = false) {
        random = Seeded(seed)
        self.isTidy = isTidy
        for id in Self.cells where random.chance(80) { put(cell(id)) }
    }

    mutating func step() {
        switch Int.random(in: 0..<(isTidy ? 8 : 16), using: &random) {
        case 0..<4: _ = place(request())
        case 4: reference.members.keys.sorted().randomElement(using: &random).map { remove(member: $0) }
        case 5: reference.volumes.keys.sorted().randomElement(using: &random).map { remove(volume: $0) }
        case 6:
            guard let id = reference.cells.keys.sorted().randomElement(using: &random), var cell = reference.cells[id]
            else { return }
            cell.availability =
                random.chance(60) ? .available : CellAvailability.allCases.randomElement(using: &random)!
            reference.put(cell)
            if random.chance(50) { fleet.put(cell) } else { fleet.set(cell.availability, of: id) }
        case 7:
            let id = Self.cells.randomElement(using: &random)!
            let image = Self.images.randomElement(using: &random)!
            fleet.add(image: image, to: id)
            guard var cell = reference.cells[id], !cell.images.contains(image) else { return }
            cell.images.append(image)
            reference.put(cell)
        case 8: put(cell(Self.cells.randomElement(using: &random)!))
        case 9:
            let id = Self.cells.randomElement(using: &random)!
            fleet.remove(cell: id)
            reference.remove(cell: id)
        case 10, 11: put(member())
        case 12: put(volume())
        case 13: put(reservation())
        case 14:
            let id = "r\(Int.random(in: 0..<4, using: &random))"
            fleet.remove(reservation: id)
            reference.remove(reservation: id)
        default:
            if let member = reference.members.keys.sorted().randomElement(using: &random) { remove(member: member) }
        }
    }

    /// - Returns: the cell that was chosen.
    mutating func place(_ request: PlacementRequest) -> CellID? {
        guard let choice = fleet.find(request) else { return nil }
        count += 1
        put(
            FleetMember(
                id: MemberID("n\(count)")!, workload: request.workload ?? Self.workloads[0], cell: choice.cell,
                slot: choice.slot, memory: request.memory, cpu: request.cpu, rate: request.rate,
                restartsElsewhere: request.restartsElsewhere))
        if let disk = request.disk, !choice.usesCopy {
            put(
                FleetVolume(
                    id: VolumeID("n\(count)")!, cell: choice.cell, size: disk,
                    isRebuiltElsewhere: request.isRebuiltElsewhere))
        }
        return choice.cell
    }

    /// A fleet that was told only what is, in another order.
    mutating func rebuilt() -> Fleet {
        var fleet = Fleet()
        for member in reference.members.values.shuffled(using: &random) { fleet.put(member) }
        fleet.put(reference.cells.values.shuffled(using: &random))
        for volume in reference.volumes.values.shuffled(using: &random) { fleet.put(volume) }
        for reservation in reference.reservations.values.shuffled(using: &random) { fleet.put(reservation) }
        return fleet
    }

    mutating func request() -> PlacementRequest {
        var request = PlacementRequest(workload: random.chance(90) ? pick(Self.workloads) : nil, memory: memory())
        if random.chance(60) { request.cpu = Millicores(Int.random(in: 0...2_000, using: &random)) }
        if random.chance(60) { request.disk = .gigabytes(Int64.random(in: 0...20, using: &random)) }
        if random.chance(30) { request.rate = rate(of: 100) }
        if random.chance(60) { request.image = random.chance(90) ? pick(Self.images) : "elsewhere" }
        if random.chance(30) { request.copies = some(3) }
        request.needsCopy = random.chance(10)
        if random.chance(30) { request.avoided = some(4) }
        request.cellSpread = pick(PlacementWish.allCases)
        request.zoneSpread = pick(PlacementWish.allCases)
        for _ in 0..<Int.random(in: 0...3, using: &random) where random.chance(40) {
            request.neighbours.append(
                PlacementNeighbour(
                    pick(PlacementNeighbour.Side.allCases), pick(Self.workloads), isRequired: random.chance(30)))
        }
        request.headroom = random.chance(40) ? .none : pick(HeadroomRule.allCases)
        request.restartsElsewhere = random.chance(70)
        request.isRebuiltElsewhere = random.chance(50)
        return request
    }

    private mutating func cell(_ id: CellID) -> FleetCell {
        let cores = pick([4, 8, 16])
        let capacity = CellCapacity(
            memory: .gigabytes(pick([8, 16, 16, 16, 32])), cpu: Millicores(cores * 1_000),
            disk: .gigabytes(pick([0, 100, 200])))
        return FleetCell(
            id: id, zone: pick(["east", "north", "south"]), capacity: capacity,
            rate: random.chance(50) ? rate(of: 2_000) : nil,
            availability: random.chance(85) ? .available : pick(CellAvailability.allCases),
            images: Self.images.filter { _ in random.chance(40) })
    }

    private mutating func member() -> FleetMember {
        FleetMember(
            id: MemberID("m\(Int.random(in: 0..<40, using: &random))")!, workload: pick(Self.workloads),
            cell: pick(Self.cells), slot: Int.random(in: 0...12, using: &random), memory: memory(),
            cpu: Millicores(500), rate: rate(of: 50), restartsElsewhere: random.chance(50))
    }

    private mutating func volume() -> FleetVolume {
        FleetVolume(
            id: VolumeID("v\(Int.random(in: 0..<30, using: &random))")!, cell: pick(Self.cells),
            size: .gigabytes(Int64.random(in: 1...30, using: &random)), isRebuiltElsewhere: random.chance(50))
    }

    private mutating func reservation() -> FleetReservation {
        FleetReservation(
            id: "r\(Int.random(in: 0..<4, using: &random))", cell: pick(Self.cells), memory: memory(),
            cpu: Millicores(100), disk: .gigabytes(2), rate: rate(of: 10))
    }

    private mutating func memory() -> ByteCount {
        .megabytes(Int64(pick([0, 16, 64, 100, 256, 512, 1_024, 1_500, 2_048, 4_096])))
    }

    private mutating func rate(of operations: Int64) -> DiskRate {
        DiskRate(
            operations: Int64.random(in: 0...operations, using: &random),
            bytes: .megabytes(Int64.random(in: 0...operations, using: &random)))
    }

    private mutating func some(_ most: Int) -> [CellID] {
        (0..<Int.random(in: 0...most, using: &random)).map { _ in pick(Self.cells) }
    }

    private mutating func pick<Item>(_ items: [Item]) -> Item { items.randomElement(using: &random)! }

    private mutating func put(_ cell: FleetCell) {
        fleet.put(cell)
        reference.put(cell)
    }
    private mutating func put(_ member: FleetMember) {
        fleet.put(member)
        reference.put(member)
    }
    private mutating func put(_ volume: FleetVolume) {
        fleet.put(volume)
        reference.put(volume)
    }
    private mutating func put(_ reservation: FleetReservation) {
        fleet.put(reservation)
        reference.put(reservation)
    }
    private mutating func remove(member: MemberID) {
        fleet.remove(member: member)
        reference.remove(member: member)
    }
    private mutating func remove(volume: VolumeID) {
        fleet.remove(volume: volume)
        reference.remove(volume: volume)
    }
}

/// Everything that the index says, in words that do not depend on how it came about.
struct FleetPicture: Equatable {
    struct Zone: Equatable {
        var cells: [CellID]
        var rooms: [CellRoom]
        var needs: [PieceTally]
        var need: PieceTally
        var free: PieceTally
        var images: [String: [UInt64]]
    }

    struct Workload: Equatable {
        var members: [CellID: Int32]
    }

    var zones: [String: Zone] = [:]
    var workloads: [AppID: Workload] = [:]

    init(_ fleet: Fleet) {
        for zone in fleet.zones where !zone.cells.isEmpty {
            var images: [String: [UInt64]] = [:]
            for (handle, bits) in zone.images.enumerated() where !bits.isEmpty {
                images[fleet.imageHandles[Int32(handle)] ?? "unknown"] = bits
            }
            zones[zone.name] = Zone(
                cells: zone.cells.map { fleet.cells[Int($0)].id }, rooms: zone.rooms, needs: zone.needs,
                need: zone.need, free: zone.free, images: images)
        }
        for handle in fleet.workloads.indices {
            guard let id = fleet.workloadHandles[Int32(handle)] else { continue }
            let presences = fleet.workloads[handle].presences.map { (fleet.cells[Int($0.cell)].id, $0.members) }
            workloads[id] = Workload(members: Dictionary(uniqueKeysWithValues: presences))
        }
    }
}
