import FoundryModel
import FoundryRules

/// What placement promises, written down the slow and plain way: every cell is looked at, and every sum is made anew.
struct PlacementReference {
    private(set) var cells: [CellID: FleetCell] = [:]
    private(set) var members: [MemberID: FleetMember] = [:]
    private(set) var volumes: [VolumeID: FleetVolume] = [:]
    private(set) var reservations: [String: FleetReservation] = [:]

    // Both the reference and the fleet are told; the fleet by the caller.
    mutating func put(_ cell: FleetCell) { cells[cell.id] = cell }
    mutating func remove(cell: CellID) { cells[cell] = nil }
    mutating func put(_ member: FleetMember) { members[member.id] = member }
    mutating func remove(member: MemberID) { members[member] = nil }
    mutating func put(_ volume: FleetVolume) { volumes[volume.id] = volume }
    mutating func remove(volume: VolumeID) { volumes[volume] = nil }
    mutating func put(_ reservation: FleetReservation) { reservations[reservation.id] = reservation }
    mutating func remove(reservation: String) { reservations[reservation] = nil }

    func members(on cell: CellID) -> [FleetMember] { members.values.filter { $0.cell == cell } }
    func members(of workload: AppID?, on cell: CellID) -> Int {
        members.values.count { $0.cell == cell && $0.workload == workload }
    }
    private func volumes(on cell: CellID) -> [FleetVolume] { volumes.values.filter { $0.cell == cell } }
    private func reservations(on cell: CellID) -> [FleetReservation] { reservations.values.filter { $0.cell == cell } }

    func freeMemory(on cell: FleetCell) -> Int64 {
        cell.capacity.memory.bytes - members(on: cell.id).reduce(0) { $0 + $1.memory.bytes }
            - reservations(on: cell.id).reduce(0) { $0 + $1.memory.bytes }
    }
    func freeDisk(on cell: FleetCell) -> Int64 {
        cell.capacity.disk.bytes - volumes(on: cell.id).reduce(0) { $0 + $1.size.bytes }
            - reservations(on: cell.id).reduce(0) { $0 + $1.disk.bytes }
    }
    func freeCPU(on cell: FleetCell) -> Int64 {
        Int64(
            cell.capacity.cpu.count - members(on: cell.id).reduce(0) { $0 + $1.cpu.count }
                - reservations(on: cell.id).reduce(0) { $0 + $1.cpu.count })
    }
    /// nil: unlimited.
    func freeOperations(on cell: FleetCell) -> Int64? {
        cell.rate.map { rate in
            rate.operations - members(on: cell.id).reduce(0) { $0 + $1.rate.operations }
                - reservations(on: cell.id).reduce(0) { $0 + $1.rate.operations }
        }
    }
    func freeThroughput(on cell: FleetCell) -> Int64? {
        cell.rate.map { rate in
            rate.bytes.bytes - members(on: cell.id).reduce(0) { $0 + $1.rate.bytes.bytes }
                - reservations(on: cell.id).reduce(0) { $0 + $1.rate.bytes.bytes }
        }
    }

    func choose(_ request: PlacementRequest) -> CellID? {
        let able = cells.values.filter { takes($0, request) }
        return able.map { (score($0, request), $0.id) }.min { left, right in
            left.0 != right.0 ? right.0.lexicographicallyPrecedes(left.0) : left.1 < right.1
        }?.1
    }

    func takes(_ cell: FleetCell, _ request: PlacementRequest) -> Bool {
        isAllowed(cell, request) && fits(cell, request) && absorbs(cell, request)
    }

    private func isAllowed(_ cell: FleetCell, _ request: PlacementRequest) -> Bool {
        guard cell.availability == .available, !request.avoided.contains(cell.id) else { return false }
        if request.needsCopy, !request.copies.contains(cell.id) { return false }
        if request.cellSpread == .required, members(of: request.workload, on: cell.id) > 0 { return false }
        if request.zoneSpread == .required, inZone(of: cell, request.workload) > 0 { return false }
        return request.neighbours.allSatisfy {
            !$0.isRequired || (members(of: $0.workload, on: cell.id) > 0) == ($0.side == .near)
        }
    }

    private func fits(_ cell: FleetCell, _ request: PlacementRequest) -> Bool {
        let slots = Set(members(on: cell.id).map(\.slot)).intersection(Placement.slots)
        return request.memory.bytes <= max(0, freeMemory(on: cell)) && disk(cell, request) <= max(0, freeDisk(on: cell))
            && Int64(request.cpu.count) <= max(0, freeCPU(on: cell)) && slots.count < Placement.slots.count
            && freeOperations(on: cell).map { request.rate.operations <= max(0, $0) } ?? true
            && freeThroughput(on: cell).map { request.rate.bytes.bytes <= max(0, $0) } ?? true
    }

