import Foundation
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Bindings of the broker", .timeLimit(.minutes(2)))
struct BrokerBindingTests {
    @Test("are made in one request, fetched, and removed; each has a user of its own")
    func life() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let reply = try await broker.bind("b1", to: "i1", #","parameters":{"access":"ro"},"new_field":[1]"#)
            #expect(reply.status == 201, "\(reply.text)")
            let fields = try BrokerBench.fields(reply)
            let credentials = try #require(fields["credentials"] as? [String: Any])
            let uri = try #require(credentials["uri"] as? String)
            #expect(uri.hasPrefix("kv://b") && uri.hasSuffix("?ro") && credentials["port"] is Int)
            #expect(credentials["ca"] == nil)
            let endpoints = try #require(fields["endpoints"] as? [[String: Any]])
            #expect(endpoints.first?["host"] as? String == "127.0.0.1")
            let same = try await broker.bind("b1", to: "i1", #","parameters":{"access":"ro"}"#)
            #expect(same.status == 200)
            let shown = try BrokerBench.fields(same)["credentials"] as? [String: Any]
            #expect(shown?["uri"] as? String == uri)
            let fetched = try await broker.call(.get, "service_instances/i1/service_bindings/b1")
            #expect(fetched.status == 200 && fetched.text.contains(uri))
            #expect(try BrokerBench.fields(fetched)["parameters"] as? [String: String] == ["access": "ro"])
            let other = try await broker.bind("b2", to: "i1")
            #expect(other.status == 201 && !other.text.contains(uri))
            let removed = try await broker.remove("i1/service_bindings/b1", patient: false)
            #expect(removed.status == 200 && removed.text == "200 {}")
            let again = try await broker.remove("i1/service_bindings/b1")
            #expect(again.status == 410 && again.text == "410 {}")
            #expect(try await broker.call(.get, "service_instances/i1/service_bindings/b1").status == 404)
            let operation = try await broker.call(.get, "service_instances/i1/service_bindings/b1/last_operation")
            #expect(operation.status == 410)
        }
    }

