import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird
import Testing

@testable import FoundryServer

@Suite("Tokens by name", .timeLimit(.minutes(2)))
struct TokenTests {
    @Test("are told once, open the API, and open nothing once they are revoked")
    func life() async throws {
        try await Bench.run { bench in
            let made = try await bench.token(#"{"name":"deploy"}"#)
            let secret = try #require(made.token)
            #expect(
                secret.hasPrefix("foundry_") && secret.count == 72 && !made.isReadOnly && made.createdBy == "operator")
            #expect(try await bench.call(.get, "/v3/apps", token: secret).status == 200)
            let listed = try await bench.call(.get, "/foundry/v1/tokens", token: secret)
            #expect(!listed.text.contains(secret) && listed.text.contains("deploy"))
            for value in try await bench.store.list(prefix: "").values {
                #expect(!String(decoding: value.value, as: UTF8.self).contains(secret.dropFirst(8)), "\(value.key)")
            }
            #expect(try await bench.call(.delete, "/foundry/v1/tokens/deploy").status == 204)
            #expect(try await bench.call(.get, "/v3/apps", token: secret).status == 401)
            #expect(try await bench.call(.delete, "/foundry/v1/tokens/deploy").error?.code == .notFound)
            #expect(bench.platform.view.events.suffix(2).map(\.kind) == [.tokenCreated, .tokenRevoked])
        }
    }

