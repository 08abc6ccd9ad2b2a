import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("The server's process", .serialized, .timeLimit(.minutes(3)))
struct LiveTests {
    @Test("a cell follows its orders, whole and newest, and what it reports is seen through the API")
    func cell() async throws {
        try await LiveServer.run { server in
            let cell = try server.cellClient()
            let api = try server.api
            try await cell.report(LiveServer.report(1, following: nil, nil))
            let latest = Kept<CellOrders?>(nil)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    var sequence: Int64 = 1
                    try await cell.follow { orders in
                        latest.change { $0 = orders }
                        sequence += 1
                        try? await cell.report(LiveServer.report(sequence, following: orders.revision, orders))
                    }
                }
                try await eventually("the cell is known") { try await !api.status().cells.isEmpty }
                let job = try await api.apply(
                    .manifest(Array("applications: [{name: tool, image: tool, no-route: true}]".utf8)))
                #expect(try await api.job(job, wait: .seconds(10)).state == .complete)
                #expect(try await api.apps().map(\.state) == ["running"])
                #expect(latest.value?.members.map(\.name) == ["tool/0"])
                let status = try await api.status()
                #expect(status.cells.map(\.isConnected) == [true] && status.counts.healthyMembers == 1)
                // A stopped member's orders say the same when its app is deleted; the cell must hear of it all the same.
                let guid = try #require(try await api.apps().first?.guid)
                let stop = try await api.stop(guid)
                #expect(try await api.job(stop, wait: .seconds(10)).state == .complete)
                let delete = try await api.delete(guid, purge: false)
                #expect(try await api.job(delete, wait: .seconds(10)).state == .complete)
                group.cancelAll()
            }
            await cell.close()
            await api.close()
        }
    }

    @Test("a newer stream of a cell takes the older one's place")
    func replaced() async throws {
        try await LiveServer.run { server in
            let (one, two) = (try server.cellClient(), try server.cellClient())
            let lines = Kept(0)
            try await withThrowingTaskGroup(of: Bool.self) { group in
                group.addTask {
                    try await one.follow { _ in lines.change { $0 += 1 } }
                    return true
                }
                try await eventually("the first has its orders") { lines.value == 1 }
                group.addTask {
                    try await two.follow { _ in lines.change { $0 += 1 } }
                    return false
                }
                #expect(try await group.next() == true, "the first ends, and the second goes on")
                try await eventually("the second has its orders") { lines.value == 2 }
                group.cancelAll()
            }
            await one.close()
            await two.close()
        }
    }

    @Test("a cell speaks only for itself, and nobody without our certificate speaks at all")
    func identities() async throws {
        try await LiveServer.run { server in
            let port = server.configuration.cellPort
            let own = ["--cert", server.paths.certificate(of: "cell"), "--key", server.paths.key(of: "cell")]
            let report = String(
                decoding: try OrdersJSON.encode(LiveServer.report(1, following: nil, nil)), as: UTF8.self)
            let another = report.replacingOccurrences(of: #""cell":"c1""#, with: #""cell":"c2""#)
            func call(_ path: String, _ identity: [String], _ body: String? = nil) async throws -> String {
                let data = body.map { ["--data-binary", $0] } ?? []
                return try await server.curl(path, identity + data, token: nil, port: port)
            }
            #expect(try await call("/cells/v1/c1/report", own, report).hasPrefix("204"))
            #expect(try await call("/cells/v1/c2/report", own, report).hasPrefix("403"))
            #expect(try await call("/cells/v1/c1/report", own, another).hasPrefix("403"))
            #expect(try await call("/cells/v1/router/orders", own).hasPrefix("403"))
            #expect(try await call("/cells/v1/c1/report", own, "{").hasPrefix("400"))
            #expect(try await call("/cells/v1/c1/report", own, nil).hasPrefix("405"))
            #expect(try await call("/v3/apps", own).hasPrefix("404"), "the API is not there")
            let server1 = ["--cert", server.paths.certificate(of: "server"), "--key", server.paths.key(of: "server")]
            #expect(try await !call("/cells/v1/c1/report", server1, report).hasPrefix("204"))
            #expect(try await call("/cells/v1/c1/orders", []).hasPrefix("000"))
            let stranger = ["--cert", server.other.certificate, "--key", server.other.key]
            #expect(try await call("/cells/v1/c1/orders", stranger).hasPrefix("000"))
            // A certificate opens nothing at the API, the token is asked for there.
            #expect(try await server.curl("/v3/apps", own, token: nil).hasPrefix("401"))
        }
    }

    @Test("what is no request is refused in words, and bodies and headers end somewhere")
    func hygiene() async throws {
        try await LiveServer.run { server in
            let garbage = try await server.raw("GARBAGE\r\n\r\n")
            #expect(garbage.hasPrefix("HTTP/1.1 400") && garbage.contains("bad_request"), "\(garbage)")
            let headers = try await server.curl(
                "/v3/apps", ["--header", "X-Long: \(String(repeating: "a", count: 40_000))"])
            #expect(headers.hasPrefix("400") && headers.contains("bad_request"), "\(headers)")
            let chunked = try await server.curl(
                "/v3/spaces/default/actions/apply_manifest",
                ["--header", "Transfer-Encoding: chunked", "--data-binary", "@-"],
                input: String(repeating: "a: b\n", count: 2 << 20))
            #expect(chunked.hasPrefix("413") && chunked.contains("body_too_large"), "\(chunked.prefix(300))")
            #expect(try await server.curl("/v3/apps", ["--header", "Host: evil.example.org"]).hasPrefix("400"))
            #expect(try await server.curl("/v3/apps", ["--head"]).hasPrefix("405"))
            #expect(try await server.curl("/v3/apps", []).hasPrefix("200"), "it goes on")
        }
    }

    @Test("logs and events are streams of lines, which end when the server goes; what was stored is there again")
    func streams() async throws {
        try await LiveServer.run { server in
            let cell = try server.cellClient()
            try await cell.report(LiveServer.report(1, following: nil, nil))
            let api = try server.api
            try await eventually("the cell is known") { try await !api.status().cells.isEmpty }
            let job = try await api.apply(
                .manifest(Array("applications: [{name: tool, image: tool, no-route: true}]".utf8)))
            try await eventually("it is placed") { try await api.apps().first?.members.first != nil }
            let app = try #require(try await api.apps().first)
            let log = server.paths.memberLog(try #require(MemberID(app.members[0].guid)))
            try FileManager.default.createDirectory(
                atPath: (log as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
            try "2099-11-21T01:37:55.600000000+00:00 stdout F one\n".write(
                toFile: log, atomically: true, encoding: .utf8)
            var seen: [String] = []
            for try await line in try await api.logs(of: app.guid, lines: 10, follow: true) {
                seen.append(line.stream == "platform" ? line.stream : line.text)
                if line.text == "one" {
                    let file = try FileHandle(forWritingTo: URL(filePath: log))
                    try file.seekToEnd()
                    try file.write(contentsOf: Data("2099-11-21T01:37:56.600000000+00:00 stderr F two\n".utf8))
                    try file.close()
                }
                if line.text == "two" { break }
            }
            #expect(seen.first == "platform" && seen.suffix(2) == ["one", "two"])
            #expect(
                try await api.events(app: app.guid, limit: 10).map(\.kind).prefix(2) == ["app.pushed", "member.placed"])
            let began = ContinuousClock.now
            let followed = try await api.followEvents(app: nil, limit: 0)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { for try await _ in followed {} }
                group.addTask { _ = try await api.stop(app.guid) }
                try await group.next()
                group.cancelAll()
            }
            #expect(ContinuousClock.now - began < .seconds(10))
            _ = job
            await cell.close()
            await api.close()
        }
    }

    @Test("it stops within moments, streams open or not, and begins a new term on the same records")
    func restart() async throws {
        try await LiveServer.run { server in
            let cell = try server.cellClient()
            try await cell.report(LiveServer.report(1, following: nil, nil))
            #expect(try await server.curl("/foundry/v1/status", []).contains(#""term":1"#))
            await cell.close()
        } then: { server in
            let status = try await server.curl("/foundry/v1/status", [])
            #expect(status.contains(#""term":2"#) && status.contains(#""id":"c1""#), "\(status)")
        }
    }

    private func eventually(_ what: String, _ condition: @Sendable () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never: \(what)")
    }
}

extension LiveServer {
    /// - Returns: the status, a space, the body; the words of `curl` when there was no answer.
    func curl(
        _ path: String, _ options: [String], token: String? = Bench.token, port: Int? = nil, input: String = ""
    ) async throws -> String {
        let authorization = token.map { ["--header", "Authorization: Bearer \($0)"] } ?? []
        let output = try await Command().result(
            "curl",
            [
                "--silent", "--show-error", "--max-time", "20", "--cacert", paths.authority, "--write-out",
                "\n%{http_code}",
            ] + authorization
                + options + ["https://127.0.0.1:\(port ?? configuration.apiPort)\(path)"], input: input)
        let lines = output.standardOutput.split(separator: "\n", omittingEmptySubsequences: false)
        let status = lines.last ?? ""
        return status == "000" ? "000 \(output.standardError)" : "\(status) \(lines.dropLast().joined(separator: "\n"))"
    }

    /// Sends bytes as they are, and reads until the server closes.
    func raw(_ text: String) async throws -> String {
        try await Command().result(
            "openssl",
            ["s_client", "-quiet", "-connect", "127.0.0.1:\(configuration.apiPort)", "-CAfile", paths.authority],
            input: text,
            limit: .seconds(10)
        ).standardOutput
    }
}
