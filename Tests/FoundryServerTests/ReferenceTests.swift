import Foundation
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("The reference of the API")
struct ReferenceTests {
    @Test("docs/reference/errors.md is written from the codes; FOUNDRY_WRITE_DOCS=1 writes it")
    func errors() throws {
        let path = Self.path("errors.md")
        if ProcessInfo.processInfo.environment["FOUNDRY_WRITE_DOCS"] != nil {
            try Self.errorReference.write(toFile: path, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == Self.errorReference)
    }

    @Test("docs/reference/api.md names every path and every error")
    func paths() async throws {
        let text = try Self.text("api.md")
        try await Bench.run { bench in
            let cells = CellEndpoints(
                feed: bench.platform.feed, controller: bench.platform.controller, presence: bench.platform.presence,
                usage: bench.platform.usage, execs: bench.platform.execs)
            for endpoint in ServerParts.apiEndpoints(bench.platform, try Bench.gate) + cells.endpoints {
                #expect(
                    text.contains("\(endpoint.method.rawValue) \(endpoint.pattern)"),
                    "\(endpoint.method) \(endpoint.pattern)")
            }
        }
        for code in ErrorCode.allCases { #expect(text.contains("`\(code.rawValue)`"), "\(code.rawValue)") }
    }

    @Test("docs/reference/api.md names every field of every answer")
    func fields() async throws {
        let text = try Self.text("api.md")
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let volume = try #require(bench.platform.view.volumes.keys.first)
            try await bench.measure(volume, cpu: 1, flushes: 1, at: SystemClock.monotonic() + -2_000)
            try await bench.measure(volume, cpu: 2, flushes: 2)
            _ = try await bench.token(#"{"name":"grafana","expires_in_seconds":60}"#)
            _ = try await bench.drain(guid, "syslog://127.0.0.1:1")
            _ = try await bench.snapshot(guid)
            let paths = [
                "/", "/v3", "/v3/info", "/v3/organizations", "/v3/spaces", "/v3/domains", "/v3/apps/\(guid)",
                "/v3/processes/\(guid)",
                "/v3/processes/\(guid)/stats", "/v3/routes", "/v3/audit_events", "/foundry/v1/apps",
                "/foundry/v1/volumes", "/foundry/v1/images",
                "/foundry/v1/aliases", "/foundry/v1/status", "/foundry/v1/events",
                "/foundry/v1/usage", "/foundry/v1/tokens", "/foundry/v1/audit", "/foundry/v1/log-drains",
                "/foundry/v1/snapshots", "/foundry/v1/apps/\(guid)/snapshots",
                "/foundry/v1/apps/\(guid)/why",
                "/v3/apps/none",
            ]
            for path in paths {
                let reply = try await bench.call(.get, path)
                for name in Self.names(try JSONSerialization.jsonObject(with: reply.body), in: "") {
                    #expect(text.contains(name), "\(path): \(name)")
                }
            }
            let plan = try await bench.call(.post, "/foundry/v1/spaces/default/plan", bench.redis(named: "other"))
            for name in Self.names(try JSONSerialization.jsonObject(with: plan.body), in: "") {
                #expect(text.contains(name), "plan: \(name)")
            }
        }
    }

    /// Of all fields, at every depth; links have names of their own.
    private static func names(_ value: Any, in parent: String) -> Set<String> {
        if let fields = value as? [String: Any] {
            return fields.reduce(into: []) { names, field in
                if parent != "links" { names.insert(field.key) }
                names.formUnion(self.names(field.value, in: field.key))
            }
        }
        return (value as? [Any])?.reduce(into: []) { $0.formUnion(names($1, in: parent)) } ?? []
    }

    private static func text(_ name: String) throws -> String {
        try String(contentsOfFile: path(name), encoding: .utf8)
    }

    private static func path(_ name: String) -> String {
        URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
            .path() + "docs/reference/" + name
    }

    private static var errorReference: String {
        let head = """
            # Errors

            Every error has one of these codes; they are stable. What an answer of the API looks like, and which path answers which, is in [api.md](api.md).
            The command line prints the code, the message and the hint, and ends with the exit code:

                error[port_taken]: Port 20000 belongs to orders.
                hint: leave --port out, and the lowest free one is taken

            This page is written from `ErrorCode` by a test, which fails when it is not current.

            | code | HTTP | Cloud Foundry | exit | meaning |
            |---|---|---|---|---|

            """
        let rows = ErrorCode.allCases.map { code in
            let surface = code.surface
            return
                "| `\(code.rawValue)` | \(surface.httpStatus) | \(surface.cloudFoundryCode) `\(surface.cloudFoundryTitle)` | \(surface.exitCode) | \(surface.meaning) |"
        }
        return head + rows.joined(separator: "\n") + "\n"
    }
}
