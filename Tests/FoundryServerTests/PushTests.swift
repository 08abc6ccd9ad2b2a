import Foundation
import FoundryClient
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryServer

@Suite("Apps, from push to delete", .timeLimit(.minutes(2)))
struct PushTests {
    @Test("push, list, stop, start, restart, delete", arguments: Bench.Make.allCases)
    func life(_ make: Bench.Make) async throws {
        try await Bench.run(make) { bench in
            let guid = try await bench.push(bench.redis)
            var app: AppSummary = try await bench.get("/foundry/v1/apps/\(guid)")
            #expect(app.name == "demo" && app.state == "running" && app.desired == "started")
            #expect(
                app.image
                    == ImageName(
                        reference: "redis/redis", name: "redis:7", source: "bundled", digest: ImageFixture.digest(11)))
            #expect(
                app.disk == 100 << 20 && app.mounts == ["/data"] && app.route?.address == "127.0.0.1:20000"
                    && app.route?.isServing == true)
            #expect(
                app.members.map(\.name) == ["demo/0"] && app.members[0].phase == "healthy"
                    && app.volumes.first?.phase == "held")

            #expect(try await bench.act("stop", guid).state == "STOPPED")
            app = try await bench.get("/foundry/v1/apps/\(guid)")
            #expect(app.state == "stopped" && app.volumes.first?.phase == "sealed")
            #expect(try await bench.act("start", guid).state == "STARTED")
            #expect(try await bench.act("restart", guid).state == "STARTED")
            app = try await bench.get("/foundry/v1/apps/\(guid)")
            #expect(app.state == "running" && app.generation == 3)

            let reply = try await bench.call(.delete, "/v3/apps/\(guid)")
            #expect(reply.status == 202)
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .complete && job.operation == "app.delete")
            #expect(try await bench.get("/foundry/v1/apps", as: ListAnswer<AppSummary>.self).resources.isEmpty)
            let volumes: ListAnswer<VolumeSummary> = try await bench.get("/foundry/v1/volumes")
            #expect(volumes.resources.map(\.phase) == ["kept"] && volumes.resources[0].keptUntil != nil)
        }
    }

    @Test("delete with purge takes the volume along")
    func purge() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let reply = try await bench.call(.delete, "/v3/apps/\(guid)?purge=true")
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .complete)
            try await bench.eventually("the volume is gone") { bench.platform.view.volumes.isEmpty }
        }
    }

    @Test("the same push again changes nothing and is done at once")
    func again() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            #expect(try await bench.push(bench.redis) == guid)
            #expect(try await bench.get("/foundry/v1/apps/\(guid)", as: AppSummary.self).generation == 1)
        }
    }

    @Test("of many who push one name at once, one makes the app, and the others change it")
    func race() async throws {
        try await Bench.run(.sqlite) { bench in
            let replies = try await withThrowingTaskGroup(of: Reply.self) { group in
                for number in 1...20 {
                    group.addTask {
                        try await bench.call(
                            .post, "/v3/spaces/default/actions/apply_manifest",
                            "applications:\n- {name: demo, image: redis, no-route: true, disk: 100, memory: \(100 + number)}\n"
                        )
                    }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(replies.allSatisfy { $0.status == 202 })
            let view = bench.platform.view
            #expect(view.apps.count == 1)
            #expect(view.events.count { $0.kind == .appPushed && $0.message.hasPrefix("was pushed") } == 1)
            #expect(view.events.count { $0.kind == .appPushed && $0.message.hasPrefix("is changed") } == 19)
        }
    }

    @Test("a manifest of several apps is one transaction and one job, in Cloud Foundry's words too")
    func several() async throws {
        try await Bench.run { bench in
            let reply = try await bench.call(
                .post, "/v3/spaces/default/actions/apply_manifest",
                """
                applications:
                - &base
                  name: one
                  docker: {image: postgres}
                  disk_quota: 1G
                  memory: 256M
                  default-route: true
                  health-check-type: port
                  health-check: {start-period: 2m, interval: 500ms, timeout: 1}
                  env: {A: 1, B: yes, C: text}
                - <<: *base
                  name: two
                  routes: [{route: "127.0.0.1:20007"}]
                  target-port: 5432
                - <<: *base
                  name: three
                  no-route: true
                """)
            #expect(reply.status == 202, "\(reply.text)")
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .complete, "\(job)")
            let apps = bench.platform.view.apps.values.sorted { $0.value.name < $1.value.name }
            #expect(apps.map(\.value.name.description) == ["one", "three", "two"])
            #expect(apps.allSatisfy { $0.value.spec.environment == ["A": "1", "B": "yes", "C": "text"] })
            let health = apps[0].value.spec.health
            #expect(
                health.startPeriodMilliseconds == 120_000 && health.intervalMilliseconds == 500
                    && health.timeoutMilliseconds == 1_000)
            #expect(bench.platform.view.routes.keys.sorted() == ["/routes/loopback/20000", "/routes/loopback/20007"])
        }
    }

    @Test("a plan tells image, alias line, route and contract, and changes nothing")
    func plan() async throws {
        try await Bench.run { bench in
            await bench.peers.rest()
            try await bench.settled()
            let revision = bench.platform.feed.edition.revision
            let reply = try await bench.call(.post, "/foundry/v1/spaces/default/plan", bench.redis)
            let plan: PlanAnswer = try reply.decoded()
            #expect(plan.applications.count == 1 && plan.applications[0].action == "create")
            let alias = AliasSummary(
                alias: "redis/redis", name: "redis:7", isPresent: true, engine: "Redis", version: "7.0.15")
            #expect(plan.applications[0].alias == alias)
            #expect(plan.applications[0].route?.port == 20_000 && plan.applications[0].route?.guid == nil)
            #expect(plan.applications[0].contract.contains { $0.id == "never-empty" })
            #expect(try await bench.store.list(prefix: "").revision == revision)
        }
    }

    @Test("a plan of a change tells what becomes another, what that takes and what it may cost; then it is done")
    func change() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            func manifest(_ more: String) -> String {
                "applications:\n- {name: demo, image: redis, \(more)}\n"
            }
            let reply = try await bench.call(
                .post, "/foundry/v1/spaces/default/plan",
                manifest("memory: 128M, env: {A: 1, B: ~}, restart-policy: available, default-route: true"))
            let plan: PlanAnswer = try reply.decoded()
            let app = plan.applications[0]
            #expect(app.action == "update" && app.restarts && app.dangers.count == 1)
            #expect(app.changes.map(\.what) == ["memory", "env A", "restart-policy"])
            #expect(app.newSentences.map(\.id).contains("memory-limit"))
            #expect(!app.newSentences.map(\.id).contains("never-empty"))
            #expect(!reply.text.contains("\"B\""))
            #expect(bench.platform.view.apps.values.first?.value.generation == 1, "nothing was changed")
            let applied = try await bench.call(
                .post, "/v3/spaces/default/actions/apply_manifest", manifest("env: {A: 1}"))
            #expect(applied.status == 202, "\(applied.text)")
            let job: JobAnswer = try await bench.get("\(try applied.job())?wait=10")
            #expect(job.state == .complete, "\(job)")
            let now: AppSummary = try await bench.get("/foundry/v1/apps/\(guid)")
            #expect(now.environmentNames == ["A"] && now.generation == 3)
            _ = try await bench.push(manifest("env: {A: ~}"))
            #expect(try await bench.get("/foundry/v1/apps/\(guid)", as: AppSummary.self).environmentNames == [])
        }
    }

    @Test("a job that fails says why, and its app can be asked why")
    func failure() async throws {
        try await Bench.run { bench in
            await bench.peers.set(
                .refused(FoundryError(.volumeForeign, "The volume is another's.", hint: "foundry volumes")))
            let reply = try await bench.call(.post, "/v3/spaces/default/actions/apply_manifest", bench.redis)
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=10")
            #expect(job.state == .failed && job.errors.map(\.detail) == ["The volume is another's."])
            #expect(job.errors[0].error.code == .volumeForeign)
            let why: WhyAnswer = try await bench.get("/foundry/v1/apps/\(job.foundry.appGuid)/why")
            #expect(why.lines.contains { $0.text.contains("The volume is another's.") })
            let app: AppSummary = try await bench.get("/foundry/v1/apps/\(job.foundry.appGuid)")
            #expect(app.state == "refused" && app.members[0].refusal?.code == "volume_foreign")
        }
    }

    @Test("a wait for a job ends with its time, the job still going on")
    func wait() async throws {
        try await Bench.run { bench in
            await bench.peers.set(.starting)
            let reply = try await bench.call(.post, "/v3/spaces/default/actions/apply_manifest", bench.redis)
            let began = ContinuousClock.now
            let job: JobAnswer = try await bench.get("\(try reply.job())?wait=1")
            #expect(job.state == .processing && ContinuousClock.now - began > .milliseconds(900))
            #expect(bench.platform.permits.inUse == 0)
            #expect(bench.platform.feed.waiting <= 2, "nobody is left waiting")
        }
    }
}

extension Bench {
    /// Does a verb, and waits for its job.
    func act(_ verb: String, _ guid: String) async throws -> AppAnswer {
        let reply = try await call(.post, "/v3/apps/\(guid)/actions/\(verb)")
        #expect(reply.status == 200, "\(reply.text)")
        let job: JobAnswer = try await get("\(try reply.job())?wait=10")
        #expect(job.state == .complete, "\(job)")
        return try reply.decoded()
    }
}