    private func disk(_ cell: FleetCell, _ request: PlacementRequest) -> Int64 {
        request.copies.contains(cell.id) ? 0 : request.disk?.bytes ?? 0
    }

    private func inZone(of cell: FleetCell, _ workload: AppID?) -> Int {
        members.values.count { $0.workload == workload && cells[$0.cell]?.zone == cell.zone }
    }

    // What is better comes first and is larger.
    private func score(_ cell: FleetCell, _ request: PlacementRequest) -> [Int64] {
        let friends = request.neighbours.filter { !$0.isRequired && members(of: $0.workload, on: cell.id) > 0 }
        let image = request.image.map { cell.images.contains($0) } ?? false
        return [
            request.copies.contains(cell.id) ? 1 : 0,
            request.zoneSpread == .preferred ? -Int64(inZone(of: cell, request.workload)) : 0,
            request.cellSpread == .preferred ? -Int64(members(of: request.workload, on: cell.id)) : 0,
            friends.reduce(0) { $0 + ($1.side == .near ? 1 : -1) },
            balance(cell, request) + (image ? 1 << 17 : 0),
        ]
    }

    private func balance(_ cell: FleetCell, _ request: PlacementRequest) -> Int64 {
        func share(_ free: Int64?, _ capacity: (FleetCell) -> Int64?) -> Int64 {
            let largest = cells.values.compactMap(capacity).max() ?? 0
            guard let free, free < largest else { return 1 << 20 }
            return max(0, free) * (1 << 20) / largest
        }
        var shares = [
            share(freeMemory(on: cell)) { $0.capacity.memory.bytes },
            share(freeCPU(on: cell)) { Int64($0.capacity.cpu.count) },
        ]
        if (request.disk?.bytes ?? 0) > 0 {
            shares += [
                share(freeDisk(on: cell)) { $0.capacity.disk.bytes },
                share(freeOperations(on: cell)) { $0.rate?.operations },
                share(freeThroughput(on: cell)) { $0.rate?.bytes.bytes },
            ]
        }
        return shares.min() ?? 0
    }

    // Headroom: what one cell or zone holds, in pieces of every size, against the pieces that are free elsewhere.

    private struct Holding {
        var cell: CellID
        var bytes: Int64
    }

    private func absorbs(_ cell: FleetCell, _ request: PlacementRequest) -> Bool {
        guard request.headroom != .none else { return true }
        let isLost: (CellID, String) -> Bool = { id, name in
            request.headroom == .cell ? id.description == name : cells[id]?.zone == name
        }
        let names = request.headroom == .cell ? cells.keys.map(\.description) : cells.values.map(\.zone)
        var memory = members.values.filter(\.restartsElsewhere).map { Holding(cell: $0.cell, bytes: $0.memory.bytes) }
        if request.restartsElsewhere { memory.append(Holding(cell: cell.id, bytes: request.memory.bytes)) }
        var disks = volumes.values.filter(\.isRebuiltElsewhere).map { Holding(cell: $0.cell, bytes: $0.size.bytes) }
        let disk = disk(cell, request)
        if request.isRebuiltElsewhere { disks.append(Holding(cell: cell.id, bytes: disk)) }
        return Set(names).allSatisfy { name in
            let others = cells.values.filter { $0.availability == .available && !isLost($0.id, name) }
            let held = memory.filter { isLost($0.cell, name) && cells[$0.cell] != nil }.map(\.bytes)
            let heldDisk = disks.filter { isLost($0.cell, name) && cells[$0.cell] != nil }.map(\.bytes)
            let free = others.map { freeMemory(on: $0) - ($0.id == cell.id ? request.memory.bytes : 0) }
            let freeDisk = others.map { self.freeDisk(on: $0) - ($0.id == cell.id ? disk : 0) }
            return Self.covers(free, held) && (disk == 0 || Self.covers(freeDisk, heldDisk))
        }
    }

    private static func covers(_ free: [Int64], _ held: [Int64]) -> Bool {
        (26...41).allSatisfy { shift in
            let size = Int64(1) << shift
            let needed = held.map(rounded).filter { $0 >= size }.reduce(0) { $0 + $1 / size }
            return free.reduce(0) { $0 + max(0, $1) / size } >= needed
        }
    }

    private static func rounded(_ bytes: Int64) -> Int64 {
        guard bytes > 0 else { return 0 }
        var size = Int64(1) << 26
        while size < bytes { size *= 2 }
        return size
    }
}
