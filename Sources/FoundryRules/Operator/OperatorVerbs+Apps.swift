import FoundryModel

extension OperatorVerbs {
    public static let replicasAllowed = 0...4

    /// So many members follow the primary from now on; they come and go one at a time.
    ///
    /// - Throws: `app_busy` when it is being deleted; `conflict` when it has no volume that could be followed, or for more than four.
    public static func scale(
        _ app: Revised<AppRecord>, replicas: Int, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let name = app.value.name
        try app.value.refuseService("scaled", hint: "foundry update-service \(name)")
        try app.value.refuseDeleted()
        guard replicasAllowed.contains(replicas) else {
            throw FoundryError(.conflict, "\(replicas) replicas are not possible.", hint: "--replicas 0 to 4")
        }
        guard replicas == 0 || app.value.spec.disk != nil else {
            throw FoundryError(
                .conflict, "\(name) has no volume, so there is nothing that a replica could follow.",
                hint: "foundry push IMAGE --disk SIZE")
        }
        guard app.value.spec.recovery.replicas != replicas else {
            return .unchanged("app.scale", "\(name) has \(replicas) replicas already")
        }
        var next = app.value
        next.spec.recovery.replicas = replicas
        next.updatedAt = now
        let message = "shall have \(replicas) replicas"
        return OperatorPlan(
            name: "app.scale",
            writes: [
                .put(.app(next), expects: .revision(app.revision)),
                event(.appScaled, app: next.id, name.description, message, now, &generator),
            ], message: "\(name) \(message)")
    }
}
