import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("How a disk syncs, and how fast it may go", .serialized)
    struct DiskPolicyTests {
        private static let engine = "defer-engine"

        /// Writes so many records more, and says how many flushes that took.
        private static func flushes(
            _ platform: TestPlatform, _ name: String, _ writer: NumberedWriter, records: Int
        ) async throws -> (flushes: Int, records: Int) {
            let device = try await platform.device(of: name)
            let (flushes, before) = (try platform.flushes(of: device), writer.acknowledgedCount)
            try await eventually("\(records) records are written", within: .seconds(60)) {
                writer.acknowledgedCount >= before + records
            }
            return (try platform.flushes(of: device) - flushes, writer.acknowledgedCount - before)
        }

        @Test("What is synced is flushed, once for each acknowledged write of one client", .proves(.syncNormal))
        func normal() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "plain", "--disk", "64M", "--memory", "64M")
            let writer = NumberedWriter(port: try await platform.port(of: "plain"))
            writer.start()
            let (flushes, records) = try await Self.flushes(platform, "plain", writer, records: 300)
            #expect(flushes >= records - 1, "\(flushes) flushes of \(records) records")
            #expect(try await writer.stopAndVerify() == [])
            try await platform.clear("plain")
        }

        @Test(
            "An engine that defers by itself flushes seldom, and a power cut takes only the end",
            .proves(.syncDeferredByEngine))
        func byEngine() async throws {
            let platform = try TestPlatform.current()
            let pushed = try await platform.must(
                "push", "redis", Self.engine, "--disk", "64M", "--memory", "64M", "--disk-sync", "defer")
            #expect(pushed.output.contains("as its engine's own setting has it, and keeps their order."))
            let writer = NumberedWriter(port: try await platform.port(of: Self.engine))
            writer.start()
            let (flushes, records) = try await Self.flushes(platform, Self.engine, writer, records: 3_000)
            #expect(flushes * 10 < records, "\(flushes) flushes of \(records) records")
            let acknowledged = writer.acknowledgedCount
            // Redis syncs every second, in a thread that may be late by another one.
            try await eventually("more came") { writer.acknowledgedCount > acknowledged }
            try await Task.sleep(for: .seconds(3))
            let found = try await platform.afterPowerCut(of: Self.engine)
            #expect((1...acknowledged).filter { !found.contains($0) } == [], "of what was older than three seconds")
            #expect(found == Set(1...(found.max() ?? 0)), "no later write without the earlier ones")
            #expect(try await writer.stopAndVerify() == [])
            try await platform.clear(Self.engine)
        }

        @Test("What is written is on the disk, though its program never syncs", .proves(.syncImmediate))
        func immediate() async throws {
            let platform = try TestPlatform.current()
            let pushed = try await platform.must(
                "push", "redis", "strict", "--disk", "64M", "--memory", "64M", "--disk-sync", "immediate", "--env",
                "REDIS_APPENDFSYNC=no")
            #expect(pushed.output.contains("is on the disk when the write returns, synced or not"))
            let writer = NumberedWriter(port: try await platform.port(of: "strict"))
            writer.start()
            try await eventually("records are written") { writer.acknowledgedCount > 200 }
            let acknowledged = writer.acknowledgedCount
            let found = try await platform.afterPowerCut(of: "strict")
            #expect((1...acknowledged).filter { !found.contains($0) } == [], "of \(acknowledged) acknowledged records")
            #expect(try await writer.stopAndVerify() == [])
            #expect(try await platform.must("app", "strict").output.contains("disk sync immediate"))
            try await platform.clear("strict")
        }

        @Test(
            "Where the platform defers, syncs return at once, a flush follows in time, and a power cut takes no more than the contract says",
            .proves(.syncDeferredByPlatform, .deferredHolds))
        func byPlatform() async throws {
            let platform = try TestPlatform.current()
            let registry = try await Registry(in: platform.root)
            do {
                // As if its author knew nothing of deferrals.
                try await registry.add(
                    "redis:7", as: "team/unaware:1",
                    changing: ".config.Env |= map(select(startswith(\"FOUNDRY_DISK_SYNC\") | not))")
                try await defers(platform, "\(registry.host)/team/unaware:1")
                await registry.stop()
            } catch {
                await registry.stop()
                throw error
            }
        }

        private func defers(_ platform: TestPlatform, _ image: String) async throws {
            let refused = try await platform.refused(
                "push", image, "later", "--disk", "64M", "--disk-sync", "defer:50", code: "policy_conflict", exitCode: 4
            )
            #expect(refused.errors.contains("--tolerates reorder"))
            let pushed = try await platform.must(
                "push", image, "later", "--disk", "64M", "--memory", "64M", "--disk-sync", "defer:50", "--tolerates",
                "reorder", "--env", "REDIS_APPENDFSYNC=always")
            #expect(pushed.output.contains("its disk is flushed 50 ms after each flush"))
            let writer = NumberedWriter(port: try await platform.port(of: "later"))
            writer.start()
            let (flushes, records) = try await Self.flushes(platform, "later", writer, records: 3_000)
            #expect(flushes > 0 && flushes * 10 < records, "\(flushes) flushes of \(records) records")
            let acknowledged = writer.acknowledgedCount
            try await Task.sleep(for: .milliseconds(2 * 50 + 1_000))
            let found = try await platform.afterPowerCut(of: "later")
            #expect(
                (1...acknowledged).filter { !found.contains($0) } == [], "of what was older than the contract allows")
            try await hold(platform, writer)
            #expect(try await writer.stopAndVerify() == [])
            try await platform.clear("later")
        }

        /// With a disk that takes a page a second a flush does not end in time.
        private func hold(_ platform: TestPlatform, _ writer: NumberedWriter) async throws {
            guard FileManager.default.fileExists(atPath: Self.throttle) else { return }
            let device = try await platform.device(of: "later")
            let number = try String(contentsOfFile: "/sys/block/\(device)/dev", encoding: .utf8)
                .trimmingCharacters(in: .whitespacesAndNewlines)
            func limit(_ bytes: Int) throws {
                try Data("\(number) \(bytes)".utf8).write(to: URL(fileURLWithPath: Self.throttle))
            }
            func state() async throws -> String {
                try await platform.cgroup(of: "later", v1: ("freezer", "freezer.state"), v2: "cgroup.freeze")
            }
            #expect(try await state() == "THAWED")
            try limit(4_096)
            do {
                try await eventually("it is held", within: .seconds(20)) { try await state() != "THAWED" }
                try limit(0)
            } catch {
                try limit(0)
                throw error
            }
            let before = writer.acknowledgedCount
            try await eventually("it goes on when its disk was flushed", within: .seconds(30)) {
                try await state() == "THAWED" && writer.acknowledgedCount > before + 100
            }
        }

        private static let throttle = "/sys/fs/cgroup/blkio/blkio.throttle.write_bps_device"

        @Test(
            "A class of pace is a ceiling of the disk's bytes, through the page cache and past it; without one it is faster",
            .proves(.diskPace))
        func pace() async throws {
            let platform = try TestPlatform.current()
            try await platform.must(
                "push", "redis", "slow", "--disk", "64M", "--memory", "64M", "--io-performance", "low")
            try await platform.must("push", "redis", "fast", "--disk", "64M", "--memory", "64M")
            for flag in ["oflag=direct", "conv=fsync"] {
                let slow = try await write(platform, "slow", flag)
                let fast = try await write(platform, "fast", flag)
                // 20 MiB at 10 MiB a second; the first tenth of a second's worth is not held up.
                #expect(slow >= .milliseconds(1_700) && fast < slow, "\(flag): \(slow), \(fast)")
            }
            try await platform.clear("slow", "fast")
        }

        private func write(_ platform: TestPlatform, _ name: String, _ flag: String) async throws -> Duration {
            let process = try await platform.process(of: name)
            let clock = ContinuousClock()
            let began = clock.now
            let written = try await platform.run(
                "nsenter", "--target=\(process)", "--mount", "--setgid=60900", "--setuid=60900", "dd", "if=/dev/zero",
                "of=/data/filler", "bs=1M", "count=20", flag)
            #expect(written.exitCode == 0, "\(written.errors)")
            return clock.now - began
        }
    }
}
