import FoundryModel

extension OperatorVerbs {
    /// The cell takes no new members, and those it has are moved away in order, as far as other cells can take them.
    ///
    /// - Throws: `not_found`.
    public static func drain(
        _ id: CellID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        try turn(id, .drained, "cell.drain", view, now, &generator)
    }

    /// It takes members again; what has moved away stays where it is.
    ///
    /// - Throws: `not_found`.
    public static func undrain(
        _ id: CellID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        try turn(id, .active, "cell.undrain", view, now, &generator)
    }

    private static func turn(
        _ id: CellID, _ duty: CellDuty, _ name: String, _ view: PlatformView, _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let cell = try cell(id, view)
        guard cell.value.duty != duty else { return .unchanged(name, "cell \(id) is \(duty.rawValue) already") }
        var next = cell.value
        next.duty = duty
        let count = view.index.members(on: id).count
        let (kind, message) =
            duty == .drained
            ? (EventName.cellDrained, "is drained; \(count) members are to leave it")
            : (EventName.cellUndrained, "takes members again")
        return OperatorPlan(
            name: name,
            writes: [
                .put(.cell(next), expects: .revision(cell.revision)),
                event(kind, "cell \(id.short)", message, now, &generator),
            ], message: "cell \(id) \(message)")
    }
}
