import FoundryModel

extension ControllerPlan {
    /// A place for one more member of an app, with what this pass and effects on their way take already.
    ///
    /// Members of a new app leave headroom, so that the loss of a cell can be absorbed; what takes the place of something lost may use it.
    /// - Parameter avoiding: cells that it must not be on.
    mutating func choose(_ app: AppRecord, avoiding: Set<CellID>) -> PlacementChoice? {
        let fleet = self.fleet ?? freshFleet()
        self.fleet = fleet
        let isNew = app.placements == 0 && !Planted.has(.headroomIgnored)
        let request = PlacementRequest(
            workload: app.id, memory: app.spec.memory, cpu: app.spec.cpu, disk: app.spec.disk?.size,
            image: app.spec.image.manifestDigest, avoided: avoiding.sorted(),
            headroom: isNew && configuration.timing != nil ? .cell : .none,
            restartsElsewhere: app.spec.restartsElsewhere, isRebuiltElsewhere: app.spec.isRebuiltElsewhere)
        return fleet.find(request)
    }

    private func freshFleet() -> Fleet {
        var fleet = Fleet(viewWithPlaced())
        for cell in view.cells.keys {
            switch sights[cell] {
            case .unwatched: break
            case .living:
                // It answers, and a person has fenced it.
                if view.openFence(of: cell, view.sessions[cell]?.value.incarnation) != nil {
                    fleet.set(.fenced, of: cell)
                }
            case .late, .overdue, .unheard: fleet.set(.late, of: cell)
            case .expired: fleet.set(.fenced, of: cell)
            }
        }
        return fleet
    }

    /// What is placed in this pass is taken for those that come after.
    mutating func take(_ member: MemberRecord, _ volume: VolumeRecord?, _ spec: WorkloadSpec) {
        fleet?.put(FleetMember(member, spec))
        if let volume { fleet?.put(FleetVolume(volume, spec)) }
    }

    /// The view with what is on its way, so that two placements do not share a slot.
    private func viewWithPlaced() -> PlatformView {
        guard !placed.isEmpty else { return view }
        var next = view
        for case .put(let record, _) in placed { next.put(record, revision: view.revision) }
        return next
    }
}
