import FoundryModel

extension Fleet {
    /// The cells' room as the controller sees them: who is silent, or fenced, takes nothing.
    init(_ view: PlatformView, sights: CellSights) {
        self.init(view)
        for cell in view.cells.keys {
            switch sights[cell] {
            case .unwatched: break
            case .living:
                // It answers, and a person has fenced it.
                if view.openFence(of: cell, view.sessions[cell]?.value.incarnation) != nil { set(.fenced, of: cell) }
            case .late, .overdue, .unheard: set(.late, of: cell)
            case .expired: set(.fenced, of: cell)
            }
        }
    }
}

extension PlacementRequest {
    /// For the next member that an app is to have; where its volume waits for it, it goes there.
    init(ofNext app: AppRecord, view: PlatformView, sights: CellSights) {
        let waiting = view.missingIndex(of: app).flatMap { view.waitingVolume(of: app.id, index: $0) }
        self.init(of: app, copy: waiting?.value.cell, sights: sights)
    }

    /// For one more member of an app. Members of a new app leave headroom, so that the loss of a cell can be absorbed; what takes the place of something
    /// lost may use it.
    ///
    /// - Parameter avoiding: cells that it must not be on.
    /// - Parameter copy: the cell that has its volume already; nil: none has.
    init(of app: AppRecord, avoiding: Set<CellID> = [], copy: CellID? = nil, sights: CellSights) {
        let isNew = app.placements == 0 && !Planted.has(.headroomIgnored)
        self.init(
            workload: app.id, memory: app.spec.memory, cpu: app.spec.cpu, disk: app.spec.disk?.size,
            image: app.spec.image.manifestDigest, copies: copy.map { [$0] } ?? [], needsCopy: copy != nil,
            avoided: avoiding.sorted(),
            headroom: isNew && sights.holdsSessions ? .cell : .none, restartsElsewhere: app.spec.restartsElsewhere,
            isRebuiltElsewhere: app.spec.isRebuiltElsewhere)
    }
}
