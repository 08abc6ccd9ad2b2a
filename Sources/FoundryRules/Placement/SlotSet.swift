/// The addresses that are taken on a cell.
///
/// Records that claim one address twice are counted twice, so that it is free only when both are gone.
struct SlotSet: Hashable, Sendable {
    /// 2 to 254.
    private static let usable = SIMD4<UInt64>(~0b11, .max, .max, .max >> 1)

    private var words = SIMD4<UInt64>.zero
    private var doubled: [UInt8] = []

    /// How many of `Placement.slots` are free.
    var free: Int { Placement.slots.count - taken }

    private var taken: Int { (0..<4).reduce(0) { $0 + words[$1].nonzeroBitCount } }

    /// The lowest free one; asked only when there is one.
    var lowest: Int {
        for index in 0..<4 {
            let free = ~words[index] & Self.usable[index]
            if free != 0 { return index * 64 + free.trailingZeroBitCount }
        }
        preconditionFailure("a cell without an address was chosen")
    }

    func contains(_ slot: Int) -> Bool { words[slot >> 6] & (1 << UInt64(slot & 63)) != 0 }

    /// Slots out of `Placement.slots` are nobody's, and left alone.
    mutating func insert(_ slot: Int) {
        guard Placement.slots.contains(slot) else { return }
        if contains(slot) { doubled.append(UInt8(slot)) }
        words[slot >> 6] |= 1 << UInt64(slot & 63)
    }

    mutating func remove(_ slot: Int) {
        guard Placement.slots.contains(slot) else { return }
        if let index = doubled.firstIndex(of: UInt8(slot)) {
            doubled.swapAt(index, doubled.count - 1)
            doubled.removeLast()
        } else {
            words[slot >> 6] &= ~(1 << UInt64(slot & 63))
        }
    }
}
