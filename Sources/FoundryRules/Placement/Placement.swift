import FoundryModel

/// Chooses the cell for a member: filter by capacity, then the one with the most memory left, then the lowest id.
public enum Placement {
    public struct Choice: Hashable, Sendable {
        public var cell: CellID
        public var slot: Int
    }

    /// The last byte of a member's address.
    public static let slots = 2...254

    /// - Throws: `capacity_short`, `pool_full`, saying what is short; `not_running` when no cell has reported yet.
    public static func choose(memory: ByteCount, disk: ByteCount?, view: PlatformView) throws(FoundryError) -> Choice {
        guard !view.cells.isEmpty else {
            throw FoundryError(
                .notRunning, "No cell has reported yet, so there is nowhere to run it.", hint: "foundry status")
        }
        var best: (cell: CellRecord, free: ByteCount, slot: Int)?
        var shortage: FoundryError?
        for cell in view.cells.values.map(\.value).sorted(by: { $0.id < $1.id }) {
            switch room(on: cell, memory: memory, disk: disk, view: view) {
            case .failure(let error): shortage = shortage ?? error
            case .success(let room):
                if best.map({ room.free > $0.free }) ?? true { best = (cell, room.free, room.slot) }
            }
        }
        if let best { return Choice(cell: best.cell.id, slot: best.slot) }
        throw shortage ?? FoundryError(.capacityShort, "No cell has room for it.", hint: "foundry status")
    }

    private static func room(
        on cell: CellRecord, memory: ByteCount, disk: ByteCount?, view: PlatformView
    ) -> Result<(free: ByteCount, slot: Int), FoundryError> {
        let members = view.members.values.map(\.value).filter { $0.cell == cell.id }
        let taken = members.compactMap { view.apps[$0.app]?.value.spec.memory }.reduce(.zero, +)
        let free = cell.capacity.memory - taken
        guard memory <= free else {
            let text =
                "It asks for \(memory) of memory; cell \(cell.id.short) has \(max(free, .zero)) left of \(cell.capacity.memory)."
            return .failure(
                FoundryError(.capacityShort, text, hint: "a smaller --memory, or `foundry apps` for what could go"))
        }
        if let disk {
            let sizes = view.volumes.values.map(\.value).filter { $0.cell == cell.id }.map(\.size)
            do throws(FoundryError) { try PoolRule.admit(disk, taken: sizes, capacity: cell.capacity.disk) } catch {
                return .failure(error)
            }
        }
        let used = Set(members.map(\.slot))
        guard let slot = slots.first(where: { !used.contains($0) }) else {
            return .failure(
                FoundryError(
                    .capacityShort, "Cell \(cell.id.short) has no address left for another member.",
                    hint: "foundry apps"))
        }
        return .success((free, slot))
    }
}
