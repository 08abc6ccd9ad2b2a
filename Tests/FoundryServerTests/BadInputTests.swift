import Foundation
import FoundryClient
import FoundryModel
import Hummingbird
import Testing

@testable import FoundryServer

@Suite("Bad input is refused with code, message and hint, quickly, and nothing changes", .timeLimit(.minutes(2)))
struct BadInputTests {
    struct Case: CustomTestStringConvertible, Sendable {
        var name: String
        var manifest: String
        var code: ErrorCode
        var status = 422
        var says: String
        var hints: String?

        var testDescription: String { name }
    }

    static let cases: [Case] = [
        Case(
            name: "an unknown image", manifest: app("image: rediss\n  disk: 1G"), code: .imageUnknown, says: "rediss",
            hints: "redis"),
        Case(
            name: "a registry that does not answer", manifest: app("image: 127.0.0.1:1/team/thing"),
            code: .imageUnreachable, says: "127.0.0.1:1"),
        Case(
            name: "an image's name that is none", manifest: app("image: 'Redis !'"), code: .imageInvalid,
            says: "Redis !"),
        Case(
            name: "no image", manifest: app("memory: 64"), code: .imageInvalid, says: "applications[0]", hints: "image:"
        ),
        Case(name: "an impossible size", manifest: app("image: redis\n  disk: -5"), code: .sizeInvalid, says: "-5"),
        Case(
            name: "a size past every disk", manifest: app("image: redis\n  disk: 900000T"), code: .sizeInvalid,
            says: "outside"),
        Case(
            name: "a disk larger than the pool", manifest: app("image: redis\n  disk: 2T"), code: .poolFull,
            says: "pool"),
        Case(
            name: "memory that no cell has", manifest: app("image: redis\n  disk: 1G\n  memory: 900G"),
            code: .capacityShort, says: "memory"),
        Case(
            name: "an odd name", manifest: app("image: redis\n  disk: 1G", name: "'../../etc'"), code: .nameInvalid,
            says: "../../etc"),
        Case(
            name: "a name in capitals", manifest: app("image: redis\n  disk: 1G", name: "Demo"), code: .nameInvalid,
            says: "Demo"),
        Case(
            name: "a name of 64 letters",
            manifest: app("image: redis\n  disk: 1G", name: String(repeating: "a", count: 64)), code: .nameInvalid,
            says: "63"),
        Case(
            name: "a number as a name", manifest: app("image: redis\n  disk: 1G", name: "12"), code: .wrongType,
            says: "applications[0].name"),
        Case(
            name: "a port out of range", manifest: app("image: redis\n  disk: 1G\n  port: 80"), code: .portInvalid,
            says: "20000 to 20009"),
        Case(
            name: "a port in use", manifest: app("image: redis\n  disk: 1G\n  port: 20000"), code: .portTaken,
            says: "taken"),
        Case(
            name: "a smaller disk for an app that exists", manifest: app("image: redis\n  disk: 16M", name: "taken"),
            code: .conflict, status: 409, says: "cannot become smaller"),
        Case(
            name: "two apps of one name",
            manifest:
                "applications:\n- {name: a, image: redis, disk: 1G}\n- {name: a, image: redis, disk: 1G, port: 20005}\n",
            code: .nameTaken, says: "'a'"),
        Case(
            name: "an unknown policy", manifest: app("image: redis\n  disk: 1G\n  restart-policy: consistant"),
            code: .policyUnknown, says: "consistant", hints: "consistent"),
        Case(
            name: "a volume and no disk", manifest: app("image: redis"), code: .diskRequired, says: "/data",
            hints: "--disk"),
        Case(
            name: "a disk and no place for it", manifest: app("image: tool\n  disk: 1G"), code: .diskUnused,
            says: "VOLUME", hints: "--mount"),
        Case(
            name: "a mount that is no path", manifest: app("image: redis\n  disk: 1G\n  mount: data"),
            code: .mountInvalid, says: "data"),
        Case(
            name: "a mount over the system", manifest: app("image: redis\n  disk: 1G\n  mount: /etc"),
            code: .mountInvalid, says: "/etc"),
        Case(
            name: "no instance", manifest: app("image: redis\n  disk: 1G\n  instances: 0"), code: .sizeInvalid,
            says: "--instances", hints: "foundry stop"),
        Case(
            name: "an unknown field", manifest: app("image: redis\n  dsik: 1G"), code: .unknownField,
            says: "applications[0].dsik", hints: "disk"),
        Case(
            name: "an unknown field at the top", manifest: "applicatons: []\n", code: .unknownField,
            says: "applicatons", hints: "applications"),
        Case(
            name: "a field of another platform", manifest: app("image: redis\n  disk: 1G\n  buildpacks: [x]"),
            code: .unknownField, says: "buildpacks"),
        Case(
            name: "a wrong type", manifest: app("image: redis\n  disk: [1]"), code: .wrongType,
            says: "applications[0].disk is a list"),
        Case(
            name: "a text for a flag", manifest: app("image: redis\n  ephemeral: maybe"), code: .wrongType,
            says: "true or false"),
        Case(name: "a list as a manifest", manifest: "[1, 2]", code: .wrongType, says: "manifest"),
        Case(
            name: "a health check that is not done",
            manifest: app("image: redis\n  disk: 1G\n  health-check-type: exec"), code: .healthInvalid, says: "exec"),
        Case(
            name: "a time that is none", manifest: app("image: redis\n  disk: 1G\n  health-check: {interval: soon}"),
            code: .healthInvalid, says: "soon"),
        Case(
            name: "a variable's name", manifest: app("image: redis\n  disk: 1G\n  env: {'A B': x}"),
            code: .environmentInvalid, says: "A B"),
        Case(
            name: "a variable that is a list", manifest: app("image: redis\n  disk: 1G\n  env: {A: [x]}"),
            code: .wrongType, says: "env.A"),
        Case(
            name: "a public route where there is none", manifest: app("image: redis\n  disk: 1G\n  public: true"),
            code: .publicRoutesDisabled, says: "not configured"),
        Case(
            name: "a route of another platform",
            manifest: app("image: redis\n  disk: 1G\n  routes: [{route: a.example.org}]"), code: .portInvalid,
            says: "a.example.org"),
        Case(
            name: "no application", manifest: "applications: []\n", code: .badRequest, status: 400,
            says: "no applications"),
        Case(
            name: "JSON that is none", manifest: "{\"applications\": [", code: .notJSON, status: 400, says: "not JSON"),
        Case(name: "YAML that is none", manifest: "a: [1,\nb: }", code: .notJSON, status: 400, says: "not YAML"),
        Case(
            name: "a body deep as a well", manifest: "a: " + String(repeating: "[", count: 60_000), code: .badRequest,
            status: 400, says: "deep"),
        Case(
            name: "a list in a list in a list", manifest: String(repeating: "- ", count: 900) + "x", code: .badRequest,
            status: 400, says: "deep"),
        Case(
            name: "JSON deep as a well",
            manifest: "{\"a\":" + String(repeating: "[", count: 400) + String(repeating: "]", count: 400) + "}",
            code: .badRequest, status: 400, says: "deep"),
        Case(
            name: "a million values", manifest: "{\"a\":[" + String(repeating: "1,", count: 200_000) + "1]}",
            code: .badRequest, status: 400, says: "values"),
        Case(name: "a laugh of a billion aliases", manifest: laughs, code: .badRequest, status: 400, says: "aliases"),
        Case(name: "a smaller laugh", manifest: smallerLaugh, code: .badRequest, status: 400, says: "values"),
    ]

