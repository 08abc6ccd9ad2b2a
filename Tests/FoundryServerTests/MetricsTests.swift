import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("Metrics", .timeLimit(.minutes(2)))
struct MetricsTests {
    @Test("are in Prometheus' format, and tell of the platform and of each member")
    func whole() async throws {
        try await Bench.run { bench in
            try await bench.push(bench.redis)
            let volume = try #require(bench.platform.view.volumes.keys.first)
            try await bench.measure(volume, cpu: 1_500_000, flushes: 40)
            _ = try await bench.call(.get, "/nothing")
            _ = try await bench.call(.get, "/v3/apps", token: "wrong")
            let reply = try await bench.call(.get, "/metrics")
            #expect(reply.status == 200 && reply.headers[.contentType] == "text/plain; version=0.0.4; charset=utf-8")
            let text = try PrometheusText(String(decoding: reply.body, as: UTF8.self))
            #expect(text.value("foundry_build_info", ["version": Platform.version, "instance": "abc123"]) == 1)
            #expect(text.value("foundry_apps") == 1 && text.value("foundry_cell_up", ["cell": "c1"]) != nil)
            #expect(try #require(text.value("foundry_events_total", ["kind": "app.pushed"])) == 1)
            #expect(text.value("foundry_events_total", ["kind": "member.crashed"]) == 0)
            #expect(text.value("foundry_jobs", ["operation": "space.apply_manifest", "state": "complete"]) == 1)
            let member = ["app": "demo", "member": "demo/0", "cell": "c1"]
            for (name, value) in [
                ("up", 1), ("restarts_total", 0), ("cpu_seconds_total", 1.5), ("cpu_throttled_seconds_total", 0.25),
                ("memory_bytes", 4096), ("memory_limit_bytes", 65536), ("disk_used_bytes", 1000),
                ("disk_size_bytes", 2000), ("disk_flushes_total", 40), ("disk_busy_seconds_total", 0.5),
            ] {
                #expect(text.value("foundry_member_\(name)", member) == value, "\(name)")
            }
            let requests = text.families["foundry_api_requests_total"]?.samples ?? []
            #expect(requests.contains { $0.labels["route"] == "unmatched" && $0.labels["status"] == "404" })
            #expect(
                requests.contains { $0.labels["route"] == "unmatched" && $0.labels["status"] == "401" },
                "who has no token does not learn which paths there are")
            #expect(!requests.contains { $0.labels.values.contains { $0.contains("nothing") } })
        }
    }

    @Test("need the token")
    func token() async throws {
        try await Bench.run { bench in
            for path in ["/metrics", "/foundry/v1/usage"] {
                let (closed, odd) = (
                    try await bench.call(.get, path, token: nil), try await bench.call(.get, path + "?x=1")
                )
                #expect(closed.status == 401 && odd.status == 400)
            }
        }
    }

    @Test("escape what could break a line")
    func escapes() throws {
        var text = MetricsText()
        let odd = "a\"b\\c\nd{e},f"
        text.family("odd_bytes", .gauge, "With a \\ and a\nbreak.", [MetricSample(1, [("odd", odd)])])
        let read = try PrometheusText(text.text)
        #expect(read.families["odd_bytes"]?.samples.first?.labels == ["odd": odd])
    }

    @Test("count requests in bounded memory, with durations that add up")
    func requests() throws {
        let tally = RequestTally()
        for milliseconds in [0, 1, 2, 70_000] as [Int64] {
            tally.add(.get, "/v3/apps", status: 200, milliseconds: milliseconds)
        }
        for number in 0..<1000 {
            tally.add(try #require(.init("M\(number)")), "unmatched", status: 405, milliseconds: 1)
        }
        var text = MetricsText()
        tally.write(to: &text)
        let read = try PrometheusText(text.text)
        let family = try #require(read.families["foundry_api_request_duration_seconds"])
        let bucket = { (bound: String) in
            family.samples.first { $0.labels == ["route": "/v3/apps", "le": bound] }?.value
        }
        #expect(bucket("0.001") == 2 && bucket("0.005") == 3 && bucket("60.0") == 3 && bucket("+Inf") == 4)
        #expect(read.families["foundry_api_requests_total"]?.samples.count == 2)
    }

    @Test("of a process are read from its line in /proc, whatever its name")
    func processes() throws {
        let fields = (3...52).map { "\($0 * 100)" }.joined(separator: " ")
        let parsed = try #require(ProcessMetrics.parse("42 (a) b (c)) S \(fields.dropFirst(4))"))
        #expect(parsed.cpuSeconds == 29 && parsed.residentBytes == 2400 * Int64(sysconf(Int32(_SC_PAGESIZE))))
        #expect(ProcessMetrics.parse("42 (short) S 1 2") == nil)
        let own = try String(contentsOfFile: "/proc/self/stat", encoding: .utf8)
        #expect(try #require(ProcessMetrics.parse(own)).residentBytes > 1 << 20)
    }

    @Test("Prometheus' own Python parser reads them")
    func foreignParser() async throws {
        try await Bench.run { bench in
            try await bench.push(bench.redis)
            let reply = try await bench.call(.get, "/metrics")
            let file = "\(bench.directory)/metrics.txt"
            try reply.body.write(to: URL(filePath: file))
            let program =
                "import sys; from prometheus_client.parser import text_string_to_metric_families as f; print(sum(len(m.samples) for m in f(open(sys.argv[1]).read())))"
            let said = try await Command().result("/usr/bin/python3", ["-c", program, file])
            #expect(said.exitCode == 0, "\(said.standardError)")
            let lines = String(decoding: reply.body, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }
            #expect(Int(said.standardOutput.filter(\.isNumber)) == lines.count)
        }
    }
}
