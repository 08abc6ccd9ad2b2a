import FoundryModel

extension OperatorVerbs {
    /// A changed specification goes through the members one at a time, and back at the first that does not become healthy; a stopped app has it at once.
    ///
    /// The previous specification gets a generation of its own, which no process has run under: one that goes back never meets the history of an
    /// earlier try.
    /// - Throws: `app_busy` when it is being deleted, or while another change goes through its members; `conflict` when the change is one of the disk, or
    ///   of the number of replicas.
    public static func change(
        _ app: Revised<AppRecord>, to spec: WorkloadSpec, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let name = app.value.name
        try refuse(app.value, spec)
        guard app.value.spec != spec else { return .unchanged("app.change", "\(name) is as it was pushed") }
        var next = app.value
        next.generation += 2
        next.spec = spec
        next.updatedAt = now
        let isStarted = app.value.desired == .started
        if isStarted {
            next.rollout = Rollout(previous: app.value.spec, previousGeneration: app.value.generation + 1)
        }
        let message = isStarted ? "is changed, one member after the other" : "is changed, and has it when it is started"
        let pins = view.memberRecords(of: next.id).map { member in
            var pinned = member.value
            pinned.pinned = isStarted ? pinned.pinned ?? app.value.generation : nil
            return RecordWrite.put(.member(pinned), expects: .revision(member.revision))
        }
        return OperatorPlan(
            name: "app.change",
            writes: [.put(.app(next), expects: .revision(app.revision))] + pins
                + [event(.appPushed, app: next.id, name.description, message, now, &generator)],
            message: "\(name) \(message)")
    }

    private static func refuse(_ app: AppRecord, _ spec: WorkloadSpec) throws(FoundryError) {
        try app.refuseDeleted()
        guard app.rollout == nil else {
            throw FoundryError(
                .appBusy, "An earlier change of \(app.name) still goes through its members.",
                hint: "foundry why \(app.name)")
        }
        guard app.spec.disk == spec.disk else {
            throw FoundryError(
                .conflict, "The disk of \(app.name) cannot be changed by a push.", hint: "foundry app \(app.name)")
        }
        guard app.spec.recovery.replicas == spec.recovery.replicas else {
            throw FoundryError(
                .conflict, "A push does not change how many replicas \(app.name) has.",
                hint: "foundry scale \(app.name)")
        }
    }
}
