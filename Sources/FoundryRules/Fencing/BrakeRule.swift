import FoundryModel

/// Stops fencing when so much falls silent at once that the fault is likely to be ours, and not the cells'.
///
/// More than a third of the cells, or a whole zone, within 3 T. So that small clusters can lose a machine: one cell alone never engages it, and a zone counts
/// from two cells on. Cells that are lost for longer are no part of the sum.
/// - Source: design 5.8.
public enum BrakeRule {
    /// - Parameter cells: all that are known.
    /// - Parameter silent: those that were lost within the last 3 T, and those that would be expired now.
    /// - Parameter lostBefore: those that are lost for longer.
    /// - Returns: the brake to be engaged; nil: the silent ones may be expired.
    public static func decide(
        cells: [CellRecord], silent: Set<CellID>, lostBefore: Set<CellID> = [], now: Timestamp
    ) -> Brake? {
        guard silent.count > 1, !Planted.has(.brakeMissing) else { return nil }
        let counted = cells.filter { !lostBefore.contains($0.id) }
        let isTooMany = 3 * silent.count > counted.count
        guard isTooMany || losesZone(counted, silent) else { return nil }
        return Brake(since: now, cells: silent.sorted())
    }

    private static func losesZone(_ cells: [CellRecord], _ silent: Set<CellID>) -> Bool {
        Dictionary(grouping: cells, by: \.zone).values.contains { zone in
            zone.count > 1 && zone.allSatisfy { silent.contains($0.id) }
        }
    }
}
