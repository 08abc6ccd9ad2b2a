import FoundryModel

/// What a container's limits are to runc, when it is made and when they change.
struct LimitSpecification: Hashable, Sendable, Encodable {
    var memory: RuntimeSpecification.Memory
    var cpu: RuntimeSpecification.Processor

    /// Microseconds.
    private static let period: UInt64 = 100_000

    /// - Parameter limitsSwap: the kernel counts swap: it is part of the limit.
    init(_ limits: ContainerLimits, limitsSwap: Bool) {
        let cpu = Int64(limits.cpu.count)
        memory = .init(limit: limits.memory.bytes, swap: limitsSwap ? limits.memory.bytes : nil)
        // The kernel takes no quota below a millisecond of each period.
        self.cpu = .init(
            quota: max(1_000, cpu * Int64(Self.period) / 1000), period: Self.period,
            shares: UInt64(max(2, min(262_144, cpu * 1024 / 1000))))
    }
}
