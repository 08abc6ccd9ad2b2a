import Foundation
import FoundryClient
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Services in Cloud Foundry's way", .timeLimit(.minutes(2)))
struct ServiceTests {
    @Test("marketplace, create, show, update, bind, rotate, unbind and delete, with filters that count")
    func life() async throws {
        try await Bench.run { bench in
            try await bench.install(BrokerBench.manifest())
            let plans: Page<ServicePlanAnswer> = try await bench.get(
                "/v3/service_plans?names=large&service_offering_names=kv&include=service_offering&fields%5Bservice_offering.service_broker%5D=name,guid"
            )
            let large = try #require(plans.resources.first)
            #expect(plans.resources.count == 1 && plans.included?.serviceOfferings?.first?.name == "kv")
            #expect(plans.included?.serviceBrokers?.first?.guid == "foundry")
            let none: Page<ServicePlanAnswer> = try await bench.get("/v3/service_plans?service_offering_names=other")
            #expect(none.resources.isEmpty)
            let offerings: Page<ServiceOfferingAnswer> = try await bench.get("/v3/service_offerings")
            let small = try #require(bench.platform.view.offerings.first?.plans["small"]).description
            #expect(offerings.resources.map(\.name) == ["kv"])
            let guid = try await bench.createService("db", plan: small)
            let list: Page<ServiceInstanceAnswer> = try await bench.get(
                "/v3/service_instances?names=db&fields%5Bservice_plan%5D=guid,name")
            #expect(list.resources.map(\.guid) == [guid] && list.included?.servicePlans?.first?.name == "small")
            #expect(
                list.resources[0].lastOperation.state == "succeeded" && list.resources[0].foundry.state == "running")
            let others: Page<ServiceInstanceAnswer> = try await bench.get("/v3/service_instances?names=other")
            #expect(others.resources.isEmpty)
            let patch = #"{"relationships":{"service_plan":{"data":{"guid":"\#(large.guid)"}}}}"#
            let planned = try await bench.call(
                .post, "/foundry/v1/service_instances/plan", #"{"guid":"\#(guid)","instance":\#(patch)}"#)
            let plan: PlannedService = try planned.decoded()
            #expect(plan.action == "update" && plan.plan == "large" && !plan.changes.isEmpty && !plan.contract.isEmpty)
            let update = try await bench.call(.patch, "/v3/service_instances/\(guid)", patch)
            #expect(update.status == 202, "\(update.text)")
            let job: JobAnswer = try await bench.get("\(try update.job())?wait=10")
            #expect(job.state == .complete, "\(job)")
            let renamed = try await bench.call(.patch, "/v3/service_instances/\(guid)", #"{"name":"database"}"#)
            let named: ServiceInstanceAnswer = try renamed.decoded()
            #expect(renamed.status == 200 && named.name == "database")
            let key = try await bench.createKey("reporting", of: guid)
            let details: ServiceBindingDetailsAnswer = try await bench.get(
                "/v3/service_credential_bindings/\(key)/details")
            #expect(details.credentials["uri"] != nil)
            let rotation = try await bench.call(
                .post, "/foundry/v1/service_credential_bindings/\(key)/actions/rotate", #"{"overlap_seconds":3600}"#)
            #expect(rotation.status == 202, "\(rotation.text)")
            let rotated: JobAnswer = try await bench.get("\(try rotation.job())?wait=10")
            #expect(rotated.state == .complete)
            let keys: Page<ServiceBindingAnswer> = try await bench.get(
                "/v3/service_credential_bindings?names=reporting&type=key&service_instance_guids=\(guid)")
            #expect(keys.resources.count == 1 && keys.resources[0].guid != key)
            let now: ServiceBindingDetailsAnswer = try await bench.get(
                "/v3/service_credential_bindings/\(keys.resources[0].guid)/details")
            #expect(now != details)
            let again = try await bench.call(
                .post, "/v3/service_credential_bindings",
                #"{"type":"key","name":"reporting","relationships":{"service_instance":{"data":{"guid":"\#(guid)"}}}}"#)
            #expect(again.status == 422 && again.text.contains("Key binding names must be unique"), "\(again.text)")
            let removed = try await bench.call(.delete, "/v3/service_credential_bindings/\(key)")
            #expect(removed.status == 202, "\(removed.text)")
            let deleted = try await bench.call(.delete, "/v3/service_instances/\(guid)")
            let gone: JobAnswer = try await bench.get("\(try deleted.job())?wait=10")
            #expect(gone.state == .complete, "\(gone)")
            try await bench.eventually("nothing is left") {
                bench.platform.view.instances.isEmpty && bench.platform.view.bindings.isEmpty
            }
        }
    }

    @Test("an app is bound once, keeps the instance alive, and is not the workload")
    func bound() async throws {
        try await Bench.run { bench in
            try await bench.install(BrokerBench.manifest())
            let app = try await bench.push(bench.redis)
            let small = try #require(bench.platform.view.offerings.first?.plans["small"]).description
            let guid = try await bench.createService("db", plan: small)
            let body = """
                {"type":"app","relationships":{"app":{"data":{"guid":"\(app)"}},\
                "service_instance":{"data":{"guid":"\(guid)"}}}}
                """
            #expect(try await bench.call(.post, "/v3/service_credential_bindings", body).status == 202)
            let again = try await bench.call(.post, "/v3/service_credential_bindings", body)
            #expect(again.status == 422 && again.text.contains("The app is already bound to the service instance"))
            let refused = try await bench.call(.delete, "/v3/service_instances/\(guid)")
            #expect(refused.error?.code == .serviceInUse, "\(refused.text)")
            let bindings: Page<ServiceBindingAnswer> = try await bench.get(
                "/v3/service_credential_bindings?include=app&app_guids=\(app)")
            #expect(bindings.included?.apps?.map(\.name) == ["demo"])
            let workload = try #require(bench.platform.view.instances.values.first).value.workload
            let apps: Page<AppAnswer> = try await bench.get("/v3/apps")
            #expect(apps.resources.map(\.name) == ["demo"])
            let status: StatusAnswer = try await bench.get("/foundry/v1/status")
            #expect(status.counts.apps == 1)
            let one: AppSummary = try await bench.get("/foundry/v1/apps/\(workload)")
            #expect(one.name == "db")
            for (path, body) in [
                ("/v3/apps/\(workload)/processes/web/actions/scale", #"{"memory_in_mb":128}"#),
                ("/foundry/v1/apps/\(workload)/clones", #"{"name":"copy"}"#),
                ("/v3/spaces/default/actions/apply_manifest", bench.redis(named: "db")),
            ] {
                let reply = try await bench.call(.post, path, body)
                #expect(reply.error?.code == .serviceWorkload, "\(path): \(reply.text)")
            }
            #expect(try await bench.call(.delete, "/v3/apps/\(workload)").error?.code == .serviceWorkload)
            #expect(try await bench.call(.post, "/v3/apps/\(workload)/actions/restart").status == 200)
        }
    }

    @Test("what is not right is refused by name, and nothing is made")
    func refused() async throws {
        try await Bench.run { bench in
            try await bench.install(BrokerBench.manifest())
            let small = try #require(bench.platform.view.offerings.first?.plans["small"]).description
            let relations = #""relationships":{"service_plan":{"data":{"guid":"\#(small)"}}}"#
            for (body, code) in [
                (#"{"name":"db"}"#, ErrorCode.badRequest), (#"{\#(relations)}"#, .badRequest),
                (#"{"name":"Db","\#(relations.dropFirst())}"#, .nameInvalid),
                (#"{"name":"db","colour":1,\#(relations)}"#, .unknownField),
                (#"{"name":"db","parameters":{"connections":1},\#(relations)}"#, .parameterInvalid),
                (#"{"name":"db","foundry":{"memory":"1X"},\#(relations)}"#, .sizeInvalid),
                (#"{"name":"db","relationships":{"service_plan":{"data":{"guid":"none"}}}}"#, .planNotFound),
                (#"{"name":"db","type":"user-provided",\#(relations)}"#, .policyUnknown),
            ] {
                let reply = try await bench.call(.post, "/v3/service_instances", body)
                #expect(reply.error?.code == code, "\(body): \(reply.text)")
            }
            #expect(try await bench.call(.get, "/v3/service_instances?colour=red").status == 400)
            #expect(try await bench.call(.get, "/v3/service_instances?fields%5Bspace%5D=secret").status == 400)
            #expect(try await bench.call(.get, "/v3/service_plans?include=users").status == 400)
            #expect(bench.platform.view.instances.isEmpty)
        }
    }

    @Test("releases are listed, kept while instances run them, and removed")
    func releases() async throws {
        try await Bench.run { bench in
            try await bench.install(BrokerBench.manifest())
            let small = try #require(bench.platform.view.offerings.first?.plans["small"]).description
            let guid = try await bench.createService("db", plan: small)
            try await bench.install(BrokerBench.manifest(version: "1.1.0"))
            let list: ListAnswer<ReleaseSummary> = try await bench.get("/foundry/v1/releases")
            #expect(list.resources.map(\.version) == ["1.1.0", "1.0.0"] && list.resources[1].instances == ["db"])
            let shown: ServiceInstanceAnswer = try await bench.get("/v3/service_instances/\(guid)")
            #expect(shown.upgradeAvailable && shown.foundry.newestVersion == "1.1.0")
            let used = try await bench.call(.delete, "/foundry/v1/releases/kv")
            #expect(used.error?.code == .releaseInUse)
            #expect(bench.platform.view.releases.count == 2)
            let upgrade = try await bench.call(
                .patch, "/v3/service_instances/\(guid)", #"{"maintenance_info":{"version":"1.1.0"}}"#)
            #expect([200, 202].contains(upgrade.status), "\(upgrade.text)")
            if upgrade.status == 202 {
                let job: JobAnswer = try await bench.get("\(try upgrade.job())?wait=10")
                #expect(job.state == .complete, "\(job)")
            }
            let removed = try await bench.call(.delete, "/foundry/v1/releases/kv?version=1.0.0")
            let went: ReleaseRemoval = try removed.decoded()
            #expect(removed.status == 200 && went.versions == ["1.0.0"])
            let deleted = try await bench.call(.delete, "/v3/service_instances/\(guid)")
            let gone: JobAnswer = try await bench.get("\(try deleted.job())?wait=10")
            #expect(gone.state == .complete)
            try await bench.eventually("it is gone") { bench.platform.view.instances.isEmpty }
            #expect(try await bench.call(.delete, "/foundry/v1/releases/kv").status == 200)
            #expect(bench.platform.view.releases.isEmpty)
        }
    }

    @Test("secrets are sealed with another key, all of them, and the older one is dropped")
    func keys() async throws {
        try await Bench.run(.sqlite) { bench in
            try await bench.install(BrokerBench.manifest())
            let small = try #require(bench.platform.view.offerings.first?.plans["small"]).description
            let guid = try await bench.createService("db", plan: small)
            let key = try await bench.createKey("reporting", of: guid)
            let path = bench.platform.paths.secretKeys
            let before = try String(contentsOfFile: path, encoding: .utf8)
            let details: ServiceBindingDetailsAnswer = try await bench.get(
                "/v3/service_credential_bindings/\(key)/details")
            let reply = try await bench.call(.post, "/foundry/v1/secrets/actions/rotate")
            let answer: SecretsRotationAnswer = try reply.decoded()
            #expect(answer.records == 2 && answer.droppedKeys == 1, "\(reply.text)")
            let after = try String(contentsOfFile: path, encoding: .utf8)
            #expect(after != before && after.split(separator: "\n").count == 1)
            // What is stored is read with the new key alone.
            let ring = try SecretKeyring.open(path, makes: false)
            let stored = StoredRecords(try await bench.store.list(prefix: "").values, RecordCoding(secrets: ring))
            #expect(stored.unreadable.isEmpty, "\(stored.unreadable)")
            let password = bench.platform.view.bindings.values.first?.value.password
            #expect(password != nil && stored.view.bindings.values.first?.value.password == password)
            let still: ServiceBindingDetailsAnswer = try await bench.get(
                "/v3/service_credential_bindings/\(key)/details")
            #expect(still == details)
        }
    }

    @Test("the dashboard is a page, or JSON, without credentials, for those who may see it")
    func pages() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            #expect(try await broker.bind("b1", to: "i1").status == 201)
            let mine = try await broker.bench.createService("mine", plan: try broker.plan())
            let basic = "Basic " + Data("platform:\(broker.password)".utf8).base64EncodedString()
            let json = try await broker.bench.call(
                .get, "/services/i1", token: nil, headers: [.authorization: basic, .accept: "application/json"])
            #expect(json.status == 200 && json.text.contains(#""state":"running""#), "\(json.text)")
            let password = try #require(broker.bench.platform.view.bindings.values.first?.value.password).reveal()
            let page = try await broker.bench.call(
                .get, "/services/i1", headers: [.accept: "text/html,application/xhtml+xml"])
            #expect(page.status == 200 && page.text.contains("<h2>Members</h2>"))
            #expect(!page.text.contains(password) && !json.text.contains(password))
            let list = try await broker.bench.call(.get, "/services", headers: [.accept: "application/json"])
            #expect(list.text.contains("mine") && list.text.contains("kv-i1"))
            let foreign = try await broker.bench.call(
                .get, "/services/\(mine)", token: nil, headers: [.authorization: basic])
            #expect(foreign.status == 404)
            #expect(try await broker.bench.call(.get, "/services", token: nil).status == 401)
        }
    }
}
