import FoundryModel

/// What a verb on an app would do.
public struct VerbPlan: Sendable {
    public var app: AppRecord
    public var job: JobRecord
    public var isUnchanged: Bool
    public var writes: [RecordWrite]
    /// Of the store transaction: `app.start`, ...
    public var transactionName: String
}

/// Start, stop, restart and delete.
public enum AppVerbs {
    public static func start(
        _ app: Revised<AppRecord>, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VerbPlan {
        try app.value.refuseDeleted()
        guard app.value.desired != .started else { return unchanged(app.value, .start, now, &generator) }
        var next = app.value
        next.desired = .started
        next.generation += 1
        return changed(app, next, .start, .appStarted, "was started", now, &generator)
    }

    public static func stop(
        _ app: Revised<AppRecord>, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VerbPlan {
        try app.value.refuseDeleted()
        guard app.value.desired != .stopped else { return unchanged(app.value, .stop, now, &generator) }
        var next = app.value
        next.desired = .stopped
        return changed(app, next, .stop, .appStopped, "was stopped", now, &generator)
    }

    /// A stopped app is started.
    ///
    /// - Parameter members: its members; those that stayed at an older generation when a change went back are restarted like the others.
    /// - Throws: `app_busy` when it is being deleted, or while a change goes through its members.
    public static func restart(
        _ app: Revised<AppRecord>, members: [Revised<MemberRecord>], now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VerbPlan {
        try app.value.refuseDeleted()
        guard app.value.rollout == nil || app.value.desired != .started else {
            throw FoundryError(
                .appBusy, "A change of \(app.value.name) goes through its members, which restarts them.",
                hint: "foundry why \(app.value.name)")
        }
        var next = app.value
        next.desired = .started
        next.generation += 1
        var plan = changed(app, next, .restart, .appRestarted, "was restarted", now, &generator)
        guard next.rollout == nil else { return plan }
        plan.writes += unpinned(members)
        return plan
    }

    /// Members that stayed at an older generation when a change went back follow the app's again.
    static func unpinned(_ members: [Revised<MemberRecord>]) -> [RecordWrite] {
        members.filter { $0.value.pinned != nil }.map { member in
            var free = member.value
            free.pinned = nil
            return .put(.member(free), expects: .revision(member.revision))
        }
    }

    /// - Parameter purge: its volume goes at once; otherwise it is kept for the grace period.
    public static func delete(
        _ app: Revised<AppRecord>, purge: Bool, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VerbPlan {
        try app.value.refuseService("deleted", hint: "foundry delete-service \(app.value.name)")
        var next = app.value
        if case .deleted(let purges) = next.desired {
            guard purge && !purges else { return unchanged(next, .delete, now, &generator) }
        }
        next.desired = .deleted(purge: purge)
        let message = purge ? "was deleted, its volume with it" : "was deleted; its volume is kept"
        return changed(app, next, .delete, .appDeleted, message, now, &generator)
    }

    static func changed(
        _ app: Revised<AppRecord>, _ next: AppRecord, _ operation: JobOperation, _ kind: EventName, _ message: String,
        _ now: Timestamp,
        _ generator: inout some RandomNumberGenerator
    ) -> VerbPlan {
        var next = next
        next.updatedAt = now
        let job = job(next, operation, now, &generator)
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: kind, app: next.id, subject: next.name.description,
            message: message,
            actor: "operator")
        return VerbPlan(
            app: next, job: job, isUnchanged: false,
            writes: [
                .put(.app(next), expects: .revision(app.revision)), .put(.job(job), expects: .absent),
                .put(.event(event), expects: .absent),
            ], transactionName: operation.rawValue)
    }

    /// The job still waits for what was asked for earlier.
    static func unchanged(
        _ app: AppRecord, _ operation: JobOperation, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> VerbPlan {
        let job = job(app, operation, now, &generator)
        return VerbPlan(
            app: app, job: job, isUnchanged: true, writes: [.put(.job(job), expects: .absent)],
            transactionName: operation.rawValue)
    }

    private static func job(
        _ app: AppRecord, _ operation: JobOperation, _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: operation, app: app.id, appName: app.name,
            generation: app.generation,
            state: .processing, createdAt: now, updatedAt: now)
    }
}

extension AppRecord {
    /// - Throws: `app_busy` when it is being deleted.
    func refuseDeleted() throws(FoundryError) {
        if case .deleted = desired { throw FoundryError(.appBusy, "\(name) is being deleted.", hint: "foundry apps") }
    }
}
