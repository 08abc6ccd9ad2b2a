import Foundation
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Commands in members", .serialized)
    struct ExecTests {
        private static let app = "inside"

        private func platform() async throws -> TestPlatform {
            let platform = try TestPlatform.current()
            if try await platform.apps().contains(where: { $0.name == Self.app }) == false {
                try await platform.must("push", "redis", Self.app, "--disk", "32M", "--memory", "64M")
            }
            return platform
        }

        @Test("A command's output, errors and exit code are its own, and it runs as the member's process does")
        func outcome() async throws {
            let platform = try await platform()
            let both = try await platform.foundry(
                "exec", Self.app, "--", "sh", "-c", "echo to out; echo to errors >&2; exit 42")
            #expect(both.output == "to out\n" && both.errors == "to errors\n" && both.exitCode == 42)
            let killed = try await platform.foundry("exec", Self.app, "--", "sh", "-c", "kill -TERM $$")
            #expect(killed.exitCode == 128 + SIGTERM && killed.errors.isEmpty, "\(killed)")
            #expect(try await platform.must("exec", Self.app, "--", "redis-cli", "ping").output == "PONG\n")
            let missing = try await platform.refused(
                "exec", Self.app, "--", "no-such-program", code: "program_not_found", exitCode: 127)
            #expect(missing.errors.contains("inside/0 has no program 'no-such-program'"), "\(missing.errors)")
            try await platform.refused(
                "exec", Self.app, "--", "/etc/passwd", code: "program_not_executable", exitCode: 126)

            let member = try await platform.process(of: Self.app)
            let own = try await platform.must("exec", Self.app, "--", "cat", "/proc/self/status").output
            let status = Machine.read("/proc/\(member)/status")
            for field in ["Uid:", "Gid:", "Groups:", "CapPrm:", "CapEff:", "CapBnd:", "NoNewPrivs:", "Seccomp:"] {
                let line = { (text: String) in text.split(separator: "\n").first { $0.hasPrefix(field) } }
                #expect(line(own) == line(status) && line(own) != nil, "\(field)")
            }
            let root = try await platform.must("exec", Self.app, "--user", "root", "--", "id", "-u").output
            #expect(root == "0\n")
            let other = try await platform.must(
                "exec", Self.app, "-u", "daemon:tty", "--", "sh", "-c", "id -un; id -gn")
            #expect(other.output == "daemon\ntty\n")
            try await platform.refused(
                "exec", Self.app, "-u", "nobody-here", "--", "true", code: "bad_request", exitCode: 2)
            let place = try await platform.must("exec", Self.app, "--", "readlink", "/proc/self/cwd").output
            #expect(place == (try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/\(member)/cwd")) + "\n")
            let variables = try await platform.must("exec", Self.app, "--", "env").output.split(separator: "\n")
            #expect(variables.contains("FOUNDRY_DISK_SYNC=normal"), "what its process is told: \(variables)")
            #expect(Machine.argumentLists().allSatisfy { !$0.contains("FOUNDRY_DISK_SYNC") })
        }

        @Test("Eight megabytes go in and come out as they were, and the end of the input is seen inside")
        func roundTrip() async throws {
            let platform = try await platform()
            let file = platform.root + "/eight"
            try Data((0..<8 << 20).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }).write(
                to: URL(filePath: file))
            let script = "'\(TestPlatform.executable)' exec \(Self.app) -- cat < \(file) | sha256sum"
            let back = try await platform.run("bash", "-o", "pipefail", "-c", script)
            let here = try await platform.run("bash", "-c", "sha256sum < \(file)")
            #expect(back.exitCode == 0 && back.output == here.output, "\(back.errors)")
            let there = try await platform.run(
                "bash", "-c", "'\(TestPlatform.executable)' exec \(Self.app) -- sha256sum < \(file)")
            #expect(there.output == here.output)
            let few = try await platform.run(
                "bash", "-c", "'\(TestPlatform.executable)' exec \(Self.app) -- yes | head -n 2")
            #expect(few.output == "y\ny\n" && few.exitCode == 0)
            let codes = "'\(TestPlatform.executable)' exec \(Self.app) -- yes | head -n 1; echo ${PIPESTATUS[0]}"
            #expect(try await platform.run("bash", "-c", codes).output == "y\n\(128 + SIGPIPE)\n")
            let full = try await platform.run(
                "bash", "-c", "'\(TestPlatform.executable)' exec \(Self.app) -- seq 100000 > /dev/full")
            #expect(full.exitCode == 6 && full.errors.contains("error[exec_broken]"), "\(full)")
        }

        @Test(
            "At a terminal: its size is known and followed, Ctrl-C goes to the program, and afterwards all is as before"
        )
        func terminal() async throws {
            let platform = try await platform()
            let shell = try TypedCommand(["exec", Self.app, "--tty", "--", "sh"], platform.environment, (33, 101))
            try await shell.waits(for: "$ ")
            try shell.type("stty size; echo $TERM\r")
            try await shell.waits(for: "33 101\r\nxterm-256color")
            #expect(shell.isRaw)
            try shell.resize(40, 120)
            try await eventually("the new size is known inside") {
                try shell.type("stty size\r")
                return await shell.shows("40 120")
            }
            try shell.type("sleep 4711\r")
            try await eventually("it sleeps") { Machine.argumentLists().contains { $0.hasPrefix("sleep\u{0}4711") } }
            try shell.type("\u{3}")
            try shell.type("echo code $?\r")
            try await shell.waits(for: "code 130")
            try shell.type("exit 9\r")
            #expect(try await shell.end() == 9 && !shell.isRaw)

            let ended = try TypedCommand(["exec", Self.app, "-t", "--", "sh"], platform.environment, (24, 80))
            try await ended.waits(for: "$ ")
            #expect(ended.isRaw)
            ended.signal(SIGTERM)
            #expect(try await ended.end() == 128 + SIGTERM && !ended.isRaw)
            let none = try await platform.refused(
                "exec", Self.app, "--tty", "--", "sh", code: "usage", exitCode: 2)
            #expect(none.errors.contains("terminal"))
        }

        @Test("When the client goes, the program inside goes, and all that it started")
        func clientGone() async throws {
            let platform = try await platform()
            let client = try TypedCommand(
                ["exec", Self.app, "--", "sh", "-c", "(setsid sleep 4712 &) ; trap '' HUP; sleep 4713; echo"],
                platform.environment, (24, 80))
            let inside = { Machine.argumentLists().filter { $0.hasPrefix("sleep\u{0}471") }.count }
            try await eventually("both sleep") { inside() == 2 }
            client.signal(SIGKILL)
            try await eventually("none is left", within: .seconds(5)) { inside() == 0 }
            // What a command leaves behind when it ends goes as well.
            _ = try await platform.must(
                "exec", Self.app, "--", "sh", "-c", "sleep 4714 & echo left", limit: .seconds(10))
            try await eventually("nothing is left behind", within: .seconds(5)) { inside() == 0 }
            _ = try await client.end()
            try await platform.expectNoOrphans()
        }

        @Test("Whatever ends it from outside is said: the member's stop, the cell's death, the server's")
        func endedFromOutside() async throws {
            let platform = try await platform()
            func begin(_ seconds: Int) async throws -> Task<TestPlatform.Answer, any Error> {
                let running = Task { try await platform.foundry("exec", Self.app, "--", "sleep", "\(seconds)") }
                try await eventually("it runs") {
                    Machine.argumentLists().contains { $0.hasPrefix("sleep\u{0}\(seconds)") }
                }
                return running
            }
            func expect(_ answer: TestPlatform.Answer, _ words: String) {
                #expect(answer.exitCode == 6 && answer.errors.contains("error[exec_broken]"), "\(answer)")
                #expect(answer.errors.contains(words) && answer.errors.contains("hint: foundry "), "\(answer.errors)")
            }
            for (daemon, words) in [("cell", "The cell went away"), ("server", "The server went away")] {
                let running = try await begin(4_720)
                try platform.kill(daemon)
                expect(try await running.value, words)
                try await eventually("nothing of it is left") {
                    !Machine.argumentLists().contains { $0.hasPrefix("sleep\u{0}4720") }
                }
                try await platform.waitUntilHealthy(Self.app)
                // The cell follows its orders again.
                try await platform.eventually("exec", Self.app, "--", "true")
            }
            let running = try await begin(4_721)
            try await platform.must("stop", Self.app)
            expect(try await running.value, "inside/0 stopped, and the command with it")
            let stopped = try await platform.refused(
                "exec", Self.app, "--", "true", code: "member_not_running", exitCode: 5)
            #expect(stopped.errors.contains("hint: foundry start inside"))
            try await platform.refused(
                "exec", Self.app, "--instance", "7", "--", "true", code: "not_found", exitCode: 3)
            try await platform.refused("exec", "nobody", "--", "true", code: "app_not_found", exitCode: 3)
            try await platform.clear(Self.app)
        }
    }
}
