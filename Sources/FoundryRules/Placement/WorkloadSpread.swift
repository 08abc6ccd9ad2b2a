/// On which cells a workload has members, and how many.
struct WorkloadSpread: Sendable {
    struct Presence: Hashable, Sendable {
        var cell: Int32
        var members: Int32
    }

    /// Sorted by cell handle.
    private(set) var presences: [Presence] = []

    var isEmpty: Bool { presences.isEmpty }

    func members(on cell: Int32) -> Int32 {
        let index = index(of: cell)
        return index < presences.count && presences[index].cell == cell ? presences[index].members : 0
    }

    mutating func add(_ cell: Int32) {
        let index = index(of: cell)
        if index < presences.count, presences[index].cell == cell {
            presences[index].members += 1
        } else {
            presences.insert(Presence(cell: cell, members: 1), at: index)
        }
    }

    mutating func remove(_ cell: Int32) {
        let index = index(of: cell)
        presences[index].members -= 1
        if presences[index].members == 0 { presences.remove(at: index) }
    }

    /// The first place whose cell is not below.
    private func index(of cell: Int32) -> Int {
        var (low, high) = (0, presences.count)
        while low < high {
            let middle = (low + high) / 2
            if presences[middle].cell < cell { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