    @Test("one that only reads changes nothing, and sees no credentials")
    func readOnly() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let secret = try #require(try await bench.token(#"{"name":"grafana","is_read_only":true}"#).token)
            for path in ["/v3/apps", "/metrics", "/foundry/v1/usage", "/foundry/v1/audit", "/foundry/v1/tokens"] {
                #expect(try await bench.call(.get, path, token: secret).status == 200, "\(path)")
            }
            for endpoint in ServerParts.apiEndpoints(bench.platform, try Bench.gate)
            where endpoint.method != .get || endpoint.isSecret {
                let path = endpoint.pattern.split(separator: "/").map { $0.hasPrefix(":") ? guid : String($0) }
                let reply = try await bench.call(
                    endpoint.method, "/" + path.joined(separator: "/"), "{}", token: secret)
                // The broker has credentials of its own, and takes no token at all.
                if BrokerHead.isNeeded(endpoint.pattern) {
                    #expect(reply.status == 401, "\(endpoint.pattern): \(reply.text)")
                } else {
                    #expect(
                        reply.status == 403 && reply.error?.code == .forbidden, "\(endpoint.pattern): \(reply.text)")
                }
            }
            #expect(bench.platform.view.apps.count == 1 && bench.platform.view.tokens.count == 1)
            #expect(try await bench.page(password: secret).status == 200)
        }
    }

    @Test("one that has ended opens nothing, and what is asked wrongly makes none")
    func odd() async throws {
        try await Bench.run { bench in
            let wrong: [(String, ErrorCode)] = [
                ("{}", .nameInvalid), (#"{"name":"A b"}"#, .nameInvalid), (#"{"name":"operator"}"#, .nameTaken),
                (#"{"name":"x","expires_in_seconds":0}"#, .badRequest),
                (#"{"name":"x","expires_in_seconds":9223372036854775807}"#, .badRequest),
                (#"{"name":"x","nmae":1}"#, .unknownField), (#"{"name":1}"#, .wrongType), ("{", .notJSON),
            ]
            for (body, code) in wrong {
                #expect(try await bench.call(.post, "/foundry/v1/tokens", body).error?.code == code, "\(body)")
            }
            #expect(bench.platform.view.tokens.isEmpty)
            let secret = try #require(try await bench.token(#"{"name":"short","expires_in_seconds":1}"#).token)
            #expect(try await bench.call(.post, "/foundry/v1/tokens", #"{"name":"short"}"#).error?.code == .nameTaken)
            try await bench.eventually("it ends") {
                try await bench.call(.get, "/v3/apps", token: secret).status == 401
            }
            let listed: ListAnswer<TokenSummary> = try await bench.get("/foundry/v1/tokens")
            #expect(listed.resources.map(\.isExpired) == [true])
            #expect(try await bench.call(.delete, "/foundry/v1/tokens/operator").error?.code == .badRequest)
        }
    }

    @Test("there are so many, and no more")
    func bounded() throws {
        var view = PlatformView()
        var generator = SystemRandomNumberGenerator()
        let now = Timestamp(millisecondsSince1970: 0)
        for number in 0..<TokenRule.most {
            let plan = try TokenRule.create(
                "t\(number)", hash: "", isReadOnly: true, life: nil, by: "operator", view: view, now: now,
                using: &generator)
            view.put(.token(plan.record), revision: Int64(number))
        }
        let full = view
        #expect(throws: FoundryError.self) {
            try TokenRule.create(
                "more", hash: "", isReadOnly: true, life: nil, by: "operator", view: full, now: now, using: &generator)
        }
    }
}

@Suite("The audit log", .timeLimit(.minutes(2)))
struct AuditTests {
    @Test("says who changed what, with the app and the outcome, and never a body, a query or a token")
    func told() async throws {
        try await Bench.run { bench in
            let secret = try #require(try await bench.token(#"{"name":"deploy"}"#).token)
            let manifest =
                "applications:\n- {name: demo, image: redis, disk: 1G, env: {PASSWORD: hunter2}}\n"
            let push = try await bench.call(
                .post, "/v3/spaces/default/actions/apply_manifest", manifest, token: secret)
            #expect(push.status == 202)
            let guid = try #require(bench.platform.view.apps.keys.first).description
            _ = try await bench.call(.get, "/v3/apps", token: secret)
            _ = try await bench.call(.get, "/foundry/v1/apps/\(guid)/credentials", token: secret)
            _ = try await bench.call(.delete, "/v3/apps/\(guid)?purge=true", token: secret)
            _ = try await bench.call(.post, "/v3/apps/none/actions/stop?password=hunter3", token: secret)
            let audit: ListAnswer<AuditEntry> = try await bench.get("/foundry/v1/audit")
            let rows = audit.resources.map { entry in
                [entry.token ?? "none", entry.method, entry.app ?? "-", "\(entry.status)", entry.error ?? ""]
            }
            #expect(
                rows == [
                    ["operator", "POST", "-", "201", ""], ["deploy", "POST", "demo", "202", ""],
                    ["deploy", "GET", "demo", "404", "not_found"], ["deploy", "DELETE", "demo", "202", ""],
                    ["deploy", "POST", "-", "400", "bad_request"],
                ])
            #expect(bench.platform.view.events.first { $0.kind == .appPushed }?.actor == "deploy", "events say so, too")
            #expect(bench.platform.view.events.first { $0.kind == .appDeleted }?.actor == "deploy")
            let text = try String(contentsOfFile: bench.platform.paths.audit, encoding: .utf8)
            for word in ["hunter", secret, Bench.token, "purge"] { #expect(!text.contains(word)) }
            let mode = try FileManager.default.attributesOfItem(atPath: bench.platform.paths.audit)[.posixPermissions]
            #expect(mode as? Int == 0o600)
        }
    }

    @Test("a flood of strangers drives nothing out: a few a minute are written down, the others counted")
    func strangers() async throws {
        try await AuditTests.run { log, path in
            let minute: Int64 = 60_000
            for number in 0..<100 { await log.write(entry(nil, "/\(number)"), now: time(Int64(number))) }
            await log.write(entry("deploy", "/done"), now: time(200))
            await log.write(entry(nil, "/later"), now: time(minute + 1))
            let entries = await log.last(1000)
            #expect(entries.count == AuditLog.mostStrangers + 2)
            #expect(entries.last?.leftOut == 90 && entries.last?.path == "/later")
        }
    }

    @Test("is bounded by rotation, newest last, and goes on after a line that was cut off")
    func rotated() async throws {
        try await AuditTests.run { log, path in
            for number in 0..<500 { await log.write(entry("deploy", "/\(number)"), now: time(0)) }
            let files = try FileManager.default.contentsOfDirectory(
                atPath: (path as NSString).deletingLastPathComponent)
            #expect(files.count == AuditLog.olderFiles + 1)
            for file in files {
                let size = try FileManager.default.attributesOfItem(
                    atPath: (path as NSString).deletingLastPathComponent + "/" + file)[.size]
                #expect(try #require(size as? Int) <= 4096)
            }
            let last = await log.last(60).map(\.path)
            #expect(last == (440..<500).map { "/\($0)" })
            let file = try #require(FileHandle(forWritingAtPath: path))
            try file.seekToEnd()
            try file.write(contentsOf: Data("{\"half".utf8))
            try file.close()
            let again = AuditLog(path: path, limit: 4096, logger: .init(label: "test"))
            await again.write(entry("deploy", "/after"), now: time(0))
            #expect(await again.last(2).map(\.path) == ["/499", "/after"])
        }
    }

    private static func run(_ body: (AuditLog, String) async throws -> Void) async throws {
        let directory = "/var/tmp/foundry-audit-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let path = "\(directory)/audit.log"
        try await body(AuditLog(path: path, limit: 4096, logger: .init(label: "test")), path)
    }

    private func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private func entry(_ token: String?, _ path: String) -> AuditEntry {
        AuditEntry(
            time: WireTime(Timestamp(millisecondsSince1970: 0)), token: token, method: "POST", path: path, app: nil,
            status: token == nil ? 401 : 200, error: token == nil ? "unauthenticated" : nil)
    }
}

extension Bench {
    func token(_ body: String) async throws -> TokenSummary {
        let reply = try await call(.post, "/foundry/v1/tokens", body)
        #expect(reply.status == 201, "\(reply.text)")
        return try reply.decoded()
    }
}
