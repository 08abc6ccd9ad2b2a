import FoundryModel

extension ControllerPlan {
    /// A place for one more member of an app, with what this pass and effects on their way take already.
    ///
    /// - Parameter avoiding: cells that it must not be on.
    /// - Parameter copy: the cell that has its volume already; nil: none has.
    mutating func choose(_ app: AppRecord, avoiding: Set<CellID>, copy: CellID? = nil) -> PlacementChoice? {
        let fleet = self.fleet ?? Fleet(viewWithPlaced(), sights: sights)
        self.fleet = fleet
        return fleet.find(PlacementRequest(of: app, avoiding: avoiding, copy: copy, sights: sights))
    }

    /// What is placed in this pass is taken for those that come after.
    mutating func take(_ member: MemberRecord, _ spec: WorkloadSpec) {
        if Planted.has(.replacementsPlannedApart) { return }
        fleet?.put(FleetMember(member, spec))
    }

    mutating func take(_ volume: VolumeRecord, _ spec: WorkloadSpec) {
        if Planted.has(.replacementsPlannedApart) { return }
        fleet?.put(FleetVolume(volume, spec))
    }

    /// The view with what is on its way, so that two placements do not share a slot.
    private func viewWithPlaced() -> PlatformView {
        guard !placed.isEmpty else { return view }
        var next = view
        for case .put(let record, _) in placed { next.put(record, revision: view.revision) }
        return next
    }
}
