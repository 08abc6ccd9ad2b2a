import FoundryModel

extension OperatorVerbs {
    /// A changed specification. What needs new containers goes through the members one at a time, and back at the first that does not become healthy;
    /// the rest is in force at once, and a stopped app has all of it at once.
    ///
    /// The previous specification gets a generation of its own, which no process has run under: one that goes back never meets the history of an
    /// earlier try. A disk that grew with the change stays as large when it goes back.
    /// - Parameter route: what changes of the app's route; nil: nothing.
    /// - Parameter used: of memory, by the member that uses most; nil: not known.
    /// - Throws: `app_busy` when it is being deleted, or while another change goes through its members or it is rewound; `conflict` when the change is one that no
    ///   member could follow: of its mounts, of the number of replicas, to a smaller disk, or to less memory than is used; `capacity_short`, `pool_full`.
    public static func change(
        _ app: Revised<AppRecord>, to spec: WorkloadSpec, route: RouteChange? = nil, used: ByteCount? = nil,
        view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        try app.value.refuseDeleted()
        guard app.value.spec != spec || route != nil else {
            return .unchanged("app.change", "\(app.value.name) is as it was pushed")
        }
        try refuse(app.value, spec)
        if view.replacement(of: app.value.id) != nil {
            throw FoundryError(
                .appBusy, "\(app.value.name) is on its way back to another disk.", hint: "foundry why \(app.value.name)"
            )
        }
        let changes = SpecChange.between(app.value.spec, spec) + (route?.changes ?? [])
        let growth = VolumeGrowth(of: app.value.id, to: spec.disk?.size ?? .zero, view: view)
        let isStarted = app.value.desired == .started
        var next = app.value
        next.spec = spec
        try AppVerbs.requireRoom(app.value, next, growth, view, &generator)
        next.updatedAt = now
        var (members, words) = ([RecordWrite](), "in force at once")
        if growth.needsRest || changes.contains(where: \.restarts) {
            next.generation += 2
            next.rollout = isStarted ? rollout(app.value, spec, route) : nil
            members = pins(of: app.value, view, isStarted: isStarted)
            words = isStarted ? "one member after the other" : "and has it when it is started"
        } else if let used, isStarted, spec.memory < min(used, app.value.spec.memory) {
            throw FoundryError(
                .conflict, "\(app.value.name) uses \(used) of memory now, more than \(spec.memory).",
                hint: "foundry stop \(app.value.name), or more --memory")
        }
        let told = "is changed (\(changes.map(\.what).joined(separator: ", "))), \(words)"
        return OperatorPlan(
            name: "app.change",
            writes: [.put(.app(next), expects: .revision(app.revision))] + members + growth.writes
                + (route?.writes ?? []) + [
                    event(.appPushed, app: next.id, next.name.description, told, now, &generator)
                ],
            message: "\(next.name) is changed, \(words)")
    }

    private static func rollout(_ app: AppRecord, _ spec: WorkloadSpec, _ route: RouteChange?) -> Rollout {
        var previous = app.spec
        if let size = spec.disk?.size { previous.disk?.size = size }
        return Rollout(
            previous: previous, previousGeneration: app.generation + 1,
            routeBefore: route.map { RouteBefore($0.before?.value) })
    }

    /// Each runs as before until its turn.
    private static func pins(of app: AppRecord, _ view: PlatformView, isStarted: Bool) -> [RecordWrite] {
        view.memberRecords(of: app.id).map { member in
            var pinned = member.value
            pinned.pinned = isStarted ? pinned.pinned ?? app.generation : nil
            return .put(.member(pinned), expects: .revision(member.revision))
        }
    }

    private static func refuse(_ app: AppRecord, _ spec: WorkloadSpec) throws(FoundryError) {
        guard app.rollout == nil || app.desired == .stopped else {
            throw FoundryError(
                .appBusy, "An earlier change of \(app.name) still goes through its members.",
                hint: "foundry why \(app.name)")
        }
        let (size, wanted) = (app.spec.disk?.size ?? .zero, spec.disk?.size ?? .zero)
        guard app.spec.disk?.mounts == spec.disk?.mounts, size <= wanted else {
            throw FoundryError(
                .conflict, "The disk of \(app.name) can be given more room, and changed in no other way.",
                hint: "foundry app \(app.name)")
        }
        guard app.spec.recovery.replicas == spec.recovery.replicas else {
            throw FoundryError(
                .conflict, "A push does not change how many replicas \(app.name) has.",
                hint: "foundry scale \(app.name)")
        }
        if spec.instances > 1 { try AppVerbs.refuseReplicas(app) }
    }
}
