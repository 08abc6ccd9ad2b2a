import FoundryModel

/// Log drains: added, and taken away.
public enum LogDrainRule {
    /// Of an app.
    public static let most = 8
    /// Of all apps: each keeps a queue and a connection.
    public static let mostOfAll = 64

    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `bad_request` for what is no syslog server, `name_taken` for one that the app has, `too_many_requests` past the limits, `app_busy`
    ///   for an app that is being deleted.
    public static func add(
        _ text: String, to app: Revised<AppRecord>, by actor: String, view: PlatformView, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> (record: LogDrainRecord, writes: [RecordWrite]) {
        try app.value.refuseDeleted()
        guard let target = LogDrainTarget(text) else {
            throw FoundryError(
                .badRequest, "'\(text.prefix(80))' is not a syslog server.",
                hint: "syslog://HOST:PORT over TCP, syslog-tls://HOST:PORT over TLS")
        }
        let own = view.logDrains.values.filter { $0.value.app == app.value.id }
        guard !own.contains(where: { $0.value.target == target }) else {
            throw FoundryError(
                .nameTaken, "\(app.value.name) drains to \(target) already.", hint: "foundry log-drain ls")
        }
        guard own.count < most, view.logDrains.count < mostOfAll else {
            throw FoundryError(
                .tooManyRequests, "There are too many log drains: \(most) of an app, \(mostOfAll) of all.",
                hint: "foundry log-drain rm ID")
        }
        let record = LogDrainRecord(
            id: .random(using: &generator), app: app.value.id, target: target, createdAt: now, createdBy: actor)
        // An app that goes meanwhile takes none along that it does not know of.
        let check = RecordWrite.unchanged(app)
        return (record, [check, .put(.logDrain(record), expects: .absent)])
    }

    /// Those of an app that goes.
    public static func removals(of app: AppID, view: PlatformView) -> [RecordWrite] {
        view.logDrains.values.filter { $0.value.app == app }.sorted { $0.value.id < $1.value.id }.map(removal)
    }

    public static func removal(_ drain: Revised<LogDrainRecord>) -> RecordWrite {
        .delete(key: Record.logDrain(drain.value).key, kind: .logDrain, expects: .revision(drain.revision))
    }
}
