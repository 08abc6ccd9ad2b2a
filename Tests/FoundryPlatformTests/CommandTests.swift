import Foundation
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Commands", .serialized)
    struct CommandTests {
        @Test("A manifest makes two apps at once, or none")
        func manifest() async throws {
            let platform = try TestPlatform.current()
            let file = platform.root + "/manifest.yml"
            let text = """
                applications:
                - name: one
                  image: redis
                  disk: 16M
                  memory: 64M
                - name: two
                  docker: {image: redis/redis}
                  disk_quota: 16M
                  memory: 64M
                  env: {REDIS_APPENDFSYNC: everysec}

                """
            try text.write(toFile: file, atomically: true, encoding: .utf8)
            let pushed = try await platform.must("push", "-f", file)
            #expect(
                pushed.output.contains("one is healthy") && pushed.output.contains("two is healthy"), "\(pushed.output)"
            )
            let two = RedisClient(port: try await platform.port(of: "two"))
            #expect(try two.command("PING") == "PONG")
            let again = try await platform.must("push", "--file", file)
            #expect(again.output.contains("one is so already") && again.output.contains("two is so already"))

            let before = try await platform.apps().map(\.name).sorted()
            try text.replacingOccurrences(of: "name: one", with: "name: three").replacingOccurrences(
                of: "redis/redis", with: "rediz"
            )
            .write(toFile: file, atomically: true, encoding: .utf8)
            try await platform.refused("push", "-f", file, code: "image_unknown", exitCode: 4)
            #expect(try await platform.apps().map(\.name).sorted() == before)
            try await platform.clear("two")
        }

        @Test("What is made with --no-start runs when it is started")
        func noStart() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "later", "--disk", "16M", "--memory", "64M", "--no-start")
            let app = try await platform.app("later")
            #expect(app.state == "stopped" && app.members.allSatisfy { $0.pid == nil })
            try await platform.must("start", "later")
            #expect(try RedisClient(port: try await platform.port(of: "later")).command("PING") == "PONG")
            try await platform.must("start", "later")
            try await platform.clear("later")
        }

        @Test("--mount chooses where the disk is seen")
        func mount() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(
                "push", "redis", "placed", "--disk", "16M", "--memory", "64M", "--mount", "/elsewhere")
            let process = try await platform.process(of: "placed")
            let mounts = Machine.read("/proc/\(process)/mountinfo").split(separator: "\n").map {
                $0.split(separator: " ")
            }
            let own = try #require(mounts.first { $0[4] == "/elsewhere" })
            #expect(own.contains("ext4") && !mounts.contains { $0[4] == "/data" }, "\(mounts)")
            try await platform.clear("placed")
        }

        @Test("Every command answers as a table and as JSON; what is not there ends with 3")
        func formats() async throws {
            let platform = try TestPlatform.current()
            for words in [
                ["apps"], ["app", "one"], ["events"], ["events", "one"], ["why", "one"], ["images"], ["volumes"],
            ] {
                let table = try await platform.must(words)
                #expect(!table.output.isEmpty && table.json == nil, "\(words): \(table.output)")
                let json = try await platform.must(words + ["--output", "json"])
                #expect(json.json != nil, "\(words): \(json.output)")
            }
            #expect(try await platform.must("apps").output.contains("127.0.0.1:\(try await platform.port(of: "one"))"))
            let logs = try await platform.must("logs", "one", "--lines", "5", "--output", "json").output.split(
                separator: "\n")
            #expect(
                logs.count == 5 && logs.allSatisfy { (try? JSONSerialization.jsonObject(with: Data($0.utf8))) != nil })
            for words in [
                ["app", "nobody"], ["why", "nobody"], ["logs", "nobody"], ["stop", "nobody"],
                ["delete", "nobody", "--force"],
            ] {
                #expect(try await platform.foundry(words).exitCode == 3, "\(words)")
            }
            let refused = try await platform.foundry("app", "nobody", "--output", "json")
            #expect(
                ((refused.errorJSON as? [String: Any])?["error"] as? [String: Any])?["code"] as? String
                    == "app_not_found",
                "\(refused)")
            let foreign = try await platform.run(
                "env", "FOUNDRY_HOME=\(platform.root)/nowhere", TestPlatform.executable, "apps")
            #expect(foreign.exitCode == 7 || foreign.exitCode == 6, "\(foreign)")
        }

        @Test("HAProxy killed: it is established again with every route, without a member being touched")
        func proxyKilled() async throws {
            let platform = try TestPlatform.current()
            let before = try #require(try platform.pid("haproxy"))
            let process = try await platform.process(of: "one")
            let client = RedisClient(port: try await platform.port(of: "one"))
            #expect(try client.command("PING") == "PONG")
            try platform.kill("haproxy")
            try await eventually("another one serves") {
                guard let now = try platform.pid("haproxy"), now != before else { return false }
                return (try? client.command("PING")) == "PONG"
            }
            #expect(try await platform.process(of: "one") == process)
            try await platform.clear("one")
        }
    }
}
