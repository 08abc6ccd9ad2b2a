import Foundation
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Several instances", .serialized)
    struct InstancesTests {
        /// What a member knows under a key, asked inside of it.
        private static func get(
            _ key: String, of name: String, _ instance: Int, _ platform: TestPlatform
        ) async throws -> String {
            try await platform.must("exec", name, "--instance", "\(instance)", "--", "redis-cli", "--raw", "GET", key)
                .output
                .trimmingCharacters(in: .whitespacesAndNewlines)
        }

        @Test(
            "Each keeps its own, connections reach all of them, and one that dies is missed by no new connection",
            .proves(.instancesApart))
        func apart() async throws {
            let platform = try TestPlatform.current()
            let told = try await platform.must("push", "redis", "flock", "-i", "3", "--disk", "32M", "--memory", "48M")
            #expect(told.output.contains("It has 3 members that know nothing of each other"), "\(told.output)")
            for instance in 0..<3 {
                try await platform.must(
                    "exec", "flock", "--instance", "\(instance)", "--", "redis-cli", "SET", "me", "\(instance)")
            }
            for instance in 0..<3 {
                #expect(try await Self.get("me", of: "flock", instance, platform) == "\(instance)")
            }
            let port = try await platform.port(of: "flock")
            func reached() throws -> Set<String> {
                Set(try (0..<12).compactMap { _ in try RedisClient(port: port).command("GET", "me") })
            }
            #expect(try reached() == ["0", "1", "2"])
            let app = try await platform.app("flock")
            #expect(app.members.map(\.name) == ["flock/0", "flock/1", "flock/2"] && app.state == "running")
            #expect(try await platform.must("apps").output.contains("running 3/3"))
            let pid = try #require(app.members[1].pid)
            #expect(kill(pid, SIGKILL) == 0)
            try await eventually("connections are answered again, by all of them") {
                (try? reached()) == ["0", "1", "2"]
            }
            #expect(try await Self.get("me", of: "flock", 1, platform) == "1", "on the same data")
            try await platform.refused("exec", "flock", "--", "true", code: "bad_request", exitCode: 2)
            try await platform.expectNoOrphans()
            try await platform.clear("flock")
        }

        @Test(
            "Of fewer the last are stopped and their disks kept; with more again, each goes on with its own",
            .proves(.fewerInstancesKeep))
        func fewer() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "herd", "--instances", "3", "--disk", "32M", "--memory", "48M")
            for instance in 0..<3 {
                try await platform.must(
                    "exec", "herd", "--instance", "\(instance)", "--", "redis-cli", "SET", "me", "\(instance)")
            }
            let before = try await platform.app("herd")
            let fewer = try await platform.must("scale", "herd", "--instances", "1")
            #expect(fewer.output.contains("herd has 1 member (3 before)"), "\(fewer.output)")
            let one = try await platform.app("herd")
            #expect(one.members.map(\.guid) == [before.members[0].guid] && one.members[0].pid == before.members[0].pid)
            #expect(try await platform.must("volumes").output.contains("waits for herd/2; purged in"))
            try platform.kill("cell")
            try await platform.must("scale", "herd", "-i", "3", limit: .seconds(60))
            let after = try await platform.app("herd")
            #expect(after.volumes.map(\.guid) == before.volumes.map(\.guid))
            for instance in 0..<3 { #expect(try await Self.get("me", of: "herd", instance, platform) == "\(instance)") }
            // A snapshot and a clone are of one of them.
            try await platform.refused("snapshot", "herd", code: "bad_request", exitCode: 2)
            try await platform.must("clone", "herd", "stray", "--instance", "2")
            let stray = RedisClient(port: try await platform.port(of: "stray"))
            #expect(try stray.command("GET", "me") == "2")
            #expect(try await platform.app("stray").members.count == 1)
            try await platform.clear("stray")
            try await platform.clear("herd")
        }

        @Test("What there is no room for as a whole is refused, and nothing is made")
        func refused() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "lone", "--disk", "32M", "--memory", "48M")
            let before = try await platform.fingerprint()
            try await platform.refused(
                "scale", "lone", "-i", "100", "--memory", "4G", code: "capacity_short", exitCode: 4)
            try await platform.refused("scale", "lone", "-i", "0", code: "size_invalid", exitCode: 4)
            try await platform.refused(
                "push", "redis", "lone", "-i", "100", "--disk", "1G", code: "pool_full", exitCode: 4)
            #expect(try await platform.fingerprint() == before)
            try await platform.clear("lone")
        }
    }
}