    @Test("another binding of the same id is 409")
    func taken() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            try await broker.provisioned("i2")
            #expect(try await broker.bind("b1", to: "i1", #","app_guid":"a""#).status == 201)
            #expect(try await broker.bind("b1", to: "i1", #","bind_resource":{"app_guid":"a"}"#).status == 200)
            #expect(try await broker.bind("b1", to: "i1", #","app_guid":"b""#).status == 409)
            let other = #","app_guid":"a","parameters":{"access":"ro"}"#
            #expect(try await broker.bind("b1", to: "i1", other).status == 409)
            #expect(try await broker.bind("b1", to: "i2", #","app_guid":"a""#).status == 409)
        }
    }

    @Test("one that takes long is 202 for those who can ask again, with an operation and its end")
    func slow() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            await broker.bench.peers.answerVerbs(nil)
            let reply = try await broker.bind("b1", to: "i1", patient: true)
            #expect(reply.status == 202, "\(reply.text)")
            let operation = try #require(try BrokerBench.fields(reply)["operation"] as? String)
            let path = "service_instances/i1/service_bindings/b1"
            let state = try await broker.call(.get, "\(path)/last_operation?operation=\(operation)")
            #expect(try BrokerBench.fields(state)["state"] as? String == "in progress")
            #expect(try await broker.call(.get, path).status == 404)
            #expect(try await broker.bind("b1", to: "i1", patient: true).status == 202)
            await broker.bench.peers.answerVerbs(.done)
            await broker.bench.peers.obey()
            #expect(try await broker.settled("i1/service_bindings/b1") == "succeeded")
            #expect(try await broker.call(.get, path).status == 200)
            await broker.bench.peers.answerVerbs(nil)
            let removing = try await broker.remove("i1/service_bindings/b1")
            #expect(removing.status == 202, "\(removing.text)")
            await broker.bench.peers.answerVerbs(.done)
            await broker.bench.peers.obey()
            #expect(try await broker.settled("i1/service_bindings/b1") == "gone")
        }
    }

    @Test("missing and wrong fields are 400 with a description")
    func wrongFields() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let (service, plan) = (try broker.service, try broker.plan())
            for body in [
                "{}", #"{"service_id":"\#(service)"}"#, #"{"service_id":"other","plan_id":"\#(plan)"}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(try broker.plan("large"))"}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","parameters":{"access":"all"}}"#,
                #"{"service_id":"\#(service)","plan_id":"\#(plan)","predecessor_binding_id":"none"}"#,
            ] {
                let reply = try await broker.call(.put, "service_instances/i1/service_bindings/b1", body)
                #expect(reply.status == 400, "\(body): \(reply.text)")
            }
            #expect(try await broker.bind("UPPER", to: "i1").status == 400)
            #expect(try await broker.bind("b1", to: "missing").status == 404)
            #expect(broker.bench.platform.view.bindings.isEmpty)
            #expect(try await broker.call(.delete, "service_instances/i1/service_bindings/b1").status == 400)
        }
    }

    @Test("one takes the place of another; the other stays until it is removed")
    func rotation() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let old = try await broker.bind("b1", to: "i1")
            let new = try await broker.bind("b2", to: "i1", #","predecessor_binding_id":"b1""#)
            #expect(new.status == 201 && new.body != old.body)
            #expect(try await broker.call(.get, "service_instances/i1/service_bindings/b1").status == 200)
            #expect(try await broker.remove("i1/service_bindings/b1").status == 200)
            #expect(try await broker.call(.get, "service_instances/i1/service_bindings/b2").status == 200)
        }
    }

    @Test("those of a service without users are made without a verb")
    func withoutUsers() async throws {
        try await BrokerBench.run(BrokerBench.manifest(users: false)) { broker in
            try await broker.provisioned("i1")
            await broker.bench.peers.answerVerbs(nil)
            #expect(try await broker.bind("b1", to: "i1").status == 201)
            #expect(try await broker.remove("i1/service_bindings/b1", patient: false).status == 200)
        }
    }

    @Test("when too many wait, who can ask again does, and for who cannot nothing is begun")
    func crowded() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            var held: [Permits.Permit] = []
            for _ in 0..<Limits.waiting { held.append(try broker.bench.platform.permits.take()) }
            let refused = try await broker.bind("b1", to: "i1")
            #expect(refused.status == 429 && broker.bench.platform.view.bindings.isEmpty, "\(refused.text)")
            let taken = try await broker.bind("b2", to: "i1", patient: true)
            #expect([201, 202].contains(taken.status), "\(taken.text)")
            #expect(try await broker.settled("i1/service_bindings/b2") == "succeeded")
            let stays = try await broker.remove("i1/service_bindings/b2", patient: false)
            #expect(stays.status == 429 && broker.bench.platform.view.bindings.count == 1, "\(stays.text)")
            withExtendedLifetime(held) {}
        }
    }

    @Test("a key that was made here by another way is none of the client's")
    func others() async throws {
        try await BrokerBench.run { broker in
            try await broker.provisioned("i1")
            let key = try await broker.bench.createKey("reporting", of: "i1")
            let shown = try await broker.call(.get, "service_instances/i1/service_bindings/\(key)")
            #expect(shown.status == 404 && !shown.text.contains("kv://"), "\(shown.text)")
            #expect(try await broker.bind(key, to: "i1").status == 409)
            #expect(try await broker.bind("b1", to: "i1", #","predecessor_binding_id":"\#(key)""#).status == 400)
            #expect(try await broker.remove("i1/service_bindings/\(key)").status == 410)
            #expect(broker.bench.platform.view.bindings.values.map(\.value.state) == [.bound])
        }
    }

    @Test("no secret is in the journal, the audit log, an event, or in clear words in the store's file")
    func secrets() async throws {
        try await BrokerBench.run(BrokerBench.manifest(tls: true), .sqlite) { broker in
            try await broker.provisioned("i1")
            #expect(try await broker.bind("b1", to: "i1").status == 201)
            #expect(try await broker.remove("i1/service_bindings/none").status == 410)
            let view = broker.bench.platform.view
            let instance = try #require(view.instances.values.first?.value)
            let binding = try #require(view.bindings.values.first?.value)
            let key = try #require(instance.secrets.tls).key.reveal().split(separator: "\n")[1]
            let words =
                [try #require(binding.password).reveal(), String(key), broker.password]
                + instance.secrets.named.values.map { $0.reveal() }
            #expect(words.count == 4 && words.allSatisfy { $0.count >= 32 })
            for word in words {
                #expect(!view.events.contains { "\($0)".contains(word) })
                for file in try Self.files(broker.bench.directory) {
                    let bytes = try Data(contentsOf: URL(filePath: file))
                    #expect(bytes.range(of: Data(word.utf8)) == nil, "\(file)")
                }
            }
            // The files were there to be searched.
            let names = try Self.files(broker.bench.directory).map { URL(filePath: $0).lastPathComponent }
            #expect(names.contains("store.sqlite") && names.contains { $0.contains("audit") }, "\(names)")
        }
    }

    private static func files(_ directory: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: directory).map { "\(directory)/\($0)" }.filter { path in
            var isDirectory: ObjCBool = false
            return FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) && !isDirectory.boolValue
        }
    }
}
