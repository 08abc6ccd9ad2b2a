import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests {
    @Suite("Many at once through the broker", .serialized, .onePlatform("flood"))
    struct BrokerFloodTests {
        private static let count = 200
        private static let tiny = """
            format: 1
            name: tiny
            version: 1.0.0
            title: Tiny
            description: The least that is a service with a disk.
            image: {local: "redis:7"}
            port: 6379
            data: /data
            plans:
              tiny: {description: 16 MB, memory: 16M, cpu: 1, disk: 16M}
            binding:
              users: false
              credentials: {host: "{{host}}", port: "{{port}}"}
            """

        @Test(
            "Of two hundred creates at once each is served, or refused with a reason; all are deleted, and nothing is left"
        )
        func creates() async throws {
            let platform = try TestPlatform.current()
            let broker = try await begin(platform, "many")
            let ids = (0..<Self.count).map { "flood-\($0)" }
            let answers = try await broker.ask(ids.map { broker.create($0) })
            #expect(answers.count == Self.count)
            var accepted: [String] = []
            var refusals: [String: Int] = [:]
            for (id, answer) in zip(ids, answers) {
                if answer.status == 202 { accepted.append(id) } else { refusals[answer.reason, default: 0] += 1 }
                #expect(answer.status == 202 || (400..<600).contains(answer.status) && answer.status != 500)
                #expect(answer.status == 202 || !answer.reason.isEmpty, "\(id): \(answer)")
            }
            var states: [String: Int] = [:]
            try await eventually("each that was begun ends, with a reason if it failed", within: .seconds(240)) {
                let now = try await broker.ask(accepted.map { broker.look($0) })
                // A look may be one too many, like any request; whoever gets no answer looks again.
                let others = Set(now.map(\.status)).subtracting([200])
                #expect(others.isSubset(of: [0, 429]), "\(others)")
                if !others.isEmpty || now.contains(where: { $0.state == "in progress" }) { return false }
                #expect(now.allSatisfy { $0.state == "succeeded" || $0.state == "failed" && !$0.reason.isEmpty })
                for answer in now { states[answer.state ?? "\(answer.status)", default: 0] += 1 }
                return true
            }
            print("creates at once: \(accepted.count) taken, \(states); refused: \(refusals)")
            #expect(states["succeeded", default: 0] > 20)
            try await expectGone(ids, broker, platform)
        }

        @Test("A client that gives up and asks again, or deletes, gets one instance, or none")
        func givesUp() async throws {
            let platform = try TestPlatform.current()
            let broker = try await begin(platform, "hasty")
            let ids = (0..<12).map { "hasty-\($0)" }
            // Cut off at several moments of the request: before it is read, while it is planned, while it is stored.
            for (index, id) in ids.enumerated() {
                _ = try await broker.ask([broker.create(id)], limit: 0.004 * Double(index + 1))
            }
            let (again, away) = (ids.filter { $0.hasSuffix("0") || $0.hasSuffix("2") || $0.hasSuffix("4") }, ids)
            let retried = try await broker.ask(again.map { broker.create($0) })
            #expect(retried.allSatisfy { [200, 201, 202].contains($0.status) }, "\(retried)")
            try await eventually("each that was asked for again is there", within: .seconds(120)) {
                try await broker.ask(again.map { broker.look($0) }).allSatisfy { $0.state == "succeeded" }
            }
            let services = try await platform.must("services", "--output", "json").output
            for id in again {
                #expect(services.components(separatedBy: "\"\(id)\"").count == 2, "\(id) is there once")
            }
            try await expectGone(away, broker, platform)
        }

        private func begin(_ platform: TestPlatform, _ name: String) async throws -> BrokerClient {
            try await platform.install("tiny", manifest: Self.tiny)
            return try await BrokerClient.make(platform, name, offering: "tiny")
        }

        private func expectGone(_ ids: [String], _ broker: BrokerClient, _ platform: TestPlatform) async throws {
            try await eventually("all are gone", within: .seconds(240)) {
                let answers = try await broker.ask(ids.map { broker.delete($0) })
                return answers.allSatisfy { $0.status == 410 || $0.status == 200 }
            }
            let services = try await platform.must("services", "--output", "json").json as? [String: Any]
            #expect((services?["resources"] as? [Any])?.isEmpty == true)
            try await platform.expectNoOrphans()
        }
    }
}

