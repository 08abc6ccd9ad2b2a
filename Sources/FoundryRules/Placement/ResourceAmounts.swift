import FoundryModel

/// What a cell has or a claim takes: bytes, thousandths of a core, bytes, and the disk's work in a second.
struct ResourceAmounts: Hashable, Sendable {
    var memory: Int64 = 0
    var cpu: Int64 = 0
    var disk: Int64 = 0
    var operations: Int64 = 0
    var throughput: Int64 = 0

    /// Stands for "no limit": far beyond every figure, and far from an overflow.
    static let unlimited = Int64.max >> 2

    init(memory: ByteCount, cpu: Millicores, disk: ByteCount, rate: DiskRate) {
        self.memory = Swift.max(0, memory.bytes)
        self.cpu = Swift.max(0, Int64(cpu.count))
        self.disk = Swift.max(0, disk.bytes)
        operations = Swift.max(0, rate.operations)
        throughput = Swift.max(0, rate.bytes.bytes)
    }

    init(_ cell: FleetCell) {
        let unlimited = DiskRate(operations: Self.unlimited, bytes: ByteCount(bytes: Self.unlimited))
        self.init(
            memory: cell.capacity.memory, cpu: cell.capacity.cpu, disk: cell.capacity.disk,
            rate: cell.rate ?? unlimited)
    }

    init() {}

    static func + (left: Self, right: Self) -> Self { left.combined(with: right, by: +) }
    static func - (left: Self, right: Self) -> Self { left.combined(with: right, by: -) }
    static func max(_ left: Self, _ right: Self) -> Self { left.combined(with: right, by: Swift.max) }

    @inline(__always)
    private func combined(with other: Self, by change: (Int64, Int64) -> Int64) -> Self {
        var result = Self()
        result.memory = change(memory, other.memory)
        result.cpu = change(cpu, other.cpu)
        result.disk = change(disk, other.disk)
        result.operations = change(operations, other.operations)
        result.throughput = change(throughput, other.throughput)
        return result
    }
}
