import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests {
    @Suite("Killed at random", .serialized)
    struct KillTests {
        static let daemons = ["server", "cell", "router", "haproxy", "supervisor"]

        @Test(
            "Any of our processes, alone and together, comes back by itself; members run on, and no acknowledged record is lost",
            .proves(.platformDies))
        func anyOfOurs() async throws {
            try await TestPlatform.with("random") { platform in
                try await platform.must("push", "redis", "keeper", "--disk", "64M", "--memory", "64M")
                let process = try await platform.process(of: "keeper")
                let writer = NumberedWriter(port: try await platform.port(of: "keeper"))
                writer.start()
                var random = SystemRandomNumberGenerator()
                let rounds =
                    Self.daemons.map { [$0] }
                    + (0..<10).map { _ in Self.daemons.filter { _ in Bool.random(using: &random) } }
                // One that watches must be left; the next test is about none being left.
                for round in rounds where !Set(Self.daemons).subtracting(["haproxy"]).isSubset(of: round) {
                    try await killAndAwait(round, platform)
                }
                #expect(try await writer.stopAndVerify() == [], "acknowledged records are lost")
                #expect(writer.acknowledgedCount > 100)
                let processNow = try await platform.process(of: "keeper")
                #expect(processNow == process)
                try await platform.expectNoOrphans()
            }
        }

        @Test("All of ours at once, under another supervisor: members run on, and everything is adopted")
        func allAtOnce() async throws {
            try await TestPlatform.with("all", starting: false) { platform in
                let outer = OuterSupervisor(platform)
                try await eventually("it is up", within: .seconds(60)) {
                    try await platform.foundry("apps").exitCode == 0
                }
                try await platform.eventually("push", "redis", "keeper", "--disk", "64M", "--memory", "64M")
                let process = try await platform.process(of: "keeper")
                let writer = NumberedWriter(port: try await platform.port(of: "keeper"))
                writer.start()
                for _ in 0..<3 {
                    let before = try Self.daemons.map { try platform.pid($0) }
                    for daemon in Self.daemons { try platform.kill(daemon) }
                    try await eventually("all are replaced", within: .seconds(60)) {
                        try Self.daemons.enumerated().allSatisfy { index, daemon in
                            let pid = try platform.pid(daemon)
                            return pid != nil && pid != before[index]
                        }
                    }
                    try await platform.waitUntilHealthy("keeper")
                }
                #expect(try await writer.stopAndVerify() == [], "acknowledged records are lost")
                let processNow = try await platform.process(of: "keeper")
                #expect(processNow == process)
                try await platform.expectNoOrphans()
                await outer.stop()
            }
        }

        @Test("A member whose monitor was killed is stopped and restarted in order, and the reason is said")
        func monitorKilled() async throws {
            try await TestPlatform.with("monitor") { platform in
                try await platform.must("push", "redis", "cache", "--disk", "64M", "--memory", "64M")
                let client = RedisClient(port: try await platform.port(of: "cache"))
                _ = try client.command("SET", "kept", "yes")
                let app = try await platform.app("cache")
                let process = try #require(app.members.first?.pid)
                let monitor = try #require(Self.parent(of: process))
                Glibc.kill(monitor, SIGKILL)
                try await platform.waitUntilRestarted("cache")
                try await eventually("the route answers") { (try? client.command("GET", "kept")) == "yes" }
                let processNow = try await platform.process(of: "cache")
                #expect(processNow != process)
                #expect(try await platform.events(of: "cache").contains("conmon"))
                try await platform.expectNoOrphans()
            }
        }

        @Test("A member's own process killed: it is restarted, and its data is there", .proves(.crashRestarts))
        func memberKilled() async throws {
            try await TestPlatform.with("member") { platform in
                try await platform.must("push", "redis", "cache", "--disk", "64M", "--memory", "64M")
                let client = RedisClient(port: try await platform.port(of: "cache"))
                _ = try client.command("SET", "kept", "yes")
                Glibc.kill(try await platform.process(of: "cache"), SIGKILL)
                try await platform.waitUntilRestarted("cache")
                try await eventually("the route answers") { (try? client.command("GET", "kept")) == "yes" }
                #expect(try await platform.events(of: "cache").contains("signal 9"))
            }
        }

        private func killAndAwait(_ daemons: [String], _ platform: TestPlatform) async throws {
            let before = try daemons.map { try platform.pid($0) }
            for daemon in daemons { try platform.kill(daemon) }
            try await eventually("\(daemons) come back", within: .seconds(60)) {
                try daemons.enumerated().allSatisfy { index, daemon in
                    let pid = try platform.pid(daemon)
                    return pid != nil && pid != before[index]
                }
            }
            try await platform.waitUntilHealthy("keeper")
        }

        private static func parent(of pid: Int32) -> Int32? {
            guard let stat = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
                let end = stat.lastIndex(of: ")")
            else { return nil }
            return Int32(stat[end...].split(separator: " ")[2])
        }
    }
}

/// Stands for the machine's init: runs `up --foreground` again whenever it ends.
final class OuterSupervisor: Sendable {
    private let loop: Task<Void, Never>

    init(_ platform: TestPlatform) {
        let words = ([TestPlatform.executable] + platform.upArguments + ["--foreground"]).map { "'\($0)'" }.joined(
            separator: " ")
        let script = "while :; do \(words) </dev/null >>'\(platform.root)/outer.log' 2>&1; sleep 0.05; done"
        loop = Task {
            // Ends by being cancelled, with its whole process group.
            _ = try? await Command().result(
                "/bin/sh", ["-c", script], environment: platform.environment, limit: .seconds(600))
        }
    }

    func stop() async {
        loop.cancel()
        await loop.value
    }
}
