import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("A deleted app's volume", .serialized)
    struct DeletedVolumeTests {
        @Test(
            "It is kept for its grace period, beside a new app of the same name; --purge removes it at once",
            .proves(.deleteKeeps))
        func kept() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "gone", "--disk", "16M", "--memory", "64M")
            let volume = try #require(try await platform.app("gone").volumes.first?.guid)
            try await platform.must("delete", "gone", "--force")
            #expect(try await platform.foundry("app", "gone").exitCode == 3)
            let found = try #require(try await platform.volumeList().first { $0.guid == volume })
            let until = try #require(
                found.keptUntil.flatMap {
                    try? Date($0, strategy: .iso8601.year().month().day().time(includingFractionalSeconds: true))
                })
            #expect(found.phase == "kept" && abs(until.timeIntervalSinceNow - 7 * 86_400) < 120)
            #expect(try await platform.must("volumes").output.contains("gone"))
            try await platform.expectNoOrphans()

            try await platform.must("push", "redis", "gone", "--disk", "16M", "--memory", "64M")
            let second = try #require(try await platform.app("gone").volumes.first?.guid)
            #expect(second != volume)
            #expect(try RedisClient(port: try await platform.port(of: "gone")).command("DBSIZE") == "0")
            try await platform.must("delete", "gone", "--purge", "--force")
            try await eventually("it is purged") { try await platform.volumes().contains(second) == false }
            #expect(try await platform.volumes().contains(volume))
            try await platform.expectNoOrphans()
        }

        @Test("When the period is over, it is purged")
        func graceOver() async throws {
            let platform = try TestPlatform.current()
            let old = try await platform.volumes()
            try await platform.reconfigure { $0.volumeGraceDays = 0 }
            try await platform.must("push", "redis", "soon", "--disk", "16M", "--memory", "64M")
            let volume = try #require(try await platform.app("soon").volumes.first?.guid)
            try await platform.must("delete", "soon", "--force")
            try await eventually("it is purged") { try await platform.volumes().contains(volume) == false }
            #expect(try await platform.volumes() == old, "what was promised seven days is kept")
            try await platform.expectNoOrphans()
            #expect(
                try await platform.must("events", "--output", "json", "--limit", "50").output.contains("volume.purged"))
            try await platform.reconfigure { $0.volumeGraceDays = 7 }
        }
    }
}
