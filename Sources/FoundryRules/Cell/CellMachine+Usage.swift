import FoundryModel

extension CellMachine {
    /// Members whose processes run, sorted by id, each with the volume that it has mounted: what there is to measure.
    public var running: [(member: MemberID, volume: VolumeID?)] {
        (orders?.members ?? []).filter { containers[$0.id]?.isRunning == true }.map { order in
            (order.id, order.volume.flatMap { volumes[$0]?.isMounted == true ? $0 : nil })
        }
    }
}
