import Foundation
import FoundryEffects
import Testing

extension PlatformTests {
    @Suite("Interrupted", .onePlatform("interrupted"))
    struct InterruptedTests {
        @Test(
            "A drill that a person gives up takes its platform away, and leaves nothing", arguments: ["INT", "TERM"])
        func drill(signal: String) async throws {
            let place = NSTemporaryDirectory() + "interrupted-\(UUID().uuidString)"
            try FileManager.default.createDirectory(
                atPath: "\(place)/scratch", withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: place) }
            // A shell's jobs in the background do not hear SIGINT, unless they are jobs of their own.
            let script = """
                set -m
                "$1" release test "$2" --short >"$3/said" 2>&1 & pid=$!
                until grep -q '^platform: ' "$3/said"; do kill -0 $pid || exit 99; sleep 0.05; done
                ls "$TMPDIR" | cut -d- -f1-2
                kill -s "$4" $pid
                wait $pid
                """
            let output = try await Command().result(
                "bash", ["-c", script, "bash", TestPlatform.executable, Self.release, place, signal],
                environment: ["TMPDIR": "\(place)/scratch", "FOUNDRY_HOME": "\(place)/home"], limit: .seconds(120))
            let said = try String(contentsOfFile: "\(place)/said", encoding: .utf8)
            #expect(output.exitCode == 130, "\(output.standardError)\n\(said)")
            #expect(output.standardOutput == "foundry-drill\nfoundry-release\n")
            #expect(try FileManager.default.contentsOfDirectory(atPath: "\(place)/scratch") == [], "\(said)")
            #expect(try !String(contentsOfFile: "/proc/mounts", encoding: .utf8).contains(place))
        }

        @Test(
            "At the question whether an author is trusted, an installation ends, and keeps nothing of what it unpacked")
        func question() async throws {
            let platform = try TestPlatform.current()
            let place = NSTemporaryDirectory() + "interrupted-\(UUID().uuidString)"
            let scratch = "\(place)/scratch"
            try FileManager.default.createDirectory(atPath: scratch, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(atPath: place) }
            // Signed by an author whom the one who installs does not know.
            try await Command().run(
                TestPlatform.executable, ["release", "pack", Self.release, "--file", "\(place)/a.tgz"],
                environment: ["FOUNDRY_HOME": "\(place)/author"])
            let install = try TypedCommand(
                ["release", "install", "\(place)/a.tgz"],
                platform.environment.merging(["TMPDIR": scratch]) { $1 }, (24, 100))
            try await install.waits(for: "trust that from now on? [y/N]")
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch).count == 1)
            install.signal(SIGINT)
            #expect(try await install.end() == 130)
            #expect(try FileManager.default.contentsOfDirectory(atPath: scratch) == [])
        }

        private static let release =
            URL(filePath: #filePath).deletingLastPathComponent().path() + "../../releases/redis"
    }
}
