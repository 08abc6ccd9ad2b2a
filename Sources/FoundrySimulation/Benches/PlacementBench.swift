import FoundryModel
import FoundryRules

/// Measures placement: filling a fleet from empty to nine tenths, and the plan for a cell that is lost then.
///
/// A cell has 64 GiB of memory, 32 cores and 2 TiB of disk, in one of three zones, and a fifth of 200 images. Every member has a volume, a ceiling on its disk's
/// work and an image; a third of the workloads have three members, on different cells and by preference in different zones; a tenth of the requests
/// name two cells where a copy lies. The loss of any cell stays absorbable.
public struct PlacementBench<Randomness: RandomNumberGenerator> {
    public struct Fill: Sendable {
        public var cells: Int
        public var placements: Int
        public var refusals: Int
        public var nanoseconds: UInt64
        /// Of the batches of a thousand, in nanoseconds.
        public var slowestThousand: UInt64
        /// Of the memory of all cells.
        public var filledPercent: Int

        public var placementsPerSecond: Int { Int(UInt64(placements) * 1_000_000_000 / max(1, nanoseconds)) }
    }

    public struct Loss: Sendable {
        public var members: Int
        /// How many found a place.
        public var placed: Int
        public var nanoseconds: UInt64
    }

    private static var memory: Int64 { 64 << 30 }

    /// As it was left by the last measurement.
    public private(set) var fleet = Fleet()
    private var randomness: Randomness
    private let clock: () -> UInt64
    private var cells: [CellID] = []
    private var membersOfCells: [CellID: [ReplacementRequest]] = [:]
    private var count = 0
    private var pending: [PlacementRequest] = []

    /// - Parameter clock: in nanoseconds; the processor time of the process says what one core does, also on a busy machine.
    public init(using randomness: Randomness, clock: @escaping () -> UInt64) {
        self.randomness = randomness
        self.clock = clock
    }

    /// Fills a fleet of so many empty cells.
    public mutating func fill(cells count: Int) -> Fill {
        begin(count)
        var result = Fill(
            cells: count, placements: 0, refusals: 0, nanoseconds: 0, slowestThousand: 0, filledPercent: 0)
        let wanted = Self.memory / 10 * 9 * Int64(count)
        var taken: Int64 = 0
        while taken < wanted, result.refusals < 10_000 {
            var batch: [PlacementRequest] = []
            while batch.count < 1_000, taken < wanted {
                let request = next()
                taken += request.memory.bytes
                batch.append(request)
            }
            let before = clock()
            let choices = batch.map { place($0) }
            let spent = max(1, clock() - before)
            result.nanoseconds += spent
            let placed = choices.lazy.filter { $0 != nil }.count
            result.placements += placed
            result.refusals += batch.count - placed
            result.slowestThousand = max(result.slowestThousand, spent)
        }
        result.filledPercent = filledPercent
        return result
    }

    /// Plans for the loss of the cell whose members are nearest to 50, after `fill`.
    public mutating func lose() -> Loss {
        let lost = membersOfCells.min { left, right in
            (abs(left.value.count - 50), left.key) < (abs(right.value.count - 50), right.key)
        }
        guard let lost else { return Loss(members: 0, placed: 0, nanoseconds: 0) }
        let before = clock()
        let plan = fleet.replacements(forLost: lost.key, lost.value)
        let spent = clock() - before
        let placed = plan.lazy.filter { if case .success = $0.outcome { true } else { false } }.count
        return Loss(members: lost.value.count, placed: placed, nanoseconds: spent)
    }

