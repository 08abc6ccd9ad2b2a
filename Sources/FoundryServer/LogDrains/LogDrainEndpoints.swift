import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Where logs are sent.
struct LogDrainEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/log-drains") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(ListAnswer(resources: drains()))
            },
            .post("/foundry/v1/apps/:guid/log-drains") { request throws(FoundryError) in try await add(request) },
            .delete("/foundry/v1/log-drains/:id") { request throws(FoundryError) in try await remove(request) },
        ]
    }

    /// Sorted by the app's name, then by when they were made.
    private func drains() -> [LogDrainSummary] {
        let view = platform.view
        return view.logDrains.values.map(\.value).map { summary($0, view) }.sorted {
            ($0.appName, $0.createdAt, $0.guid) < ($1.appName, $1.createdAt, $1.guid)
        }
    }

    private func summary(_ drain: LogDrainRecord, _ view: PlatformView) -> LogDrainSummary {
        let standing = platform.drains[drain.id]
        return LogDrainSummary(
            guid: drain.id.description, app: drain.app.description,
            appName: view.apps[drain.app]?.value.name.description ?? "", url: drain.target.description,
            createdAt: WireTime(drain.createdAt), createdBy: drain.createdBy, isConnected: standing.isConnected,
            sent: standing.sent, dropped: standing.dropped, problem: standing.problem)
    }

    private func add(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let url = try fields.text("url") ?? ""
        try fields.finish()
        let record = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let app = try platform.app(request, in: view)
            let plan = try LogDrainRule.add(
                url, to: app, by: request.caller, view: view, now: SystemClock.timestamp(), using: &generator)
            return Change(
                name: "log-drain.add", subject: app.value.name.description, writes: plan.writes, answer: plan.record)
        }
        return try Answer.json(summary(record, platform.view), status: .created)
    }

    private func remove(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let missing = FoundryError(.notFound, "No log drain has this id.", hint: "foundry log-drain ls")
        let id: LogDrainID = try request.id("id", or: missing)
        try await platform.changes.make { view throws(FoundryError) in
            guard let drain = view.logDrains[id] else { throw missing }
            return Change(
                name: "log-drain.remove", subject: id.description, writes: [LogDrainRule.removal(drain)], answer: ())
        }
        return Answer.nothing()
    }
}
