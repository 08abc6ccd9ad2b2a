import FoundryModel

/// Whether there is room for all members that an app lacks, one after the other as the controller would place them.
struct InstanceRoom {
    private let view: PlatformView

    init(_ view: PlatformView) { self.view = view }

    /// - Parameter app: as it shall be.
    /// - Throws: `capacity_short`, `pool_full`, saying what is short; `not_running` when no cell has reported yet.
    func require(_ app: AppRecord, using generator: inout some RandomNumberGenerator) throws(FoundryError) {
        var view = view
        view.put(.app(app), revision: view.revision)
        var fleet = Fleet(view)
        while let index = view.missingIndex(of: app) {
            let waiting = view.waitingVolume(of: app.id, index: index)
            let choice: PlacementChoice
            switch fleet.choose(PlacementRequest(of: app, copy: waiting?.value.cell, sights: CellSights.none)) {
            case .success(let found): choice = found
            case .failure(let shortage): throw shortage.error
            }
            let member = MemberRecord(
                id: .random(using: &generator), app: app.id, index: index, cell: choice.cell, slot: choice.slot,
                volume: nil)
            view.put(.member(member), revision: view.revision)
            fleet.put(FleetMember(member, app.spec))
            if waiting == nil, let disk = app.spec.disk {
                fleet.put(FleetVolume(id: .random(using: &generator), cell: choice.cell, size: disk.size))
            }
        }
    }
}