    /// Both, at 500 and at 5,000 cells, as lines of `name value`: times in nanoseconds, memory in bytes.
    ///
    /// - Parameter memory: what the process has resident now, in bytes.
    public mutating func lines(memory: () -> UInt64) -> [String] {
        var lines: [String] = []
        for size in [500, 5_000] {
            let fill = fill(cells: size)
            precondition(isWithinCapacity, "placement exceeded a cell")
            let loss = lose()
            lines += [
                "placement.\(size).placements \(fill.placements)", "placement.\(size).refusals \(fill.refusals)",
                "placement.\(size).filled-percent \(fill.filledPercent)",
                "placement.\(size).each \(fill.nanoseconds / UInt64(max(1, fill.placements)))",
                "placement.\(size).slowest-thousand \(fill.slowestThousand / 1_000)",
                "placement.\(size).lost-members \(loss.members)", "placement.\(size).replaced \(loss.placed)",
                "placement.\(size).plan \(loss.nanoseconds)", "placement.\(size).memory \(memory())",
            ]
        }
        return lines
    }

    /// No cell holds more than it has.
    public var isWithinCapacity: Bool {
        cells.allSatisfy { cell in
            guard let free = fleet.free(on: cell) else { return false }
            return free.memory >= .zero && free.disk >= .zero && free.cpu >= Millicores(0)
        }
    }

    private var filledPercent: Int {
        let free = cells.reduce(Int64(0)) { $0 + (fleet.free(on: $1)?.memory.bytes ?? 0) }
        let all = Self.memory * Int64(cells.count)
        return Int((all - free) * 100 / all)
    }

    private mutating func begin(_ size: Int) {
        cells = (0..<size).compactMap { CellID("c\($0)") }
        membersOfCells = [:]
        (count, pending) = (0, [])
        let capacity = CellCapacity(
            memory: ByteCount(bytes: Self.memory), cpu: Millicores(32_000 * 16), disk: .gigabytes(2_048))
        let rate = DiskRate(operations: 500_000, bytes: .gigabytes(8))
        let made = cells.enumerated().map { index, id in
            let first = Int(randomness.next() % 200)
            let images = (0..<40).map { "i\((first + $0) % 200)" }
            return FleetCell(id: id, zone: "z\(index % 3)", capacity: capacity, rate: rate, images: images)
        }
        fleet = Fleet(cells: made)
    }

    /// One of the members that were asked for together.
    private mutating func next() -> PlacementRequest {
        if let request = pending.popLast() { return request }
        count += 1
        let size = randomness.next() % 100
        let memory: Int64 = size < 40 ? 512 : size < 75 ? 1_024 : size < 95 ? 2_048 : 4_096
        let members = randomness.next() % 3 == 0 ? 3 : 1
        var request = PlacementRequest(
            workload: AppID("w\(count)"), memory: .megabytes(memory), cpu: Millicores(1_000),
            disk: .gigabytes(Int64(1 + randomness.next() % 40)),
            rate: DiskRate(operations: 500, bytes: .megabytes(20)), image: "i\(randomness.next() % 200)",
            cellSpread: .required, headroom: .cell, restartsElsewhere: true, isRebuiltElsewhere: members == 3)
        if randomness.next() % 10 == 0 {
            request.copies = (0..<2).map { _ in cells[Int(randomness.next() % UInt64(cells.count))] }
        }
        pending = Array(repeating: request, count: members - 1)
        return request
    }

    private mutating func place(_ request: PlacementRequest) -> PlacementChoice? {
        guard let choice = fleet.find(request), let workload = request.workload,
            let member = MemberID("m\(fleet.memberCount)"), let volume = VolumeID("v\(fleet.memberCount)")
        else { return nil }
        fleet.put(
            FleetMember(
                id: member, workload: workload, cell: choice.cell, slot: choice.slot, memory: request.memory,
                cpu: request.cpu, rate: request.rate, restartsElsewhere: request.restartsElsewhere))
        if !choice.usesCopy, let size = request.disk {
            fleet.put(
                FleetVolume(id: volume, cell: choice.cell, size: size, isRebuiltElsewhere: request.isRebuiltElsewhere))
        }
        // A replacement may use the headroom that was kept for it.
        var again = request
        again.headroom = .none
        membersOfCells[choice.cell, default: []].append(ReplacementRequest(member: member, request: again))
        return choice
    }
}
