import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests {
    @Suite("The platform's records, back as they were", .serialized)
    struct StoreRestoreTests {
        @Test(
            "After a restore each app has what was written since; what the records do not know is left as it is, told, and comes back with the records that know it"
        )
        func restored() async throws {
            try await TestPlatform.with("restore") { platform in
                let backup = platform.root + "/backup"
                for name in ["kept", "gone"] {
                    try await platform.must("push", "redis", name, "--disk", "16M", "--memory", "64M")
                }
                let writer = NumberedWriter(port: try await platform.port(of: "kept"))
                writer.start()
                try await platform.must("store", "backup", backup, "--data", platform.data)
                try await platform.must("store", "check", backup, "--data", platform.data)
                _ = try await platform.refused(
                    "store", "backup", backup, "--data", platform.data, code: "conflict", exitCode: 4)
                try await eventually("it goes on") { writer.acknowledgedCount > 100 }
                #expect(try await writer.stopAndVerify() == [])
                // Held anew, under an epoch that the backup does not know.
                try await platform.must("stop", "kept")
                try await platform.must("start", "kept")
                try await Self.record("newer", in: "kept", platform)
                try await platform.must("push", "redis", "late", "--disk", "16M", "--memory", "64M")
                try await Self.record("late", in: "late", platform)
                let late = try #require(try await platform.app("late").volumes.first?.guid)
                try await platform.must("delete", "gone", "--purge", "--force")

                _ = try await platform.refused(
                    "store", "restore", backup, "--data", platform.data, code: "already_running", exitCode: 4)
                let kept = try await Self.restore(backup, platform)
                try await Self.expect("newer", in: "kept", platform)
                #expect(try await writer.stopAndVerify() == [], "acknowledged records are lost")
                #expect(try await platform.app("kept").volumes.first.map { Epoch($0.epoch) } == .first(of: 1).next)

                try await eventually("gone is missed") { try await platform.app("gone").state == "refused" }
                let why = try await platform.must("why", "gone").output
                #expect(
                    why.contains("was made once, and is not on this cell")
                        && why.contains("The store was restored at "), "\(why)")
                #expect(why.contains("hint: foundry delete gone"), "\(why)")
                try await platform.must("delete", "gone", "--force")

                #expect(try await platform.foundry("app", "late").exitCode == 3)
                let doctor = try await platform.must("doctor", "--data", platform.data).output
                #expect(doctor.contains("unknown data") && doctor.contains(late.prefix(8)), "\(doctor)")
                // As docs/guide/store.md says.
                let image = try platform.paths().pool + "/volumes/\(late)/disk.img"
                let look = """
                    mkdir -p /tmp/look-$$ && mount -o loop,ro,noload '\(image)' /tmp/look-$$
                    cat /tmp/look-$$/data/appendonlydir/*.aof; umount /tmp/look-$$; rmdir /tmp/look-$$
                    """
                let found = try await platform.run(
                    "nsenter", "--mount=\(try platform.paths().mountNamespace)", "unshare", "--mount", "sh", "-es",
                    input: look)
                #expect(found.output.contains("late"), "\(found.errors)")

                _ = try await Self.restore(kept + "/store.sqlite", platform)
                try await platform.waitUntilHealthy("late")
                try await Self.expect("late", in: "late", platform)
                try await Self.expect("newer", in: "kept", platform)
                #expect(
                    try await platform.must("store", "check", "--data", platform.data).output.contains("It is sound."))
                try await platform.expectNoOrphans()
            }
        }

        /// Down, restore, up.
        ///
        /// - Returns: where the store is kept that was there.
        private static func restore(_ file: String, _ platform: TestPlatform) async throws -> String {
            struct Answer: Decodable { var kept: String }
            try await platform.must("down", "--data", platform.data)
            let answer = try await platform.must("store", "restore", file, "--data", platform.data, "--output", "json")
            try await platform.up()
            try await platform.waitUntilHealthy("kept")
            return try JSONDecoder().decode(Answer.self, from: Data(answer.output.utf8)).kept
        }

        private static func record(_ value: String, in name: String, _ platform: TestPlatform) async throws {
            let client = RedisClient(port: try await platform.port(of: name))
            try await eventually("\(name) takes a record") { (try? client.command("SET", "kept", value)) == "OK" }
        }

        private static func expect(_ value: String, in name: String, _ platform: TestPlatform) async throws {
            let client = RedisClient(port: try await platform.port(of: name))
            try await eventually("\(name) has \(value)") { (try? client.command("GET", "kept")) == value }
        }
    }
}
