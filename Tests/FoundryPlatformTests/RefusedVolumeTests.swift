import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("A volume that is not the current one never starts", .serialized, .proves(.neverEmpty))
    struct RefusedVolumeTests {
        /// What happens to an app's volume behind our back, as a script in the pool's `volumes`, and how it is put right.
        struct Damage: Sendable {
            var app: String
            var code: String
            /// `$V` is the volume's directory, `$O` that of the bystander's; each is kept aside, whole, in `../kept/$V`.
            var script: String
        }

        static let damages = [
            Damage(
                app: "label", code: "volume_foreign",
                script:
                    "sed -i -E 's/(\"lineage\" : \")[0-9a-f]{8}/\\100000000/' $V/label.json; ! cmp -s $V/label.json ../kept/$V/label.json"
            ),
            Damage(
                app: "inside", code: "volume_foreign",
                script: "dd if=$O/disk.img of=$V/disk.img conv=notrunc bs=1M status=none"),
            Damage(app: "empty", code: "volume_empty", script: "mkfs.ext4 -q -F $V/disk.img"),
            Damage(app: "imageless", code: "volume_empty", script: "rm $V/disk.img"),
            Damage(app: "unlabelled", code: "volume_unreadable", script: "rm $V/label.json"),
            Damage(
                app: "garbled", code: "volume_unreadable",
                script: "dd if=/dev/urandom of=$V/label.json bs=64 count=1 conv=notrunc status=none"),
            Damage(
                app: "within", code: "volume_unreadable",
                script:
                    "mkdir ../within; mount -o loop $V/disk.img ../within; : > ../within/label.json; umount ../within; rmdir ../within"
            ),
            Damage(
                app: "older", code: "volume_older",
                script: "dd if=../old/$V/disk.img of=$V/disk.img conv=notrunc bs=1M status=none"),
            Damage(app: "copy", code: "volume_older", script: "rm -r $V; cp -r ../old/$V $V"),
            Damage(app: "missing", code: "volume_missing", script: "rm -r $V"),
        ]

        @Test(
            "Foreign, empty, older and missing volumes are refused, left as they are, and explained; put right, they start"
        )
        func refused() async throws {
            let platform = try TestPlatform.current()
            var volumes: [String: String] = [:]
            for name in Self.damages.map(\.app) + ["bystander"] {
                try await platform.must("push", "redis", name, "--disk", "16M", "--memory", "64M")
                try await Self.record("old", in: name)
                volumes[name] = try #require(try await platform.app(name).volumes.first?.guid)
            }
            let all = volumes.values.sorted().joined(separator: " ")
            try await platform.must("down", "--data", platform.data)
            try await Self.script(platform, "mkdir ../old; for v in \(all); do cp -r $v ../old/; done")
            try await platform.must("up", "--data", platform.data)
            for name in volumes.keys.sorted() {
                try await platform.waitUntilHealthy(name)
                try await Self.record("newer", in: name)
            }
            try await platform.must("down", "--data", platform.data)
            try await Self.script(platform, "mkdir ../kept; for v in \(all); do cp -r $v ../kept/; done")
            for damage in Self.damages {
                try await Self.script(
                    platform, "V=\(volumes[damage.app] ?? "") O=\(volumes["bystander"] ?? "")\n\(damage.script)")
            }
            let before = try await Self.script(platform, Self.digests(all))
            try await platform.must("up", "--data", platform.data)

            for damage in Self.damages { try await Self.expectRefused(damage, platform) }
            try await platform.waitUntilHealthy("bystander")
            try await Self.expect("newer", in: "bystander")
            try await platform.must("stop", "bystander")
            try await platform.must("down", "--data", platform.data)
            let after = try await Self.script(platform, Self.digests(all))
            #expect(
                Self.lines(after, without: volumes["bystander"]) == Self.lines(before, without: volumes["bystander"]))

            try await Self.script(
                platform,
                "for v in \(all); do [ $v = \(volumes["bystander"] ?? "") ] || { rm -rf $v; mv ../kept/$v $v; }; done; rm -r ../old ../kept"
            )
            try await platform.must("up", "--data", platform.data)
            for damage in Self.damages {
                try await platform.waitUntilHealthy(damage.app)
                try await Self.expect("newer", in: damage.app)
                try await platform.clear(damage.app)
            }
            try await platform.clear("bystander")
            try await platform.expectNoOrphans()
        }

        @Test("A volume that goes while its app is stopped is missed, never made anew")
        func goneWhileStopped() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "lost", "--disk", "16M", "--memory", "64M")
            try await Self.record("kept", in: "lost")
            try await platform.must("stop", "lost")
            let volume = try #require(try await platform.app("lost").volumes.first?.guid)
            let pool = try platform.paths().pool
            try await platform.inside("mv", "\(pool)/volumes/\(volume)", "\(pool)/aside")
            try await platform.refused("start", "lost", code: "volume_missing", exitCode: 5)
            #expect(try await platform.must("why", "lost").output.contains("is not on this cell"))
            #expect(try await platform.app("lost").members.first?.pid == nil)
            #expect(try await platform.inside("ls", "\(pool)/volumes").contains(volume) == false)
            try await platform.inside("mv", "\(pool)/aside", "\(pool)/volumes/\(volume)")
            // A cell looks at what lies on its pool when it starts.
            try platform.kill("cell")
            try await platform.waitUntilHealthy("lost")
            try await Self.expect("kept", in: "lost")
            try await platform.clear("lost")
        }

        /// The start fails with the code, says why, and starts no process.
        private static func expectRefused(_ damage: Damage, _ platform: TestPlatform) async throws {
            let answer = try await platform.foundry("restart", damage.app, "--timeout", "20s")
            #expect(
                answer.exitCode == 5 && answer.errors.contains("error[\(damage.code)]: "),
                "\(damage.app): \(answer.output)\(answer.errors)")
            let member = try #require(try await platform.app(damage.app).members.first)
            #expect(member.pid == nil && member.phase != "healthy", "\(damage.app): \(member)")
            let containers = try FileManager.default.contentsOfDirectory(atPath: try platform.paths().runc)
            #expect(!containers.contains(member.guid), "\(damage.app)")
            #expect(member.phase == "refused" && member.refusal?.code == damage.code, "\(damage.app): \(member)")
            let why = try await platform.must("why", damage.app).output
            #expect(why.contains("must not start: ") && why.contains("is refused: "), "\(why)")
            #expect(try await platform.events(of: damage.app).contains("member.refused"), "\(damage.app)")
        }

        /// What each volume holds: its label, and every file inside with its content. A file system's own record of having been mounted is not data.
        private static func digests(_ volumes: String) -> String {
            """
            mkdir ../look
            for v in \(volumes); do
                [ -e $v ] || { echo $v absent; continue; }
                [ ! -e $v/label.json ] || echo $v label $(sha256sum < $v/label.json)
                [ -e $v/disk.img ] || { echo $v without data; continue; }
                mount -o loop,ro,noload $v/disk.img ../look
                echo $v data $(tar -c --sort=name -C ../look . | sha256sum)
                umount ../look
            done
            rmdir ../look
            """
        }

        private static func lines(_ text: String, without volume: String?) -> [Substring] {
            text.split(separator: "\n").filter { !$0.hasPrefix(volume ?? "-") }
        }

        /// Runs a script in the pool's `volumes`, with a mount of its own, while the platform is down.
        @discardableResult
        private static func script(_ platform: TestPlatform, _ text: String) async throws -> String {
            let pool = platform.root + "/look"
            try FileManager.default.createDirectory(atPath: pool, withIntermediateDirectories: true)
            let begin = "mount -o loop '\(try platform.paths().poolFile)' '\(pool)'\ncd '\(pool)/volumes'\n"
            return try await Command().run(
                "unshare", ["--mount", "sh", "-es"], input: begin + text + "\n", limit: .seconds(60))
        }

        private static func record(_ value: String, in name: String) async throws {
            let client = RedisClient(port: try await TestPlatform.current().port(of: name))
            try await eventually("\(name) takes a record") { (try? client.command("SET", "kept", value)) == "OK" }
        }

        private static func expect(_ value: String, in name: String) async throws {
            let client = RedisClient(port: try await TestPlatform.current().port(of: name))
            try await eventually("\(name) has \(value)") { (try? client.command("GET", "kept")) == value }
        }
    }
}
