import Foundation
import FoundryClient
import FoundryModel
import HTTPTypes
import Testing

@testable import FoundryServer

@Suite("The broker's headers", .timeLimit(.minutes(2)))
struct BrokerHeadTests {
    @Test("a version that is missing or not spoken is answered with 412; 2.13 and later ones of 2 are spoken")
    func version() async throws {
        try await BrokerBench.run { broker in
            for version in [nil, "1.0", "2.12", "3.0", "2", "two", "2.17.1", "2.-14"] {
                let reply = try await broker.call(.get, "catalog", version: version)
                #expect(reply.status == 412, "\(version ?? "none"): \(reply.text)")
                #expect(try broker.error(reply) == "BrokerVersion")
            }
            for version in ["2.13", "2.14", "2.17", "2.99"] {
                #expect(try await broker.call(.get, "catalog", version: version).status == 200, "\(version)")
            }
        }
    }

    @Test("a wrong name or password is answered with 401, and a token of the API opens nothing")
    func authentication() async throws {
        try await BrokerBench.run { broker in
            for password in ["", "wrong", Bench.token, String(broker.password.dropLast())] {
                let reply = try await broker.call(.get, "catalog", password: password)
                #expect(reply.status == 401 && reply.headers[.wwwAuthenticate]?.hasPrefix("Basic") == true)
                #expect(try broker.error(reply) == "Unauthenticated")
            }
            let bearer = try await broker.bench.call(.get, "/v2/catalog")
            #expect(bearer.status == 401, "\(bearer.text)")
            for path in ["//v2/catalog", "/%762/catalog", "/v2//catalog", "/v%32/catalog"] {
                let odd = try await broker.bench.call(.get, path)
                #expect(odd.status == 401, "\(path): \(odd.text)")
                #expect(try broker.error(odd) == "Unauthenticated")
            }
            let name = try #require(HTTPField.Name("X-Broker-API-Version"))
            #expect(try await broker.bench.call(.get, "/v2/catalog", token: nil, headers: [name: "2.17"]).status == 401)
            // And the other way round.
            let basic = "Basic " + Data("\(broker.name):\(broker.password)".utf8).base64EncodedString()
            let api = try await broker.bench.call(.get, "/v3/apps", token: nil, headers: [.authorization: basic])
            #expect(api.status == 401)
        }
    }

    @Test("several credentials open it at once; one that is revoked opens nothing")
    func rotation() async throws {
        try await BrokerBench.run { broker in
            let other = try await broker.bench.broker("other")
            #expect(try await broker.call(.get, "catalog").status == 200)
            #expect(try await other.call(.get, "catalog").status == 200)
            #expect(try await broker.call(.get, "catalog", password: other.password).status == 401)
            let gone = try await broker.bench.call(.delete, "/foundry/v1/broker_credentials/platform")
            #expect(gone.status == 204, "\(gone.text)")
            #expect(try await broker.call(.get, "catalog").status == 401)
            #expect(try await other.call(.get, "catalog").status == 200)
            let list: ListAnswer<BrokerCredentialSummary> = try await broker.bench.get("/foundry/v1/broker_credentials")
            #expect(list.resources.map(\.name) == ["other"] && list.resources[0].password == nil)
        }
    }

    @Test("who asked, and what the client calls the request, are written down; the request's name is told back")
    func identity() async throws {
        try await BrokerBench.run { broker in
            let user = Data(#"{"user_id":"683ea748","token":"hidden-word","groups":["a"]}"#.utf8).base64EncodedString()
            let reply = try await broker.call(
                .put, "service_instances/nothing", "{}",
                headers: [
                    "X-Broker-API-Originating-Identity": "cloudfoundry \(user)",
                    "X-Broker-API-Request-Identity": "e26cee84-6b38",
                ])
            #expect(reply.status == 400)
            #expect(reply.headers[try #require(HTTPField.Name("X-Broker-API-Request-Identity"))] == "e26cee84-6b38")
            let entry = try #require(await broker.bench.platform.audit.last(1).first)
            #expect(entry.identity == "cloudfoundry 683ea748" && entry.request == "e26cee84-6b38")
            #expect(entry.token == "broker/platform" && !"\(entry)".contains("hidden-word"))
            for identity in ["cloudfoundry", "cloudfoundry !!!", "a b c", "x eyJ"] {
                let headers = ["X-Broker-API-Originating-Identity": identity]
                #expect(try await broker.call(.get, "catalog", headers: headers).status == 200, "\(identity)")
            }
        }
    }

    @Test("what nobody answers is told in the broker's shape")
    func unknown() async throws {
        try await BrokerBench.run { broker in
            let path = try await broker.call(.get, "nothing")
            #expect(path.status == 404)
            #expect(try broker.error(path) == "UnknownRequest")
            let method = try await broker.call(.post, "catalog", "{}")
            #expect(method.status == 405)
            #expect(try broker.error(method) == "MethodNotAllowed")
        }
    }

    @Test("the catalog has every offering with its plans, their ids, schemas and versions")
    func catalog() async throws {
        try await BrokerBench.run { broker in
            let reply = try await broker.call(.get, "catalog")
            let services = try #require(try BrokerBench.fields(reply)["services"] as? [[String: Any]])
            let service = try #require(services.first)
            #expect(services.count == 1 && service["name"] as? String == "kv")
            #expect(try service["id"] as? String == broker.service)
            #expect(service["bindable"] as? Bool == true)
            for flag in ["instances_retrievable", "bindings_retrievable", "plan_updateable"] {
                #expect(service[flag] as? Bool == true, "\(flag)")
            }
            #expect(service["allow_context_updates"] as? Bool == false && service["requires"] as? [String] == [])
            #expect(service["tags"] as? [String] == ["kv", "cache"])
            let metadata = try #require(service["metadata"] as? [String: Any])
            #expect(metadata["displayName"] as? String == "Key and value")
            #expect(metadata["documentationUrl"] as? String == "https://example.org/kv")
            let plans = try #require(service["plans"] as? [[String: Any]])
            #expect(plans.map { $0["name"] as? String } == ["small", "large"])
            let plan = try #require(plans.first)
            #expect(try plan["id"] as? String == broker.plan())
            #expect(plan["free"] as? Bool == true)
            #expect((plan["maintenance_info"] as? [String: Any])?["version"] as? String == "1.0.0")
            #expect(plan["maximum_polling_duration"] as? Int ?? 0 > 60)
            let schemas = try #require(plan["schemas"] as? [String: [String: [String: [String: Any]]]])
            let create = try #require(schemas["service_instance"]?["create"]?["parameters"])
            #expect(create["$schema"] as? String == "http://json-schema.org/draft-04/schema#")
            let properties = try #require(create["properties"] as? [String: [String: Any]])
            #expect(properties["connections"]?["minimum"] as? Int == 10)
            #expect(properties["connections"]?["default"] as? Int == 50)
            #expect(schemas["service_instance"]?["update"] != nil && schemas["service_binding"]?["create"] != nil)
            try await broker.bench.install(BrokerBench.manifest(version: "1.1.0"))
            let next = try await broker.call(.get, "catalog")
            #expect(next.text.contains(#""version":"1.1.0""#) && !next.text.contains(#""version":"1.0.0""#))
        }
    }
}
