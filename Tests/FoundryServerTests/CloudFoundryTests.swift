import Foundation
import FoundryClient
import Testing

@testable import FoundryServer

@Suite("Cloud Foundry's v3 API", .timeLimit(.minutes(2)))
struct CloudFoundryTests {
    @Test("lists have pages whose links lead through all of it, once")
    func pages() async throws {
        try await Bench.run { bench in
            for name in ["echo", "alfa", "delta", "charlie", "bravo"] { try await bench.push(bench.redis(named: name)) }
            var path: String? = "/v3/apps?order_by=name&per_page=2&states=STARTED"
            var names: [String] = []
            var pages = 0
            while let next = path {
                let page: Page<AppAnswer> = try await bench.get(next)
                #expect(page.pagination.totalResults == 5 && page.pagination.totalPages == 3)
                #expect((page.pagination.previous == nil) == (pages == 0))
                names += page.resources.map(\.name)
                pages += 1
                path = page.pagination.next.map { String($0.href.dropFirst("https://localhost".count)) }
            }
            #expect(names == ["alfa", "bravo", "charlie", "delta", "echo"] && pages == 3)
            let raw = try await bench.call(.get, "/v3/apps?per_page=5000")
            #expect(raw.text.contains(#""next":null"#) && raw.text.contains(#""previous":null"#))
            let last: Page<AppAnswer> = try await bench.get("/v3/apps?order_by=-name&per_page=1")
            #expect(last.resources.map(\.name) == ["echo"])
            #expect(try await bench.get("/v3/apps?page=9", as: Page<AppAnswer>.self).resources.isEmpty)
        }
    }

    @Test("filters are honoured exactly")
    func filters() async throws {
        try await Bench.run { bench in
            let one = try await bench.push(bench.redis(named: "one"))
            let two = try await bench.push(bench.redis(named: "two"))
            func count(_ path: String) async throws -> Int {
                try await bench.get(path, as: Count.self).pagination.totalResults
            }
            let expected: [(String, Int)] = [
                ("/v3/apps?names=one", 1), ("/v3/apps?names=one,two", 2), ("/v3/apps?names=", 0),
                ("/v3/apps?names=three", 0),
                ("/v3/apps?guids=\(one)", 1), ("/v3/apps?space_guids=default", 2), ("/v3/apps?space_guids=other", 0),
                ("/v3/apps?organization_guids=other", 0), ("/v3/apps?states=STOPPED", 0),
                ("/v3/apps?names=one&guids=\(two)", 0),
                ("/v3/processes?app_guids=\(one)", 1), ("/v3/processes?app_guids=\(one),\(two)", 2),
                ("/v3/processes?types=worker", 0),
                ("/v3/apps/\(one)/processes", 1), ("/v3/apps/\(one)/routes", 1), ("/v3/routes?app_guids=\(two)", 1),
                ("/v3/routes?ports=20001", 1),
                ("/v3/routes?ports=0", 0), ("/v3/routes?hosts=&paths=", 2), ("/v3/routes?hosts=www", 0),
                ("/v3/routes?domain_guids=public", 0),
                ("/v3/organizations?names=default", 1), ("/v3/organizations?names=acme", 0),
                ("/v3/spaces?organization_guids=default&names=default", 1),
                ("/v3/spaces?guids=x", 0), ("/v3/domains", 1), ("/v3/domains?names=127.0.0.1", 1),
                ("/v3/domains?names=a.b", 0),
                ("/v3/audit_events?types=app.pushed", 2), ("/v3/audit_events?types=app.pushed&target_guids=\(one)", 1),
                ("/v3/processes/\(one)/sidecars", 0),
            ]
            for (path, number) in expected { #expect(try await count(path) == number, "\(path)") }
        }
    }

    @Test("an app has the fields that clients read")
    func fields() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            let app = try await bench.object("/v3/apps/\(guid)")
            #expect(
                app["state"] as? String == "STARTED"
                    && (app["lifecycle"] as? [String: Any])?["type"] as? String == "docker")
            #expect(app["created_at"] as? String != nil && app["metadata"] != nil)
            let space =
                ((app["relationships"] as? [String: Any])?["space"] as? [String: Any])?["data"] as? [String: Any]
            #expect(space?["guid"] as? String == "default")
            let process = try await bench.object("/v3/processes/\(guid)")
            #expect(
                process["memory_in_mb"] as? Int == 512 && process["disk_in_mb"] as? Int == 100
                    && process["instances"] as? Int == 1)
            let stats = (try await bench.object("/v3/processes/\(guid)/stats")["resources"] as? [[String: Any]])?.first
            #expect(stats?["state"] as? String == "RUNNING" && stats?["mem_quota"] as? Int == 512 << 20)
            let droplet = try await bench.call(.get, "/v3/apps/\(guid)/droplets/current")
            #expect(droplet.status == 404 && droplet.error?.message == "Droplet not found")
            let root = try await bench.object("/")
            let link = (root["links"] as? [String: Any])?["cloud_controller_v3"] as? [String: Any]
            #expect(link?["href"] as? String == "https://localhost/v3")
        }
    }

    @Test("errors have Cloud Foundry's shape with ours beside it")
    func errors() async throws {
        try await Bench.run { bench in
            let reply = try await bench.call(.get, "/v3/apps/none")
            let body = try JSONSerialization.jsonObject(with: reply.body) as? [String: Any]
            let error = (body?["errors"] as? [[String: Any]])?.first
            #expect(error?["code"] as? Int == 10010 && error?["title"] as? String == "CF-ResourceNotFound")
            #expect(error?["detail"] as? String == "App not found")
            #expect((error?["foundry"] as? [String: Any])?["code"] as? String == "app_not_found")
        }
    }

    private struct Count: Decodable {
        struct Pagination: Decodable { var totalResults: Int }
        var pagination: Pagination
    }
}

extension Bench {
    func object(_ path: String) async throws -> [String: Any] {
        let reply = try await call(.get, path)
        #expect(reply.status == 200, "\(reply.text)")
        return try #require(try JSONSerialization.jsonObject(with: reply.body) as? [String: Any])
    }
}
