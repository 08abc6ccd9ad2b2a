import Foundation
import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryServer

@Suite("Checks, as manifests, images and processes say them")
struct HealthTests {
    private func read(_ fields: String) throws -> PushRequest {
        let text = "applications: [{name: demo, image: redis, \(fields)}]"
        return try #require(try ManifestReader.read(Array(text.utf8), contentType: nil, domains: [:]).first)
    }

    @Test("a manifest has Cloud Foundry's fields, and groups of ours that say the same")
    func manifest() throws {
        let theirs = try read(
            """
            health-check-type: http, health-check-http-endpoint: /up, health-check-invocation-timeout: 2, \
            health-check-interval: 5, timeout: 90, readiness-health-check-type: http, \
            readiness-health-check-http-endpoint: /ready, readiness-health-check-invocation-timeout: 1, \
            readiness-health-check-interval: 3
            """)
        let liveness = HealthRequest(
            kind: .http, path: "/up", startPeriodMilliseconds: 90_000, intervalMilliseconds: 5_000,
            timeoutMilliseconds: 2_000)
        let readiness = HealthRequest(
            kind: .http, path: "/ready", intervalMilliseconds: 3_000, timeoutMilliseconds: 1_000)
        #expect(theirs.health == liveness && theirs.readiness == readiness)
        let ours = try read(
            """
            health-check: {type: http, http-endpoint: /up, start-period: 90s, interval: 5s, timeout: 2s}, \
            readiness-health-check: {type: http, http-endpoint: /ready, interval: 3s, timeout: 1s}
            """)
        #expect(ours.health == liveness && ours.readiness == readiness)
        let command = try read("health-check-command: test -e /up, readiness-health-check: {command: test -e /ready}")
        #expect(command.health.command == "test -e /up" && command.readiness.command == "test -e /ready")
    }

    @Test(
        "what is said twice, or in the wrong place, is refused",
        arguments: [
            ("health-check-type: http, health-check: {type: port}", "health-check.type"),
            ("timeout: 60, health-check: {start-period: 60s}", "timeout"),
            ("health-check-interval: 1, health-check: {interval: 1s}", "health-check.interval"),
            ("readiness-health-check: {type: soon}", "soon"), ("health-check: {path: /up}", "path"),
        ])
    func twice(_ fields: String, _ words: String) throws {
        let error = try #require(throws: FoundryError.self) { try read(fields) }
        #expect(error.message.contains(words), "\(error)")
    }

    private func image(_ health: String) throws -> ImageHealthCheck? {
        let document = """
            {"architecture":"\(OCIDocuments.architecture)","os":"linux","rootfs":{"type":"layers","diff_ids":["\(ImageFixture.digest(2))"]},
            "config":{"Cmd":["/tool"],"Healthcheck":\(health)}}
            """
        let manifest = """
            {"layers":[{"mediaType":"application/vnd.oci.image.layer.v1.tar+zstd","digest":"\(ImageFixture.digest(3))","size":1}]}
            """
        return try ResolvedImage(
            reference: #require(ImageReference(parsing: "tool")), name: "tool:1", source: .bundled,
            digest: ImageFixture.digest(1),
            manifest: OCIDocuments.decode(OCIDocuments.Manifest.self, from: Data(manifest.utf8)),
            image: OCIDocuments.decode(OCIDocuments.Image.self, from: Data(document.utf8))
        ).configuration.health
    }

    @Test("an image's HEALTHCHECK is read in each of its forms")
    func healthcheck() throws {
        #expect(
            try image(
                #"{"Test":["CMD-SHELL","curl -f http://localhost/ || exit 1"],"Interval":5000000000,"Timeout":500000000,"StartPeriod":1,"Retries":5}"#
            )
                == ImageHealthCheck(
                    command: ["/bin/sh", "-c", "curl -f http://localhost/ || exit 1"], intervalMilliseconds: 5_000,
                    timeoutMilliseconds: 500, startPeriodMilliseconds: 1, retries: 5))
        #expect(
            try image(#"{"Test":["CMD","/check","-q"],"Interval":0,"Retries":0}"#)
                == ImageHealthCheck(command: ["/check", "-q"]))
        #expect(try image(#"{"Test":["NONE"]}"#) == ImageHealthCheck(command: []))
        for nothing in ["null", "{}", #"{"Test":[]}"#, #"{"Test":null,"Interval":5000000000}"#] {
            #expect(try image(nothing) == nil, "\(nothing)")
        }
        for strange in [#"{"Test":["CMD"]}"#, #"{"Test":["RUN","x"]}"#, #"{"Test":["CMD-SHELL","a","b"]}"#] {
            let error = try #require(throws: FoundryError.self) { try image(strange) }
            #expect(error.code == .imageUnsupported && error.message.contains("health check"))
        }
    }

    @Test("a process shows its checks, and takes others without a restart")
    func process() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            func check(_ object: [String: Any], _ name: String) throws -> (type: String?, data: [String: Any]) {
                let check = try #require(object[name] as? [String: Any])
                return (check["type"] as? String, check["data"] as? [String: Any] ?? [:])
            }
            let before = try await bench.object("/v3/processes/\(guid)")
            #expect(try check(before, "health_check").type == "port")
            #expect(try check(before, "readiness_health_check").type == "process")
            let reply = try await bench.call(
                .patch, "/v3/processes/\(guid)",
                """
                {"health_check": {"type": "http", "data": {"endpoint": "/up", "timeout": 90, "invocation_timeout": 2, "interval": null}},
                 "readiness_health_check": {"type": "command", "data": {"command": "test -e /ready"}}}
                """)
            #expect(reply.status == 200, "\(reply.text)")
            let after = try await bench.object("/v3/processes/\(guid)")
            let (type, data) = try check(after, "health_check")
            #expect(type == "http" && data["endpoint"] as? String == "/up" && data["timeout"] as? Int == 90)
            #expect(data["invocation_timeout"] as? Int == 2)
            let ready = try check(after, "readiness_health_check")
            #expect(ready.type == "command" && ready.data["command"] as? String == "test -e /ready")
            let app = try #require(bench.platform.view.apps.values.first?.value)
            #expect(app.generation == 1)
            #expect(bench.platform.view.events.contains { $0.kind == .appHealthChanged })
            let wrong = try await bench.call(
                .patch, "/v3/processes/\(guid)", #"{"health_check": {"type": "http", "data": {"endpoint": "up"}}}"#)
            #expect(wrong.status == 422 && wrong.error?.message.contains("'up'") == true, "\(wrong.text)")
            let strange = try await bench.call(.patch, "/v3/processes/\(guid)", #"{"command": "x"}"#)
            #expect(strange.status >= 400 && strange.status < 500)
            let none = try await bench.call(.patch, "/v3/processes/none", "{}")
            #expect(none.status == 404)
        }
    }
}
