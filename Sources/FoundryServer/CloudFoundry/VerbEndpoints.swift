import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Start, stop, restart and delete. Beside Cloud Foundry's answer, the location names the job that tells when it is done.
struct VerbEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/v3/apps/:guid/actions/start") { request throws(FoundryError) in
                try await answer(request) { app, _, now, generator throws(FoundryError) in
                    try AppVerbs.start(app, now: now, using: &generator)
                }
            },
            .post("/v3/apps/:guid/actions/stop") { request throws(FoundryError) in
                try await answer(request) { app, _, now, generator throws(FoundryError) in
                    try AppVerbs.stop(app, now: now, using: &generator)
                }
            },
            .post("/v3/apps/:guid/actions/restart") { request throws(FoundryError) in
                try await answer(request) { app, view, now, generator throws(FoundryError) in
                    try AppVerbs.restart(
                        app, members: view.memberRecords(of: app.value.id), now: now, using: &generator)
                }
            },
            .delete("/v3/apps/:guid") { request throws(FoundryError) in
                let purge = try QueryReader(request.query, known: ["purge"]).flag("purge")
                let plan = try await change(request) { app, _, now, generator throws(FoundryError) in
                    try AppVerbs.delete(app, purge: purge, now: now, using: &generator)
                }
                return Answer.accepted(location: location(plan, request))
            },
        ]
    }

    private typealias Verb =
        @Sendable (Revised<AppRecord>, PlatformView, Timestamp, inout SystemRandomNumberGenerator)
        throws(FoundryError) -> VerbPlan

    private func answer(_ request: APIRequest, _ verb: @escaping Verb) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let plan = try await change(request, verb)
        return try Answer.json(AppShapes(base: request.base).app(plan.app), location: location(plan, request))
    }

    private func change(_ request: APIRequest, _ verb: @escaping Verb) async throws(FoundryError) -> VerbPlan {
        try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try verb(try platform.app(request, in: view), view, SystemClock.timestamp(), &generator)
            return Change(
                name: plan.transactionName, subject: plan.app.name.description,
                writes: plan.writes.map { $0.signed(by: request.caller) }, answer: plan)
        }
    }

    private func location(_ plan: VerbPlan, _ request: APIRequest) -> String {
        "\(request.base)/v3/jobs/\(plan.job.id)"
    }
}
