import FoundryModel

/// Says why a member has no place.
enum PlacementReason {
    /// Of an app that shall run, and lacks a member; nil: it lacks none.
    static func unplaced(_ app: AppRecord, _ view: PlatformView, _ sights: CellSights) -> WhyLine? {
        guard app.desired == .started, let index = view.missingIndex(of: app) else { return nil }
        let subject = app.spec.instances == 1 ? app.name.description : "\(app.name)/\(index)"
        switch Fleet(view, sights: sights).choose(PlacementRequest(ofNext: app, view: view, sights: sights)) {
        case .success: return WhyLine(subject: subject, text: "is being placed")
        case .failure(let shortage): return line(subject, "has no place", shortage)
        }
    }

    /// - Returns: nil when the step is no new replica, or there is room for it.
    static func withoutRoom(
        _ step: RecoveryStep, _ app: AppRecord, _ view: PlatformView, _ sights: CellSights
    ) -> WhyLine? {
        guard case .addReplica(_, let avoiding) = step else { return nil }
        let taken = Set(avoiding).union(view.members(of: app.id).map(\.cell))
        let request = PlacementRequest(of: app, avoiding: taken, sights: sights)
        guard case .failure(let shortage) = Fleet(view, sights: sights).choose(request) else { return nil }
        return line(app.name.description, "lacks a replica", shortage)
    }

    private static func line(_ subject: String, _ lack: String, _ shortage: PlacementShortage) -> WhyLine {
        let error = shortage.error
        return WhyLine(subject: subject, text: "\(lack): \(error.message)", hint: error.hint)
    }
}
