import Foundation
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("More room, and less", .serialized)
    struct ScaleTests {
        private static func size(of platform: TestPlatform, _ name: String) async throws -> Int {
            let process = try await platform.process(of: name)
            let answer = try await platform.run(
                "nsenter", "--target=\(process)", "--mount", "df", "-B1M", "--output=size", "/data")
            return try #require(
                answer.output.split(separator: "\n").last.flatMap { Int($0.trimmingCharacters(in: .whitespaces)) })
        }

        @Test("Memory and processor time change under a running process")
        func limits() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "wide", "--ephemeral", "--memory", "48M", "--cpu", "250m")
            let process = try await platform.process(of: "wide")
            let told = try await platform.must("scale", "wide", "--memory", "96M", "--cpu", "500m")
            #expect(told.output.contains("96 MiB of memory (48 MiB before)"), "\(told.output)")
            let memory = try await platform.cgroup(
                of: "wide", v1: ("memory", "memory.limit_in_bytes"), v2: "memory.max")
            #expect(memory == "\(96 << 20)")
            let quota = try await platform.cgroup(of: "wide", v1: ("cpu", "cpu.cfs_quota_us"), v2: "cpu.max")
            #expect(quota.split(separator: " ").first == "50000")
            #expect(try await platform.process(of: "wide") == process, "it was not restarted")
            #expect(try await platform.must("scale", "wide").output.contains("wide has 96 MiB of memory, 500m of"))
            // A cell that begins anew finds what is in force, and the end of a process that was scaled is seen.
            try platform.kill("cell")
            try await platform.must("scale", "wide", "--memory", "64M")
            try await platform.must("stop", "wide", limit: .seconds(20))
            try await platform.must("start", "wide")
            let again = try await platform.cgroup(of: "wide", v1: ("memory", "memory.limit_in_bytes"), v2: "memory.max")
            #expect(again == "\(64 << 20)")
            try await platform.clear("wide")
        }

        @Test("A disk grows, and what was written stays; where the kernel wants a restart for it, that is said before")
        func disk() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "deep", "--disk", "32M", "--memory", "64M")
            let client = RedisClient(port: try await platform.port(of: "deep"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            #expect(try client.command("SAVE") == "OK")
            let before = try await Self.size(of: platform, "deep")
            let first = try await platform.foundry("scale", "deep", "--disk", "96M")
            if first.exitCode != 0 {
                #expect(
                    first.errors.contains("would be restarted") && first.errors.contains("--restart"), "\(first.errors)"
                )
                #expect(try await Self.size(of: platform, "deep") == before, "nothing changed")
                try await platform.must("scale", "deep", "--disk", "96M", "--restart")
            }
            let after = try await Self.size(of: platform, "deep")
            #expect(before < 32 && after > 80, "\(before) MiB, then \(after)")
            try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            #expect(try await platform.app("deep").volumes.first?.size == 96 << 20)
            try await platform.clear("deep")
        }

        @Test("What there is no room for, and a smaller disk, are refused; nothing changes")
        func refused() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "fixed", "--disk", "32M", "--memory", "64M")
            let before = try await platform.fingerprint()
            try await platform.refused("scale", "fixed", "--disk", "16M", code: "conflict", exitCode: 4)
            try await platform.refused("scale", "fixed", "--disk", "10G", "--restart", code: "pool_full", exitCode: 4)
            try await platform.refused("scale", "fixed", "--memory", "900G", code: "capacity_short", exitCode: 4)
            try await platform.refused("scale", "fixed", "--cpu", "many", code: "size_invalid", exitCode: 4)
            try await platform.refused("scale", "nobody", "--memory", "64M", code: "app_not_found", exitCode: 3)
            #expect(try await platform.fingerprint() == before)
            try await platform.clear("fixed")
        }
    }
}
