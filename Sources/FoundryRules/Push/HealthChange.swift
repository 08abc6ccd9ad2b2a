import FoundryModel

/// Changes what is checked of an app's members. Nothing is restarted for it: the next check is another one.
public enum HealthChange {
    public struct Plan: Sendable {
        public var app: AppRecord
        /// Empty when it is so already.
        public var writes: [RecordWrite]
        public static let transactionName = "app.health"
    }

    /// - Parameter liveness: nil: stays as it is; so does `readiness`.
    /// - Throws: `app_busy` when it is being deleted, `health_invalid`.
    public static func plan(
        _ app: Revised<AppRecord>, liveness: HealthRequest?, readiness: HealthRequest?, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> Plan {
        try app.value.refuseDeleted()
        var next = app.value
        let (image, port) = (next.spec.image, next.spec.targetPort)
        if let liveness { next.spec.health = try HealthRule.liveness(liveness, image: image, port: port) }
        if let readiness { next.spec.readiness = try HealthRule.readiness(readiness, image: image, port: port) }
        guard next.spec != app.value.spec else { return Plan(app: next, writes: []) }
        next.updatedAt = now
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: .appHealthChanged, app: next.id,
            subject: next.name.description,
            message: "is checked by \(CheckWords.lines(next.spec).joined(separator: "; "))",
            actor: "operator")
        return Plan(
            app: next,
            writes: [.put(.app(next), expects: .revision(app.revision)), .put(.event(event), expects: .absent)])
    }
}
