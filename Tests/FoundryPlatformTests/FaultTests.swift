import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests {
    @Suite("A data directory, and a pool, that fail", .serialized)
    struct FaultTests {
        @Test(
            "A data directory that turned read-only stops ours and no member; writable again, all of ours comes back by itself"
        )
        func readOnly() async throws {
            try await TestPlatform.with("readonly") { platform in
                try await platform.must("push", "redis", "keeper", "--disk", "16M", "--memory", "64M")
                let process = try await platform.process(of: "keeper")
                let writer = NumberedWriter(port: try await platform.port(of: "keeper"))
                writer.start()
                try await Self.mounted(platform, "mount --bind $D $D && mount -o remount,ro,bind $D", "umount -l $D") {
                    for daemon in ["server", "cell", "router"] { try platform.kill(daemon) }
                    try await eventually("their logs cannot be opened") {
                        try await platform.foundry("status", "--data", platform.data).output.contains(
                            "cannot be opened")
                    }
                    let count = writer.acknowledgedCount
                    try await eventually("the member goes on") { writer.acknowledgedCount > count + 50 }
                    let doctor = try await platform.foundry("doctor", "--data", platform.data)
                    #expect(doctor.exitCode == 6 && doctor.output.contains("Read-only file system"), "\(doctor.output)")
                    #expect(doctor.output.contains("mount -o remount,rw"), "\(doctor.output)")
                }
                try await platform.waitUntilHealthy("keeper")
                #expect(try await writer.stopAndVerify() == [])
                #expect(try await platform.process(of: "keeper") == process)
                try await platform.must("store", "check", "--data", platform.data)
                try await platform.expectNoOrphans()
            }
        }

        @Test("Without a free file the rest runs on and what is new says why not; with some it goes on by itself")
        func inodes() async throws {
            let platform = try TestPlatform("inodes")
            let image = platform.root + "/device.img"
            let made = try await platform.run(
                "sh", "-ec", "truncate -s 2G '\(image)'; losetup --show -f '\(image)'")
            let device = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
            try FileManager.default.createDirectory(atPath: platform.data, withIntermediateDirectories: true)
            var failure: (any Error)?
            do {
                try await Self.mounted(platform, "mount -t tmpfs -o nr_inodes=400,size=256m none $D", "umount $D") {
                    do { try await Self.fill(platform, device) } catch { failure = error }
                    _ = try await platform.foundry("reset", "--yes", "--data", platform.data)
                }
            } catch { failure = failure ?? error }
            _ = try await platform.run("losetup", "-d", device)
            try FileManager.default.removeItem(atPath: platform.root)
            if let failure { throw failure }
        }

        private static func fill(_ platform: TestPlatform, _ device: String) async throws {
            try await platform.must([
                "up", "--data", platform.data, "--images", TestPlatform.images, "--layers", TestPlatform.layers,
                "--pool-device", device,
            ])
            try await platform.must("push", "redis", "keeper", "--disk", "16M", "--memory", "64M")
            let client = RedisClient(port: try await platform.port(of: "keeper"))
            let filler = platform.data + "/log/filler"
            _ = try await platform.run(
                "sh", "-c", "mkdir '\(filler)'; cd '\(filler)'; i=0; while : >$i; do i=$((i+1)); done 2>/dev/null")
            let push = try await platform.foundry(
                "push", "redis", "second", "--disk", "16M", "--memory", "64M", "--timeout", "3s")
            #expect(push.exitCode != 0)
            let why = try await platform.must("why", "second").output
            #expect(why.contains("cannot be made") && why.contains("foundry doctor"), "\(why)")
            let doctor = try await platform.foundry("doctor", "--data", platform.data)
            #expect(doctor.exitCode == 6 && doctor.output.contains("0 of 400 can be made"), "\(doctor.output)")
            #expect(try client.command("SET", "k", "v") == "OK")
            // The server too finds its way without a new file.
            try platform.kill("server")
            try await platform.eventually("apps")
            try await platform.must("store", "backup", platform.root + "/backup", "--data", platform.data)
            try FileManager.default.removeItem(atPath: filler)
            try await platform.waitUntilHealthy("second")
            #expect(try client.command("GET", "k") == "v")
            try await platform.expectNoOrphans()
        }

        @Test(
            "A pool that is another's, or is missing, is not used and not made anew; down ends, and with the right one all goes on"
        )
        func foreignPool() async throws {
            try await TestPlatform.with("pools") { platform in
                try await platform.must("push", "redis", "keeper", "--disk", "16M", "--memory", "64M")
                let client = RedisClient(port: try await platform.port(of: "keeper"))
                #expect(try client.command("SET", "k", "v") == "OK")
                let pool = try platform.paths().poolFile
                for (script, words) in [
                    (
                        "truncate -s 1G '\(pool)'; mkfs.btrfs -q -L foundry-999999 '\(pool)' >&2",
                        "is not a pool of this installation"
                    ),
                    ("dd if=/dev/urandom of='\(pool)' bs=1M count=1 status=none", "is not a pool of this installation"),
                    (":", "file is missing"),
                ] {
                    try await platform.must("down", "--data", platform.data)
                    try FileManager.default.moveItem(atPath: pool, toPath: pool + ".ours")
                    #expect(try await platform.run("sh", "-ec", script).exitCode == 0)
                    let size = Self.size(pool)
                    let up = try await platform.foundry("up", "--data", platform.data)
                    #expect(
                        up.exitCode == 6 && up.errors.contains(words) && up.errors.contains("foundry doctor"),
                        "\(up.errors)")
                    let doctor = try await platform.foundry("doctor", "--data", platform.data).output
                    #expect(doctor.contains(words), "\(doctor)")
                    #expect(Self.size(pool) == size, "left as it is")
                    try await platform.must("down", "--data", platform.data, limit: .seconds(30))
                    try? FileManager.default.removeItem(atPath: pool)
                    try FileManager.default.moveItem(atPath: pool + ".ours", toPath: pool)
                    try await platform.must("up", "--data", platform.data)
                    try await platform.waitUntilHealthy("keeper")
                    try await eventually("its data is there") { (try? client.command("GET", "k")) == "v" }
                }
                try await platform.expectNoOrphans()
            }
        }

        private static func size(_ path: String) -> Int? {
            (try? FileManager.default.attributesOfItem(atPath: path))?[.size] as? Int
        }

        /// `$D` is the data directory. What was mounted is unmounted, also after a failure.
        private static func mounted(
            _ platform: TestPlatform, _ begin: String, _ end: String, _ body: () async throws -> Void
        ) async throws {
            let began = try await platform.run("sh", "-ec", "D='\(platform.data)'; \(begin)")
            guard began.exitCode == 0 else { throw Failure("it cannot be mounted: \(began.errors)") }
            var failure: (any Error)?
            do { try await body() } catch { failure = error }
            let ended = try await platform.run("sh", "-ec", "D='\(platform.data)'; \(end)")
            if let failure { throw failure }
            #expect(ended.exitCode == 0, "\(ended.errors)")
        }
    }
}
