import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// How many members an app has, and how much room. Beside Cloud Foundry's answer, the location names the job that tells when it is in force.
struct ScaleEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/v3/apps/:guid/processes/:type/actions/scale") { request throws(FoundryError) in
                guard request.parameters["type"] == "web" else {
                    throw FoundryError(.notFound, "Process not found", hint: "the process of an app is of the type web")
                }
                return try await scale(request) { view throws(FoundryError) in try platform.app(request, in: view) }
            },
            .post("/v3/processes/:guid/actions/scale") { request throws(FoundryError) in
                try await scale(request) { view throws(FoundryError) in try ProcessEndpoints.app(request, view) }
            },
        ]
    }

    private func scale(
        _ request: APIRequest,
        _ find: @escaping @Sendable (PlatformView) throws(FoundryError) -> Revised<AppRecord>
    ) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let wanted = try read(request.body)
        let plan = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let app = try find(view)
            let usage = platform.usage.look(now: SystemClock.monotonic())
            let plan = try AppVerbs.scale(
                app, wanted, used: usage.memory(of: app.value.id, view), view: view, now: SystemClock.timestamp(),
                using: &generator)
            return Change(
                name: plan.transactionName, subject: plan.app.name.description,
                writes: plan.writes.map { $0.signed(by: request.caller) }, answer: plan)
        }
        return try Answer.json(
            AppShapes(base: request.base).process(plan.app), status: .accepted,
            location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    /// Cloud Foundry's whole megabytes, or sizes as `push` takes them.
    private func read(_ body: [UInt8]) throws(FoundryError) -> ScaleRequest {
        var fields = try FieldReader(try ManifestJSON.read(body), path: "")
        let (memory, disk) = (try fields.integer("memory_in_mb"), try fields.integer("disk_in_mb"))
        let request = try ScaleRequest(
            instances: try fields.integer("instances"),
            memory: try fields.quantity("memory") ?? memory.map { "\($0)M" }, cpu: try fields.quantity("cpu"),
            disk: try fields.quantity("disk") ?? disk.map { "\($0)M" },
            restarts: try fields.flag("restart") ?? false)
        try fields.finish()
        return request
    }
}
