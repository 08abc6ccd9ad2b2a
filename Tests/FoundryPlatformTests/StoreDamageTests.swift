import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests {
    @Suite("A store that cannot be used", .serialized)
    struct StoreDamageTests {
        struct Damage: Sendable {
            var name: String
            /// `$S` is the store's file.
            var script: String
            var words: String
        }

        static let damages = [
            // All that was written since the store was made.
            Damage(name: "log", script: "rm -f $S-wal $S-shm", words: "older than it was"),
            Damage(
                name: "pages",
                script: "dd if=/dev/urandom of=$S bs=4096 seek=1 count=12 conv=notrunc status=none; : > $S-wal",
                words: "damaged"),
            Damage(name: "half", script: "truncate -s 12288 $S; rm -f $S-wal $S-shm", words: "damaged"),
            Damage(name: "zero", script: ": > $S; rm -f $S-wal $S-shm", words: "is empty"),
            Damage(name: "missing", script: "rm -f $S $S-wal $S-shm", words: "is missing"),
        ]

        @Test(
            "Damaged, cut short, empty, missing or without its log: apps run on, doctor says which commands help, and they do; nothing is removed"
        )
        func damaged() async throws {
            try await TestPlatform.with("damage") { platform in
                try await platform.must("push", "redis", "keeper", "--disk", "16M", "--memory", "64M")
                let paths = try platform.paths()
                let process = try await platform.process(of: "keeper")
                let client = RedisClient(port: try await platform.port(of: "keeper"))
                // A server that starts takes one, if there is none of these records.
                let folder = paths.backups
                try platform.kill("server")
                try await eventually("a backup was taken") {
                    !((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter {
                        $0.hasSuffix(".backup")
                    }.isEmpty
                }
                for (number, damage) in Self.damages.enumerated() {
                    try await Self.apply(damage, platform)
                    // What runs, runs on.
                    #expect(try client.command("SET", "k\(number)", "v") == "OK", "\(damage.name)")
                    if number == 0 { #expect(kill(process, 0) == 0) }
                    let before = try Self.digest(paths.store)
                    let finding = try await Self.finding("store", platform)
                    let said = (finding.found ?? "") + (finding.consequence ?? "") + (try Self.lastError(paths))
                    #expect(said.contains(damage.words), "\(damage.name): \(said)")
                    if damage.name != "log" {
                        #expect(try Self.digest(paths.store) == before, "\(damage.name): it is left as it is")
                    }
                    try await Self.follow(finding.remedy ?? Self.hint(paths), platform)
                    try await platform.waitUntilHealthy("keeper")
                    for earlier in 0...number {
                        try await eventually("k\(earlier) is there") {
                            (try? client.command("GET", "k\(earlier)")) == "v"
                        }
                    }
                    try await platform.must("store", "check", "--data", platform.data)
                }
                try await platform.expectNoOrphans()
            }
        }

        /// The server is killed, finds its store damaged, and is not up again.
        private static func apply(_ damage: Damage, _ platform: TestPlatform) async throws {
            let paths = try platform.paths()
            // Nobody starts it before the damage is done.
            let supervisor = try #require(try platform.pid("supervisor"))
            Glibc.kill(supervisor, SIGSTOP)
            try platform.kill("server")
            let script = try await platform.run("sh", "-ec", "S='\(paths.store)'; \(damage.script)")
            Glibc.kill(supervisor, SIGCONT)
            #expect(script.exitCode == 0, "\(script.errors)")
            try await eventually("the server ends again and again") {
                let records = (try? String(contentsOfFile: "\(paths.run)/daemons.json", encoding: .utf8)) ?? ""
                return records.contains("exited with status 6")
            }
        }

        private struct Finding: Decodable {
            var check: String
            var state: String
            var found: String?
            var consequence: String?
            var remedy: String?
        }

        private static func finding(_ check: String, _ platform: TestPlatform) async throws -> Finding {
            struct Answer: Decodable { var findings: [Finding] }
            let answer = try await platform.foundry("doctor", "--data", platform.data, "--output", "json")
            let findings = try TestPlatform.decoder.decode(Answer.self, from: Data(answer.output.utf8)).findings
            return try #require(findings.first { $0.check == check })
        }

        /// The last that the server said.
        private static func lastError(_ paths: Paths) throws -> String {
            let log = try String(contentsOfFile: "\(paths.logs)/server.log", encoding: .utf8)
            return log.split(separator: "\n").last { $0.hasPrefix("error[") }.map(String.init) ?? ""
        }

        private static func hint(_ paths: Paths) throws -> String {
            let log = try String(contentsOfFile: "\(paths.logs)/server.log", encoding: .utf8)
            return log.split(separator: "\n").last { $0.hasPrefix("hint: ") }.map(String.init) ?? ""
        }

        /// The commands of a remedy, each as it stands.
        private static func follow(_ remedy: String, _ platform: TestPlatform) async throws {
            let words = remedy.split(separator: ";")[0].replacingOccurrences(of: "`", with: "").components(
                separatedBy: ", then ")
            #expect(words.count == 3, "\(remedy)")
            for line in words {
                let arguments = line.split(separator: " ").map(String.init)
                let start = try #require(arguments.firstIndex(of: "foundry"))
                try await platform.must(Array(arguments[(start + 1)...]))
            }
        }

        private static func digest(_ path: String) throws -> Data? { FileManager.default.contents(atPath: path) }
    }
}