    @Test("a manifest", arguments: cases)
    func manifest(_ given: Case) async throws {
        try await Bench.run { bench in
            try await bench.push("applications:\n- {name: taken, image: redis, disk: 1G, port: 20000}\n")
            await bench.peers.rest()
            try await bench.settled()
            for path in ["/v3/spaces/default/actions/apply_manifest", "/foundry/v1/spaces/default/plan"] {
                let revision = bench.platform.feed.edition.revision
                let began = ContinuousClock.now
                let reply = try await bench.call(.post, path, given.manifest)
                #expect(ContinuousClock.now - began < .seconds(2), "quickly")
                #expect(reply.status == given.status, "\(reply.text)")
                let error = try #require(reply.error, "\(reply.text)")
                #expect(error.code == given.code, "\(error)")
                #expect(error.message.contains(given.says), "\(error)")
                if let hint = given.hints { #expect(error.hint?.contains(hint) == true, "\(error)") }
                #expect(try await bench.store.list(prefix: "").revision == revision, "nothing changed")
            }
        }
    }

    @Test("a body of 10 MB, of garbage, is 413, with its length told or not")
    func tooLarge() async throws {
        try await Bench.run { bench in
            let garbage = [UInt8](repeating: 0x41, count: 10 << 20)
            for path in ["/v3/spaces/default/actions/apply_manifest", "/v3/apps/x/actions/start"] {
                let reply = try await bench.call(.post, path, bytes: garbage, type: "application/json")
                #expect(reply.status == 413 && reply.error?.code == .bodyTooLarge && reply.error?.hint != nil)
            }
        }
    }

    @Test("no token, a wrong one, one of another scheme: 401, whether the path exists or not")
    func tokens() async throws {
        try await Bench.run { bench in
            for path in ["/v3/apps", "/foundry/v1/status", "/nothing"] {
                for token in [nil, "", "x", Bench.token + "0", String(Bench.token.dropLast())] {
                    let reply = try await bench.call(.get, path, token: token)
                    #expect(
                        reply.status == 401 && reply.error?.code == .unauthenticated && reply.error?.hint != nil,
                        "\(reply.text)")
                    #expect(reply.headers[.wwwAuthenticate] == "Bearer")
                }
            }
            for path in ["/", "/v3", "/v3/info"] { #expect(try await bench.call(.get, path, token: nil).status == 200) }
        }
    }

    @Test("an unknown path is 404 in Cloud Foundry's words, a wrong method 405, a strange query 400")
    func paths() async throws {
        try await Bench.run { bench in
            let unknown = try await bench.call(.get, "/v3/builds")
            #expect(unknown.status == 404 && unknown.error?.message == "Unknown request")
            let method = try await bench.call(.put, "/v3/apps")
            #expect(method.status == 405 && method.headers[.allow] == "GET")
            #expect(try await bench.call(.get, "/v3/apps/none").error?.message == "App not found")
            #expect(try await bench.call(.get, "/v3/processes/none").error?.message == "Process not found")
            for path in [
                "/v3/apps?name=x", "/v3/apps?per_page=0", "/v3/apps?per_page=5001", "/v3/apps?page=x",
                "/v3/apps?order_by=size", "/v3/apps?names=a&names=b",
                "/v3/apps?include=space", "/v3/jobs/x?wait=61", "/foundry/v1/events?limit=x", "/foundry/v1/apps?x=y",
                "/v3/apps?names=%zz",
                "/v3/apps?names=%ff", "/v3/apps?" + String(repeating: "a", count: 9000),
            ] {
                let reply = try await bench.call(.get, path)
                #expect(reply.status == 400 && reply.error?.code == .badRequest, "\(path.prefix(80)): \(reply.text)")
            }
            #expect(try await bench.call(.get, "/v3/apps?name=x").error?.hint == "did you mean names?")
        }
    }

    @Test("several applications are made together or not at all")
    func allOrNothing() async throws {
        try await Bench.run { bench in
            let reply = try await bench.call(
                .post, "/v3/spaces/default/actions/apply_manifest",
                "applications:\n- {name: good, image: redis, disk: 1G}\n- {name: bad, image: nothing-like-it}\n")
            #expect(reply.error?.code == .imageUnknown)
            #expect(bench.platform.view.apps.isEmpty)
        }
    }

    private static func app(_ rest: String, name: String = "demo") -> String {
        "applications:\n- name: \(name)\n  \(rest)\n"
    }

    private static var laughs: String {
        (0..<9).reduce("a: &l0 [x, x, x]\n") { text, level in
            text + "b\(level): &l\(level + 1) [\(Array(repeating: "*l\(level)", count: 9).joined(separator: ", "))]\n"
        }
    }

    private static var smallerLaugh: String {
        (0..<8).reduce("a: &l0 [x, x, x, x, x, x, x, x, x, x]\n") { text, level in
            text + "b\(level): &l\(level + 1) [\(Array(repeating: "*l\(level)", count: 4).joined(separator: ", "))]\n"
        }
    }
}

extension Bench {
    /// Waits until nothing is written any more.
    func settled() async throws {
        var revision: Int64 = -1
        try await eventually("nothing changes") {
            defer { revision = platform.feed.edition.revision }
            try await Task.sleep(for: .milliseconds(60))
            return revision == platform.feed.edition.revision
        }
    }
}
