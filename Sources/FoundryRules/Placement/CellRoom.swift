/// What of a cell is free, as the index compares it; of several cells, the most of each.
struct CellRoom: Hashable, Sendable {
    var memory: Int64
    var cpu: Int64
    var disk: Int64
    var operations: Int64
    var throughput: Int64
    var slots: Int64
    /// The scarcest of memory and processor time, as a share of what the largest cell has, in parts of `whole`.
    var balance: Int64
    /// The same with the disk and its work.
    var balanceWithDisk: Int64

    static let whole: Int64 = 1 << 20

    /// Of a cell that takes nothing, whatever is asked.
    static let closed = Self(
        memory: -1, cpu: -1, disk: -1, operations: -1, throughput: -1, slots: -1, balance: -1, balanceWithDisk: -1)

    /// - Parameter largest: the most that any cell has of each.
    init(free: ResourceAmounts, slots: Int, largest: ResourceAmounts) {
        memory = max(0, free.memory)
        cpu = max(0, free.cpu)
        disk = max(0, free.disk)
        operations = max(0, free.operations)
        throughput = max(0, free.throughput)
        self.slots = Int64(slots)
        balance = min(Self.share(memory, of: largest.memory), Self.share(cpu, of: largest.cpu))
        let disks = min(
            Self.share(disk, of: largest.disk), Self.share(operations, of: largest.operations),
            Self.share(throughput, of: largest.throughput))
        balanceWithDisk = min(balance, disks)
    }

    private init(
        memory: Int64, cpu: Int64, disk: Int64, operations: Int64, throughput: Int64, slots: Int64, balance: Int64,
        balanceWithDisk: Int64
    ) {
        self.memory = memory
        self.cpu = cpu
        self.disk = disk
        self.operations = operations
        self.throughput = throughput
        self.slots = slots
        self.balance = balance
        self.balanceWithDisk = balanceWithDisk
    }

    /// What nobody has at all weighs nothing.
    static func share(_ part: Int64, of total: Int64) -> Int64 {
        guard part < total else { return whole }
        return total.dividingFullWidth(part.multipliedFullWidth(by: whole)).quotient
    }

    @inline(__always)
    func fits(_ asked: ResourceAmounts) -> Bool {
        asked.memory <= memory && asked.cpu <= cpu && asked.disk <= disk && asked.operations <= operations
            && asked.throughput <= throughput && slots > 0
    }

    @inline(__always)
    static func most(_ left: Self, _ right: Self) -> Self {
        Self(
            memory: max(left.memory, right.memory), cpu: max(left.cpu, right.cpu), disk: max(left.disk, right.disk),
            operations: max(left.operations, right.operations), throughput: max(left.throughput, right.throughput),
            slots: max(left.slots, right.slots), balance: max(left.balance, right.balance),
            balanceWithDisk: max(left.balanceWithDisk, right.balanceWithDisk))
    }
}
