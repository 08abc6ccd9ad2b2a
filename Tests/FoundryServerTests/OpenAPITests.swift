import Foundation
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("The API's description of itself")
struct OpenAPITests {
    @Test("has every path and method, and no other")
    func complete() async throws {
        try await Bench.run { bench in
            let answered = ServerParts.apiEndpoints(bench.platform, try Bench.gate)
                .map { "\($0.method.rawValue) \($0.pattern)" }
            #expect(Operations.all.map(\.call).sorted() == answered.sorted())
            let open = ServerParts.apiEndpoints(bench.platform, try Bench.gate).filter(\.isOpen).map(\.pattern)
            #expect(Operations.all.filter(\.isOpen).map { String($0.call.dropFirst(4)) }.sorted() == open.sorted())
        }
    }

    @Test("says of each answer just what is in it")
    func answers() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let volume = try #require(bench.platform.view.volumes.keys.first)
            try await bench.measure(volume, cpu: 1, flushes: 1)
            _ = try await bench.token(#"{"name":"grafana","expires_in_seconds":60}"#)
            _ = try await bench.drain(guid, "syslog://127.0.0.1:1")
            _ = try await bench.snapshot(guid)
            let job = try #require(bench.platform.view.jobs.keys.first)
            try await bench.install(BrokerBench.manifest())
            let release = try #require(bench.platform.view.offerings.first)
            let plan = try #require(release.plans["small"]).description
            let instance = try await bench.createService("db", plan: plan)
            let key = try await bench.createKey("reporting", of: instance)
            let ids = [
                "/v3/jobs": "\(job)", "/v3/organizations": "default", "/v3/spaces": "default",
                "/v3/service_offerings": "\(release.offering)", "/v3/service_plans": plan,
                "/v3/service_instances": instance, "/v3/service_credential_bindings": key, "/services": instance,
                "/foundry/v1/releases": "kv", "/v3/feature_flags": "service_instance_sharing",
            ]
            let document = try await bench.call(.get, "/foundry/v1/openapi.json")
            let checker = SchemaChecker(try JSONSerialization.jsonObject(with: document.body))
            var checked = 0
            for operation in Operations.all
            where operation.call.hasPrefix("GET ") && operation.answer.type == "application/json" {
                let pattern = operation.call.dropFirst(4)
                // Of the broker others tell.
                if pattern.hasPrefix("/v2/") { continue }
                // What a pushed Redis has nothing of.
                if ["/v3/apps/:guid/droplets/current", "/foundry/v1/apps/:guid/credentials"].contains(pattern) {
                    continue
                }
                let id = ids.first { pattern.hasPrefix($0.key + "/") }?.value ?? guid
                let asked = pattern.replacing(":guid", with: id).replacing(":name", with: id)
                let reply = try await bench.call(.get, String(asked))
                #expect(reply.status == operation.answer.status, "\(pattern): \(reply.text)")
                let value = try JSONSerialization.jsonObject(with: reply.body)
                let path = String(
                    pattern.replacing(":guid", with: "{guid}").replacing(":name", with: "{name}"))
                #expect(checker.problems(value, at: path, "get", reply.status) == [], "\(pattern)")
                checked += 1
            }
            #expect(checked > 25)
            let refused = try await bench.call(.get, "/v3/apps/none")
            let value = try JSONSerialization.jsonObject(with: refused.body)
            #expect(checker.problems(value, at: "/v3/apps/{guid}", "get", nil) == [])
            #expect(checker.problems(["errors": 1], at: "/v3/apps/{guid}", "get", nil) == [".errors is no array"])
        }
    }
}

/// Holds answers against a document of OpenAPI: types, what must be there, and nothing that is not named.
private struct SchemaChecker: @unchecked Sendable {
    private let document: [String: Any]

    init(_ document: Any) { self.document = document as? [String: Any] ?? [:] }

    /// - Parameter status: nil for an error.
    func problems(_ value: Any, at path: String, _ method: String, _ status: Int?) -> [String] {
        let answers = dig(document, ["paths", path, method, "responses"]) as? [String: Any]
        let answer = answers?[status.map { "\($0)" } ?? "default"]
        guard let schema = dig(answer, ["content", "application/json", "schema"]) else { return ["there is no schema"] }
        return problems(value, schema, "")
    }

    private func problems(_ value: Any, _ schema: Any, _ place: String) -> [String] {
        var schema = schema as? [String: Any] ?? [:]
        if value is NSNull { return schema["nullable"] as? Bool == true ? [] : ["\(place) is null"] }
        if let all = schema["allOf"] as? [[String: Any]], let first = all.first { schema = first }
        if let name = (schema["$ref"] as? String)?.split(separator: "/").last {
            schema = dig(document, ["components", "schemas", String(name)]) as? [String: Any] ?? [:]
        }
        switch schema["type"] as? String {
        case "object": return fields(value, schema, place)
        case "array":
            guard let items = value as? [Any] else { return ["\(place) is no array"] }
            return items.flatMap { problems($0, schema["items"] ?? [:], place + "[]") }
        case "string":
            guard let text = value as? String else { return ["\(place) is no string"] }
            let words = schema["enum"] as? [String]
            return words?.contains(text) == false ? ["\(place) is none of its words: \(text)"] : []
        case "boolean", "integer", "number": return value is NSNumber ? [] : ["\(place) is no number"]
        default: return schema.isEmpty || schema["anyOf"] != nil ? [] : ["\(place) has no type"]
        }
    }

    private func fields(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        guard let fields = value as? [String: Any] else { return ["\(place) is no object"] }
        let named = schema["properties"] as? [String: Any] ?? [:]
        let missing = (schema["required"] as? [String] ?? []).filter { fields[$0] == nil }.map {
            "\(place).\($0) is missing"
        }
        // An object of which nothing is said may hold anything.
        if schema["properties"] == nil, schema["additionalProperties"] == nil { return [] }
        return missing
            + fields.flatMap { name, value in
                guard let inner = named[name] ?? schema["additionalProperties"] else {
                    return ["\(place).\(name) is not named"]
                }
                return problems(value, inner, "\(place).\(name)")
            }
    }

    private func dig(_ value: Any?, _ path: [String]) -> Any? {
        path.reduce(value) { ($0 as? [String: Any])?[$1] }
    }
}
