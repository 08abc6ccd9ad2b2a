import FoundryModel

/// The cells of one zone in the order of their ids, under two tournament trees: of what is free, and of what a loss would need.
///
/// A tree is an array: node 1 is the root, the children of node n are 2n and 2n + 1, the leaves come last. So the best of the zone,
/// or that nothing of it fits, shows at the root, and one change touches a dozen nodes.
struct FleetZone: Sendable {
    let name: String
    /// Handles, sorted by the ids of their cells.
    private(set) var cells: [Int32] = []
    /// A power of two; cell n is leaf `leaves + n`.
    private(set) var leaves = 1
    private(set) var rooms: [CellRoom] = [.closed, .closed]
    /// What must be free elsewhere so that a cell's loss can be absorbed, its own free room included; decision 0009.
    private(set) var needs: [PieceTally] = [.zero, .zero]
    /// The sum over its cells, and the part of it that is free on them.
    private(set) var need = PieceTally.zero
    private(set) var free = PieceTally.zero
    /// By image handle: which nodes have a cell below them on which it lies, one bit each; empty when it lies on none.
    private(set) var images: [[UInt64]] = []

    init(name: String) { self.name = name }

    /// Puts cells into their places and makes both trees anew.
    ///
    /// - Parameter sorted: by the ids of the cells.
    mutating func rebuild(_ sorted: [Int32], entries: inout [CellEntry], largest: ResourceAmounts) {
        cells = sorted
        leaves = 1
        while leaves < sorted.count { leaves *= 2 }
        rooms = Array(repeating: .closed, count: 2 * leaves)
        needs = Array(repeating: .zero, count: 2 * leaves)
        (need, free, images) = (.zero, .zero, [])
        for (position, handle) in sorted.enumerated() {
            let index = Int(handle)
            entries[index].position = Int32(position)
            entries[index].freePieces = entries[index].currentPieces
            rooms[leaves + position] = entries[index].room(largest: largest)
            needs[leaves + position] = entries[index].need
            need = need + entries[index].need
            free = free + entries[index].freePieces
            for image in entries[index].images { setImage(image, at: position) }
        }
        for node in stride(from: leaves - 1, to: 0, by: -1) {
            rooms[node] = .most(rooms[2 * node], rooms[2 * node + 1])
            needs[node] = .most(needs[2 * node], needs[2 * node + 1])
        }
    }

    func room(at position: Int32) -> CellRoom { rooms[leaves + Int(position)] }

    /// Takes over what changed on one cell.
    mutating func update(_ entry: inout CellEntry, largest: ResourceAmounts) {
        let leaf = leaves + Int(entry.position)
        let pieces = entry.currentPieces
        free = free - entry.freePieces + pieces
        entry.freePieces = pieces
        need = need - needs[leaf] + entry.need
        climb(from: leaf, room: entry.room(largest: largest))
        climb(from: leaf, need: entry.need)
    }

    private mutating func climb(from leaf: Int, room: CellRoom) {
        var (node, value) = (leaf, room)
        while rooms[node] != value {
            rooms[node] = value
            guard node > 1 else { return }
            value = .most(value, rooms[node ^ 1])
            node /= 2
        }
    }

    private mutating func climb(from leaf: Int, need: PieceTally) {
        var (node, value) = (leaf, need)
        while needs[node] != value {
            needs[node] = value
            guard node > 1 else { return }
            value = .most(value, needs[node ^ 1])
            node /= 2
        }
    }

    /// The largest need of its cells, size by size.
    var largestNeed: PieceTally { needs[1] }

    /// The largest need of its cells, one of them left out.
    func largestNeed(without position: Int32) -> PieceTally {
        var node = leaves + Int(position)
        var most = PieceTally.zero
        while node > 1 {
            most = .most(most, needs[node ^ 1])
            node /= 2
        }
        return most
    }

    /// How many cells need more than there is; stops at `atMost`.
    func needs(beyond left: PieceTally, withDisk: Bool, atMost: Int) -> Int {
        var (nodes, count) = ([1], 0)
        while let node = nodes.popLast(), count < atMost {
            if left.covers(needs[node], withDisk: withDisk) { continue }
            if node < leaves { nodes += [2 * node + 1, 2 * node] } else { count += 1 }
        }
        return count
    }

    /// nil: it lies on none of its cells.
    func bits(of image: Int32) -> [UInt64]? {
        guard image >= 0, image < images.count, !images[Int(image)].isEmpty else { return nil }
        return images[Int(image)]
    }

    mutating func setImage(_ image: Int32, at position: Int) {
        let index = Int(image)
        while images.count <= index { images.append([]) }
        if images[index].isEmpty { images[index] = Array(repeating: 0, count: (2 * leaves + 63) / 64) }
        var node = leaves + position
        while node > 0, images[index][node >> 6] & (1 << UInt64(node & 63)) == 0 {
            images[index][node >> 6] |= 1 << UInt64(node & 63)
            node /= 2
        }
    }
}
