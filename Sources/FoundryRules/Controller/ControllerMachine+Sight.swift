import FoundryModel

extension ControllerMachine {
    /// How this controller sees a cell: what an operator's word on it is weighed against.
    public func sight(of cell: CellID, now: MonotonicTime) -> CellSight {
        CellSights(view: view, watch: sessions, timing: configuration.timing, now: now)[cell]
    }
}
