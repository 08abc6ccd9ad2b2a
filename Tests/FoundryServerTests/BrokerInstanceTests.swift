import Foundation
import FoundryClient
import FoundryModel
import HTTPTypes
import Testing

@testable import FoundryServer

@Suite("Service instances of the broker", .timeLimit(.minutes(2)))
struct BrokerInstanceTests {
    @Test("are provisioned, fetched and deprovisioned; what is gone is told with 410")
    func life() async throws {
        try await BrokerBench.run { broker in
            let reply = try await broker.provision("i1", #","parameters":{"connections":20},"new_field":1"#)
            let fields = try BrokerBench.fields(reply)
            #expect(reply.status == 202 && fields["operation"] is String)
            #expect((fields["dashboard_url"] as? String)?.hasSuffix("/services/i1") == true)
            #expect(try await broker.settled("i1") == "succeeded")
            let fetched = try await broker.call(.get, "service_instances/i1")
            let shown = try BrokerBench.fields(fetched)
            #expect(fetched.status == 200)
            #expect(try shown["service_id"] as? String == broker.service)
            #expect(try shown["plan_id"] as? String == broker.plan())
            #expect((shown["parameters"] as? [String: Int]) == ["connections": 20])
            #expect((shown["maintenance_info"] as? [String: String])?["version"] == "1.0.0")
            let gone = try await broker.remove("i1")
            #expect(gone.status == 202, "\(gone.text)")
            #expect(try await broker.settled("i1") == "gone")
            let again = try await broker.remove("i1")
            #expect(again.status == 410 && again.text == "410 {}")
            #expect(try await broker.call(.get, "service_instances/i1").status == 404)
            let view = broker.bench.platform.view
            #expect(view.instances.isEmpty && view.apps.isEmpty && view.volumes.isEmpty && view.routes.isEmpty)
            #expect(try await broker.call(.get, "service_instances/i1/last_operation").status == 410)
            #expect(try await broker.call(.get, "service_instances/never/last_operation").status == 404)
        }
    }

    @Test("without accepts_incomplete nothing is begun: 422 AsyncRequired")
    func patience() async throws {
        try await BrokerBench.run { broker in
            let refused = try await broker.provision("i1", patient: false)
            #expect(refused.status == 422)
            #expect(try broker.error(refused) == "AsyncRequired")
            #expect(broker.bench.platform.view.instances.isEmpty)
            try await broker.provisioned("i1")
            let update = try await broker.update("i1", #","parameters":{"connections":20}"#, patient: false)
            #expect(try broker.error(update) == "AsyncRequired")
            let delete = try await broker.remove("i1", patient: false)
            #expect(try broker.error(delete) == "AsyncRequired")
            #expect(try await broker.call(.get, "service_instances/i1").status == 200)
            #expect(try await broker.provision("i1", patient: false).status == 200)
            let wrong = try await broker.call(.put, "service_instances/i2?accepts_incomplete=yes", "{}")
            #expect(wrong.status == 400)
        }
    }

    @Test("of a context one short line of each field that is known is kept")
    func context() async throws {
        try await BrokerBench.run { broker in
            let long = "a" + String(repeating: "\u{301}", count: 5_000)
            let context =
                #"{"instance_name":"orders\u001b[2J\u202e\n","space_name":"\#(long)","secret":"x","clusterid":1}"#
            try await broker.provisioned("i1", #","context":\#(context)"#)
            let kept = try #require(broker.bench.platform.view.instances.values.first).value.origin.context
            #expect(Set(kept.keys) == ["instance_name", "space_name"])
            #expect(kept["instance_name"] == "orders[2J" && kept["space_name"]?.unicodeScalars.count == 200)
        }
    }

    @Test("the same request again is 202 while it goes on and 200 when it is done; another one of that id is 409")
    func idempotency() async throws {
        try await BrokerBench.run { broker in
            await broker.bench.peers.set(.starting)
            let first = try BrokerBench.fields(try await broker.provision("i1"))["operation"] as? String
            let second = try await broker.provision("i1")
            #expect(second.status == 202)
            #expect(try BrokerBench.fields(second)["operation"] as? String == first)
            #expect(try await broker.call(.get, "service_instances/i1").status == 404)
            #expect(try await broker.provision("i1", plan: "large").status == 409)
            await broker.bench.peers.set(.healthy)
            await broker.bench.peers.obey()
            #expect(try await broker.settled("i1") == "succeeded")
            #expect(try await broker.provision("i1").status == 200)
            let other = try await broker.provision("i1", #","parameters":{"connections":20}"#)
            #expect(other.status == 409, "\(other.text)")
            #expect(broker.bench.platform.view.instances.count == 1)
        }
    }

    @Test("ids that begin alike get names of their own")
    func names() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("test-instance-1")
            try await broker.provisioned("test-instance-2")
            #expect(Set(broker.bench.platform.view.instances.values.map(\.value.name)).count == 2)
        }
    }

    @Test("missing and wrong fields are 400 with a description, and nothing is made")
    func wrongFields() async throws {
        try await BrokerBench.run { broker in
            let (service, plan) = (try broker.service, try broker.plan())
            let bodies = [
                "", "{", "[]", "{}", #"{"service_id":"\#(service)"}"#, #"{"plan_id":"\#(plan)"}"#,
                #"{"service_id":"","plan_id":"\#(plan)"}"#, #"{"service_id":1,"plan_id":"\#(plan)"}"#,
                #"{"service_id":"unknown","plan_id":"\#(plan)"}"#, #"{"service_id":"\#(service)","plan_id":"none"}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","parameters":[]}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","parameters":{"connections":5}}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","parameters":{"colour":"red"}}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","parameters":{"label":{"a":1}}}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","context":"cf"}"#,
            ]
            for body in bodies {
                let reply = try await broker.call(.put, "service_instances/i1?accepts_incomplete=true", body)
                #expect(reply.status == 400, "\(body): \(reply.text)")
                let words = try BrokerBench.fields(reply)["description"] as? String
                #expect(words?.isEmpty == false, "\(body)")
            }
            for id in ["UPPER", "a_b", "-a", String(repeating: "a", count: 65)] {
                #expect(try await broker.provision(id).status == 400, "\(id)")
            }
            #expect(broker.bench.platform.view.instances.isEmpty)
            try await broker.provisioned("i1")
            for query in ["", "?service_id=\(service)", "?plan_id=\(plan)", "?service_id=other&plan_id=\(plan)"] {
                #expect(try await broker.call(.delete, "service_instances/i1\(query)").status == 400, "\(query)")
            }
        }
    }

    @Test("a plan and parameters are updated; last_operation tells how it went")
    func update() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let plan = #","plan_id":"\#(try broker.plan("large"))","previous_values":{"plan_id":"x"}"#
            let reply = try await broker.update("i1", plan)
            #expect(reply.status == 202, "\(reply.text)")
            #expect(try await broker.settled("i1") == "succeeded")
            let shown = try BrokerBench.fields(try await broker.call(.get, "service_instances/i1"))
            #expect(try shown["plan_id"] as? String == broker.plan("large"))
            #expect(try await broker.update("i1", #","parameters":{"label":"a"}"#).status < 300)
            #expect(try await broker.settled("i1") == "succeeded")
            let labelled = try BrokerBench.fields(try await broker.call(.get, "service_instances/i1"))
            #expect(labelled["parameters"] as? [String: String] == ["label": "a"])
            let same = try await broker.update("i1", plan)
            #expect(same.status == 200, "\(same.text)")
            #expect(try await broker.update("i1", #","plan_id":"none""#).status == 400)
            #expect(try await broker.update("i1", #","plan_id":"\#(try broker.plan())""#).status == 422)
            #expect(try await broker.update("missing", "").status == 404)
        }
    }

