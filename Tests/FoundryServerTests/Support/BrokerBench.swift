import Foundation
import FoundryClient
import FoundryModel
import FoundryRules
import HTTPTypes
import Testing

@testable import FoundryServer

/// A platform with a release, and a client of its broker.
struct BrokerBench: Sendable {
    let bench: Bench
    let name: String
    let password: String

    static func run(
        _ manifest: ReleaseManifest? = nil, _ make: Bench.Make = .memory,
        _ body: @escaping @Sendable (BrokerBench) async throws -> Void
    ) async throws {
        try await Bench.run(make) { bench in
            try await bench.install(manifest ?? Self.manifest())
            try await body(try await bench.broker("platform"))
        }
    }

    static func manifest(
        version: String = "1.0.0", users: Bool = true, tls: Bool = false, plans: [String] = ["small", "large"]
    ) -> ReleaseManifest {
        ReleaseManifest(
            name: AppName("kv")!, version: ReleaseVersion(version)!, title: "Key and value",
            description: "Keeps values.", documentation: "https://example.org/kv", tags: ["kv", "cache"],
            image: .local("redis:7"), port: 6_379, data: "/data", tls: tls, secrets: ["admin"],
            health: ReleaseCheck(.port),
            plans: plans.enumerated().map { place, name in
                ReleasePlan(
                    name: PlanName(name)!, description: "A \(name) one.", memory: .megabytes(64 * (Int64(place) + 1)),
                    cpu: Millicores(500), disk: .megabytes(100 * (Int64(place) + 1)),
                    policy: ReleasePolicy(ioPerformance: "low"))
            },
            parameters: [
                ReleaseParameter(
                    name: "connections", kind: .integer(minimum: 10, maximum: 100), defaultValue: .integer(50),
                    description: "At once."),
                ReleaseParameter(
                    name: "label", kind: .text(longest: 10), defaultValue: .text(""), needsRestart: false),
            ],
            binding: ReleaseBinding(
                parameters: [
                    ReleaseParameter(name: "access", kind: .choice(["rw", "ro"]), defaultValue: .text("rw"))
                ], hasUsers: users,
                credentials: [
                    "uri": "kv://{{user}}:{{password}}@{{host}}:{{port}}/?{{access}}", "port": "{{port}}",
                    "ca": "{{tls_ca}}",
                ]), verbs: users ? ["bind", "unbind"] : [])
    }

    var release: ReleaseRecord { get throws { try #require(bench.platform.view.offerings.first) } }
    var service: String { get throws { try release.offering.description } }
    func plan(_ name: String = "small") throws -> String { try #require(try release.plans[name]).description }

    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, version: String? = "2.17",
        headers more: [String: String] = [:], password: String? = nil
    ) async throws -> Reply {
        var headers: HTTPFields = [:]
        headers[.authorization] = "Basic " + Data("\(name):\(password ?? self.password)".utf8).base64EncodedString()
        if let version { headers[try #require(HTTPField.Name("X-Broker-API-Version"))] = version }
        for (name, value) in more { headers[try #require(HTTPField.Name(name))] = value }
        return try await bench.call(
            method, "/v2/\(path)", bytes: body.map { Array($0.utf8) }, type: body.map { _ in "application/json" },
            token: nil, headers: headers)
    }

    /// - Parameter more: of the body: `,"parameters":{}`
    func provision(
        _ id: String, plan: String = "small", _ more: String = "", patient: Bool = true
    ) async throws -> Reply {
        let body = """
            {"service_id":"\(try service)","plan_id":"\(try self.plan(plan))","organization_guid":"o",\
            "space_guid":"s"\(more)}
            """
        return try await call(
            .put, "service_instances/\(id)\(patient ? "?accepts_incomplete=true" : "")", body)
    }

    /// Until it serves.
    func provisioned(_ id: String, plan: String = "small", _ more: String = "") async throws {
        let reply = try await provision(id, plan: plan, more)
        #expect(reply.status == 202, "\(reply.text)")
        #expect(try await settled(id) == "succeeded")
    }

    func update(_ id: String, _ more: String, patient: Bool = true) async throws -> Reply {
        try await call(
            .patch, "service_instances/\(id)\(patient ? "?accepts_incomplete=true" : "")",
            #"{"service_id":"\#(try service)"\#(more)}"#)
    }

    func bind(
        _ id: String, to instance: String, _ more: String = "", patient: Bool = false
    ) async throws -> Reply {
        try await call(
            .put,
            "service_instances/\(instance)/service_bindings/\(id)\(patient ? "?accepts_incomplete=true" : "")",
            #"{"service_id":"\#(try service)","plan_id":"\#(try plan())"\#(more)}"#)
    }

    func remove(_ path: String, patient: Bool = true) async throws -> Reply {
        let end = patient ? "&accepts_incomplete=true" : ""
        return try await call(
            .delete, "service_instances/\(path)?service_id=\(try service)&plan_id=\(try plan())\(end)")
    }

    /// The state at the end of the last operation, or `gone`.
    func settled(_ path: String) async throws -> String {
        for _ in 0..<500 {
            let reply = try await call(.get, "service_instances/\(path)/last_operation?operation=any")
            if reply.status == 410 { return "gone" }
            let state = try Self.fields(reply)["state"] as? String ?? reply.text
            if state != "in progress" { return state }
            #expect(reply.headers[try #require(HTTPField.Name("Retry-After"))] == "1")
            try await Task.sleep(for: .milliseconds(10))
        }
        return "in progress"
    }

    static func fields(_ reply: Reply) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: reply.body) as? [String: Any], "\(reply.text)")
    }

    func error(_ reply: Reply) throws -> String? { try Self.fields(reply)["error"] as? String }
}

extension Bench {
    func install(_ manifest: ReleaseManifest) async throws {
        let image = try await platform.images.resolve("redis:7").image
        try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let plan = try ReleaseVerbs.install(
                manifest, image: image, digest: "sha256:\(manifest.version)", signer: nil, by: "ci", view: view,
                now: Timestamp(millisecondsSince1970: 1_700_000_000_000), using: &generator)
            return Change(name: plan.name, subject: "release", writes: plan.writes, answer: ())
        }
    }

    func broker(_ name: String) async throws -> BrokerBench {
        let reply = try await call(.post, "/foundry/v1/broker_credentials", #"{"name":"\#(name)"}"#)
        #expect(reply.status == 201, "\(reply.text)")
        let made: BrokerCredentialSummary = try reply.decoded()
        return BrokerBench(bench: self, name: name, password: try #require(made.password))
    }
}