/// A client of `/v2`: curl, all requests of a call at once.
struct BrokerClient {
    struct Request {
        var method: String
        var path: String
        var body: String?
    }

    struct Answer {
        /// 0: there was none.
        var status: Int
        var fields: [String: Any]
        var state: String? { fields["state"] as? String }
        /// Why it was refused, or failed.
        var reason: String { (fields["error"] as? String ?? "") + (fields["description"] as? String ?? "") }
    }

    private let platform: TestPlatform
    private let head: String
    private let address: String
    private let service: String
    private let plan: String

    static func make(_ platform: TestPlatform, _ name: String, offering: String) async throws -> BrokerClient {
        let answer = try await platform.must("broker", "credentials", "add", name, "--output", "json")
        let credential = try #require(answer.json as? [String: Any])
        let password = try #require(credential["password"] as? String)
        let head = """
            user = "\(name):\(password)"
            cacert = "\(platform.data)/tls/ca.pem"
            header = "X-Broker-API-Version: 2.17"
            header = "content-type: application/json"
            silent
            """
        let address = "https://127.0.0.1:\(try platform.configuration().apiPort)"
        var client = BrokerClient(platform: platform, head: head, address: address, service: "", plan: "")
        let catalog = try #require(try await client.ask([Request(method: "GET", path: "/v2/catalog")]).first).fields
        let services = catalog["services"] as? [[String: Any]] ?? []
        let ours = try #require(services.first { $0["name"] as? String == offering })
        let plan = try #require((ours["plans"] as? [[String: Any]])?.first)
        client = BrokerClient(
            platform: platform, head: head, address: address, service: try #require(ours["id"] as? String),
            plan: try #require(plan["id"] as? String))
        return client
    }

    func create(_ id: String) -> Request {
        Request(
            method: "PUT", path: "/v2/service_instances/\(id)?accepts_incomplete=true",
            body: """
                {"service_id":"\(service)","plan_id":"\(plan)","organization_guid":"o","space_guid":"s"}
                """)
    }

    func look(_ id: String) -> Request { Request(method: "GET", path: "/v2/service_instances/\(id)/last_operation") }

    func delete(_ id: String) -> Request {
        Request(
            method: "DELETE",
            path: "/v2/service_instances/\(id)?accepts_incomplete=true&service_id=\(service)&plan_id=\(plan)")
    }

    /// - Parameter limit: seconds after which the client hangs up.
    func ask(_ requests: [Request], limit: Double = 60) async throws -> [Answer] {
        let place = "\(platform.root)/broker-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: place) }
        let words = requests.enumerated().map { number, request in
            """
            \(head)
            max-time = \(limit)
            request = "\(request.method)"
            url = "\(address)\(request.path)"
            output = "\(place)/\(number)"
            write-out = "\(number) %{http_code}\\n"
            \(request.body.map { "data = \"\($0.replacingOccurrences(of: "\"", with: "\\\""))\"" } ?? "")
            """
        }
        // What is in no argument is in no list of processes.
        let output = try await Command().result(
            "curl", ["--parallel", "--parallel-max", "250", "--parallel-immediate", "--config", "-"],
            input: words.joined(separator: "\nnext\n") + "\n", limit: .seconds(limit + 60))
        var status: [Int: Int] = [:]
        for line in output.standardOutput.split(separator: "\n") {
            let numbers = line.split(separator: " ").compactMap { Int($0) }
            if numbers.count == 2 { status[numbers[0]] = numbers[1] }
        }
        return requests.indices.map { number in
            let text = FileManager.default.contents(atPath: "\(place)/\(number)") ?? Data()
            let fields = (try? JSONSerialization.jsonObject(with: text)) as? [String: Any]
            return Answer(status: status[number] ?? 0, fields: fields ?? [:])
        }
    }
}
