import FoundryModel

/// Says why a member has no place.
enum PlacementReason {
    /// Of an app that shall run, and has no member.
    static func unplaced(_ app: AppRecord, _ view: PlatformView, _ sights: CellSights) -> WhyLine {
        switch Fleet(view, sights: sights).choose(PlacementRequest(of: app, sights: sights)) {
        case .success: WhyLine(subject: app.name.description, text: "is being placed")
        case .failure(let shortage): line(app, "has no place", shortage)
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
        return line(app, "lacks a replica", shortage)
    }

    private static func line(_ app: AppRecord, _ lack: String, _ shortage: PlacementShortage) -> WhyLine {
        let error = shortage.error
        return WhyLine(subject: app.name.description, text: "\(lack): \(error.message)", hint: error.hint)
    }
}
