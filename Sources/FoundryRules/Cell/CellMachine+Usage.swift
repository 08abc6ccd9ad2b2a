import FoundryModel

extension CellMachine {
    /// Members whose processes run, sorted by id, each with its volume: what there is to measure.
    public var running: [(member: MemberID, volume: VolumeID?)] {
        (orders?.members ?? []).filter { containers[$0.id]?.isRunning == true }.map { ($0.id, $0.volume) }
    }
}
