/// Memory and disk counted in pieces of 64 MiB and its doublings, up to 2 TiB: what is free in pieces of that size, or what is claimed in them.
///
/// Claims are rounded up to the next such size. Then pieces tell whether claims fit, not only whether their sum does: laid out from the
/// largest to the smallest, each claim takes whole pieces of every smaller size, so a claim finds no cell only when no piece of its size is left on any.
/// A claim above 2 TiB is rounded up to a multiple of that, and counts as several.
struct PieceTally: Hashable, Sendable {
    var memory: SIMD16<Int64>
    var disk: SIMD16<Int64>

    static let zero = Self(memory: .zero, disk: .zero)

    /// The size of the smallest pieces, as a power of two.
    static let smallest: Int64 = 26
    static let largest = 15
    private static let shifts = SIMD16<Int64>(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)

    /// How many whole pieces of each size so many bytes are.
    static func pieces(in bytes: Int64) -> SIMD16<Int64> {
        SIMD16(repeating: max(0, bytes) >> smallest) &>> shifts
    }

    /// How many pieces of each size, up to its own, a claim of so many bytes takes.
    static func pieces(claimedBy bytes: Int64) -> SIMD16<Int64> {
        guard bytes > 0 else { return .zero }
        let units = (bytes - 1) >> smallest + 1
        let top = Int64(1) << Int64(largest)
        let rounded = units >= top ? (units + top - 1) & ~(top - 1) : power(notBelow: units)
        return SIMD16(repeating: rounded) &>> shifts
    }

    private static func power(notBelow units: Int64) -> Int64 {
        units & (units - 1) == 0 ? units : 1 << Int64(Int64.bitWidth - units.leadingZeroBitCount)
    }

    static func + (left: Self, right: Self) -> Self {
        Self(memory: left.memory &+ right.memory, disk: left.disk &+ right.disk)
    }
    static func - (left: Self, right: Self) -> Self {
        Self(memory: left.memory &- right.memory, disk: left.disk &- right.disk)
    }

    @inline(__always)
    static func most(_ left: Self, _ right: Self) -> Self {
        Self(
            memory: left.memory.replacing(with: right.memory, where: right.memory .> left.memory),
            disk: left.disk.replacing(with: right.disk, where: right.disk .> left.disk))
    }

    /// Whether there are at least as many pieces of every size as in the other.
    @inline(__always)
    func covers(_ other: Self, withDisk: Bool) -> Bool {
        all(memory .>= other.memory) && (!withDisk || all(disk .>= other.disk))
    }
}
