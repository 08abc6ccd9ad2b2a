import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Limits", .serialized)
    struct LimitTests {
        @Test("At its size a disk is full, for its own member alone", .proves(.diskLimit))
        func diskFull() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "greedy", "--disk", "32M", "--memory", "64M")
            try await platform.must("push", "redis", "neighbour", "--disk", "32M", "--memory", "64M")
            let writer = NumberedWriter(port: try await platform.port(of: "neighbour"))
            writer.start()
            let before = writer.acknowledgedCount
            let process = try await platform.process(of: "greedy")
            // As its own user, within its own mounts.
            let filled = try await platform.run(
                "nsenter", "--target=\(process)", "--mount", "--setgid=60900", "--setuid=60900", "dd", "if=/dev/zero",
                "of=/data/filler", "bs=64K",
                "count=16384")
            #expect(filled.exitCode != 0 && filled.errors.contains("No space left on device"), "\(filled.errors)")
            let size = try #require(
                try FileManager.default.attributesOfItem(atPath: "/proc/\(process)/root/data/filler")[.size] as? Int64)
            #expect((20 << 20...32 << 20).contains(size), "\(size) bytes of 32 MiB")
            try await eventually("the neighbour goes on writing") { writer.acknowledgedCount > before + 100 }
            #expect(try await writer.stopAndVerify() == [])
            let neighbour = try await platform.app("neighbour")
            #expect(neighbour.members.first?.restarts == 0)
            try await eventually("the use of the disk is told", within: .seconds(20)) {
                (try await platform.app("greedy").volumes.first?.used ?? 0) >= size
            }
            try await platform.clear("greedy", "neighbour")
        }

        @Test("A disk that the pool has no room for is refused, and nothing changes")
        func poolFull() async throws {
            let platform = try TestPlatform.current()
            let before = try await platform.fingerprint()
            let answer = try await platform.refused(
                "push", "redis", "huge", "--disk", "10G", "--memory", "64M", code: "pool_full", exitCode: 4)
            #expect(answer.errors.contains("hint: "))
            #expect(try await platform.fingerprint() == before)
        }

        @Test("Past its memory a process is killed and started again, and the reason is said", .proves(.memoryLimit))
        func memory() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "hungry", "--disk", "32M", "--memory", "32M")
            let client = RedisClient(port: try await platform.port(of: "hungry"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            let process = try await platform.process(of: "hungry")
            #expect(throws: (any Error).self) {
                _ = try client.command("EVAL", "return #string.rep('x', 96 * 1024 * 1024)", "0")
            }
            try await platform.waitUntilRestarted("hungry")
            try await eventually("it answers") { (try? client.command("GET", "kept")) == "yes" }
            #expect(try await platform.process(of: "hungry") != process)
            let end = try await platform.app("hungry").members.first?.lastExit?.reason ?? ""
            #expect(end.contains("killed for using more than its 32 MiB of memory"), "\(end)")
            #expect(try await platform.events(of: "hungry").contains("more than its 32 MiB of memory"))
            try await platform.clear("hungry")
        }

        @Test("Memory, processors and processes are limited by the kernel as was asked for")
        func cgroups() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "small", "--ephemeral", "--memory", "48M", "--cpu", "250m")
            let memory = try await platform.cgroup(
                of: "small", v1: ("memory", "memory.limit_in_bytes"), v2: "memory.max")
            #expect(memory == "\(48 << 20)")
            let quota = try await platform.cgroup(of: "small", v1: ("cpu", "cpu.cfs_quota_us"), v2: "cpu.max")
            let period = try await platform.cgroup(of: "small", v1: ("cpu", "cpu.cfs_period_us"), v2: "cpu.max")
            let figures = (quota + " " + period).split(separator: " ").compactMap { Double($0) }
            #expect(figures[0] / figures[1] == 0.25, "\(figures)")
            let processes = try await platform.cgroup(of: "small", v1: ("pids", "pids.max"), v2: "pids.max")
            #expect(Int(processes).map { (64...65_536).contains($0) } == true, "\(processes)")
            try await platform.clear("small")
        }
    }
}
