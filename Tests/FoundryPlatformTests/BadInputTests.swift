import Foundation
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Bad input changes nothing", .serialized)
    struct BadInputTests {
        struct Bad: Sendable, CustomTestStringConvertible {
            var words: [String]
            var code: String
            var exitCode: Int32 = 4
            var says = ""
            /// A registry may take longer.
            var limit = Duration.seconds(1)
            var testDescription: String { words.joined(separator: " ") }
        }

        static let commands: [Bad] = [
            Bad(words: ["postgrs", "bad", "--disk", "32M"], code: "image_unknown", says: "did you mean postgres"),
            Bad(words: ["redis:99", "bad", "--disk", "32M"], code: "image_unknown"),
            Bad(words: ["::", "bad"], code: "image_invalid"),
            Bad(words: ["redis", "bad", "--disk", "0"], code: "size_invalid"),
            Bad(words: ["redis", "bad", "--disk=-5M"], code: "size_invalid"),
            Bad(words: ["redis", "bad", "--disk", "plenty"], code: "size_invalid"),
            Bad(words: ["redis", "bad", "--disk", "99999999999999999999G"], code: "size_invalid"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--memory", "1"], code: "size_invalid"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--memory", "4000G"], code: "capacity_short"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--cpu", "lots"], code: "size_invalid"),
            Bad(words: ["redis", "Bad_Name", "--disk", "32M"], code: "name_invalid"),
            Bad(words: ["redis", "-5", "--disk", "32M"], code: "usage", exitCode: 2),
            Bad(words: ["redis", "../../etc", "--disk", "32M"], code: "name_invalid"),
            Bad(words: ["redis", String(repeating: "a", count: 64), "--disk", "32M"], code: "name_invalid"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--port", "1"], code: "port_invalid"),
            Bad(
                words: ["redis", "bad", "--disk", "32M", "--restart-policy", "avialable"], code: "policy_unknown",
                says: "did you mean available"),
            Bad(words: ["redis", "bad"], code: "disk_required", says: "--ephemeral"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--mount", "data"], code: "mount_invalid"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--mount", "/proc"], code: "mount_invalid"),
            Bad(words: ["redis", "bad", "--disk", "32M", "--env", "1=2"], code: "environment_invalid"),
            Bad(
                words: ["127.0.0.1:9/library/redis:7", "bad", "--disk", "32M"], code: "image_unreachable",
                limit: .seconds(25)),
        ]

        @Test("Each bad push is refused at once, with a code and a hint, and nothing changes", arguments: commands)
        func badPush(_ bad: Bad) async throws {
            let platform = try TestPlatform.current()
            let before = try await platform.fingerprint()
            let start = ContinuousClock.now
            let answer = try await platform.foundry(["push"] + bad.words)
            let took = ContinuousClock.now - start
            #expect(answer.exitCode == bad.exitCode, "\(answer.output)\(answer.errors)")
            #expect(answer.errors.contains("error[\(bad.code)]: "), "\(answer.errors)")
            #expect(bad.says.isEmpty || answer.errors.contains(bad.says), "\(answer.errors)")
            #expect(answer.output == "", "a contract was printed")
            #expect(took < bad.limit, "\(took)")
            #expect(try await platform.fingerprint() == before)
        }

        @Test("A port in use and a change that cannot be are refused; the same push again changes nothing")
        func second() async throws {
            let platform = try TestPlatform.current()
            let push = ["push", "redis", "once", "--disk", "32M", "--memory", "64M"]
            #expect(try await platform.foundry(push).exitCode == 0)
            let port = try await platform.port(of: "once")
            let process = try await platform.process(of: "once")
            let apps = try await platform.apps().map(\.name)
            let events = try await platform.events(of: "once")
            try await platform.refused(
                "push", "redis", "twice", "--ephemeral", "--port", "\(port)", code: "port_taken", exitCode: 4)
            let other = try await platform.refused(
                "push", "redis", "once", "--disk", "16M", "--memory", "64M", code: "conflict", exitCode: 4)
            #expect(other.errors.contains("--disk 32 MiB or more"))
            let again = try await platform.foundry(push)
            #expect(
                again.exitCode == 0 && again.output.contains("once is so already"), "\(again.output)\(again.errors)")
            #expect(try await platform.process(of: "once") == process)
            #expect(try await platform.apps().map(\.name) == apps)
            #expect(try await platform.events(of: "once") == events)
            try await platform.refused("app", "onec", code: "app_not_found", exitCode: 3)
            try await platform.clear("once")
        }

        @Test("What is no command is refused by the command line itself")
        func noCommand() async throws {
            let platform = try TestPlatform.current()
            for words in [
                ["psuh", "redis"], ["push"], ["push", "redis", "--dsik", "5"], ["logs", "x", "--lines", "many"],
            ] {
                let answer = try await platform.foundry(words)
                #expect(answer.exitCode == 2, "\(words): \(answer.exitCode) \(answer.errors)")
                #expect(!answer.errors.isEmpty)
            }
        }
    }
}