    @Test("what goes on is not disturbed: 422 ConcurrencyError, for another update and for a fetch")
    func concurrency() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            await broker.bench.peers.set(.starting)
            #expect(try await broker.update("i1", #","parameters":{"connections":20}"#).status == 202)
            for reply in [
                try await broker.update("i1", #","parameters":{"connections":30}"#),
                try await broker.call(.get, "service_instances/i1"), try await broker.remove("i1"),
                try await broker.bind("b1", to: "i1"),
            ] {
                #expect(reply.status == 422)
                #expect(try broker.error(reply) == "ConcurrencyError", "\(reply.text)")
            }
        }
    }

    @Test("a version that is not the catalog's is 422 MaintenanceInfoConflict; the catalog's brings an instance there")
    func maintenance() async throws {
        try await BrokerBench.run { broker in
            let old = #","maintenance_info":{"version":"0.9.0"}"#
            let refused = try await broker.provision("i1", old)
            #expect(refused.status == 422)
            #expect(try broker.error(refused) == "MaintenanceInfoConflict")
            try await broker.provisioned("i1", #","maintenance_info":{"version":"1.0.0"}"#)
            try await broker.bench.install(BrokerBench.manifest(version: "1.1.0"))
            #expect(try broker.error(try await broker.update("i1", old)) == "MaintenanceInfoConflict")
            let reply = try await broker.update("i1", #","maintenance_info":{"version":"1.1.0"}"#)
            #expect([200, 202].contains(reply.status), "\(reply.text)")
            #expect(try await broker.settled("i1") == "succeeded")
            let shown = try BrokerBench.fields(try await broker.call(.get, "service_instances/i1"))
            #expect((shown["maintenance_info"] as? [String: String])?["version"] == "1.1.0")
        }
    }

    @Test("a DELETE while the PUT is under way ends it, and leaves nothing")
    func orphans() async throws {
        try await BrokerBench.run { broker in
            await broker.bench.peers.set(.starting)
            #expect(try await broker.provision("i1").status == 202)
            let reply = try await broker.remove("i1")
            #expect(reply.status == 202, "\(reply.text)")
            let again = try await broker.provision("i1")
            #expect([202, 422].contains(again.status), "\(again.text)")
            #expect(try await broker.settled("i1") == "gone")
            let view = broker.bench.platform.view
            #expect(view.instances.isEmpty && view.apps.isEmpty && view.routes.isEmpty)
        }
    }

    @Test("what was made by other ways is none of the broker's")
    func foreign() async throws {
        try await BrokerBench.run { broker in
            let guid = try await broker.bench.createService("mine", plan: try broker.plan())
            #expect(try await broker.call(.get, "service_instances/\(guid)").status == 404)
            #expect(try await broker.provision(guid).status == 409)
            #expect(try await broker.remove(guid).status == 410)
            #expect(try await broker.update(guid, "").status == 404)
            #expect(broker.bench.platform.view.instances.count == 1)
        }
    }

    @Test("an operation of another instance is 400")
    func operations() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let other = try #require(try BrokerBench.fields(try await broker.provision("i2"))["operation"] as? String)
            let wrong = try await broker.call(.get, "service_instances/i1/last_operation?operation=\(other)")
            #expect(wrong.status == 400, "\(wrong.text)")
            let right = try await broker.call(.get, "service_instances/i2/last_operation?operation=\(other)")
            #expect(right.status == 200, "\(right.text)")
        }
    }

    @Test("each has a certificate of its own, under an authority that is not the installation's")
    func certificates() async throws {
        try await BrokerBench.run(BrokerBench.manifest(tls: true)) { broker in
            try await broker.provisioned("i1")
            try await broker.provisioned("i2")
            let tls = broker.bench.platform.view.instances.values.compactMap(\.value.secrets.tls)
            #expect(tls.count == 2 && tls[0].certificate != tls[1].certificate && tls[0].authority == tls[1].authority)
            #expect(tls.allSatisfy { $0.key.reveal().hasPrefix("-----BEGIN PRIVATE KEY-----") })
            let directory = broker.bench.platform.paths.tls
            let key = try FileManager.default.attributesOfItem(atPath: "\(directory)/services-ca.key")
            #expect((key[.posixPermissions] as? NSNumber)?.intValue == 0o600)
            let bound = try await broker.bind("b1", to: "i1")
            #expect(bound.text.contains("-----BEGIN CERTIFICATE-----"), "\(bound.text)")
        }
    }
}

