import FoundryModel

/// Chooses the cell for a member by the records of a view.
public enum Placement {
    public typealias Choice = PlacementChoice

    /// The last byte of a member's address.
    public static let slots = 2...254

    /// The cell with the most room, as `Fleet.choose` finds it; then the one with the lowest id.
    ///
    /// Makes a `Fleet` of the view for this one question: whoever asks often keeps one.
    /// - Throws: `capacity_short`, `pool_full`, saying what is short; `not_running` when no cell has reported yet.
    ///
    /// - Parameter avoiding: cells that it must not be on.
    public static func choose(
        memory: ByteCount, disk: ByteCount?, view: PlatformView, avoiding: Set<CellID> = []
    ) throws(FoundryError) -> Choice {
        let request = PlacementRequest(
            workload: nil, memory: memory, disk: disk, cellSpread: .indifferent, zoneSpread: .indifferent)
        switch Fleet(view).choose(request) {
        case .success(let choice): return choice
        case .failure(let shortage): throw shortage.error
        }
    }
}