extension Bench {
    /// - Returns: the guid of an instance that serves.
    func createService(_ name: String, plan: String) async throws -> String {
        let body = """
            {"type":"managed","name":"\(name)","relationships":{"service_plan":{"data":{"guid":"\(plan)"}},\
            "space":{"data":{"guid":"default"}}}}
            """
        let reply = try await call(.post, "/v3/service_instances", body)
        #expect(reply.status == 202, "\(reply.text)")
        let job: JobAnswer = try await get("\(try reply.job())?wait=10")
        #expect(job.state == .complete, "\(job)")
        return try #require(platform.view.instances.values.first { $0.value.name.description == name })
            .value.id.description
    }

    /// - Returns: the guid of a key that can be used.
    func createKey(_ name: String, of instance: String) async throws -> String {
        let body = """
            {"type":"key","name":"\(name)","relationships":{"service_instance":{"data":{"guid":"\(instance)"}}}}
            """
        let reply = try await call(.post, "/v3/service_credential_bindings", body)
        #expect(reply.status == 202, "\(reply.text)")
        let job: JobAnswer = try await get("\(try reply.job())?wait=10")
        #expect(job.state == .complete, "\(job)")
        return try #require(platform.view.bindings.values.first { $0.value.name == name }).value.id.description
    }
}
