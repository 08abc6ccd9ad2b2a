import Foundation
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Logs", .serialized)
    struct LogTests {
        @Test("A chatty member's log is bounded, its newest lines are there, and it survives our deaths")
        func bounded() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "postgres", "chatty", "--disk", "256M", "--memory", "128M")
            try await platform.must("credentials", "chatty", "--pg-service")
            try await eventually("the log was rotated twice") {
                // Slowly enough to be put aside in time: past twice the size a file begins anew, and lines are lost.
                try await say("begin", times: 400)
                try await Task.sleep(for: .milliseconds(500))
                return try await files().count == 3
            }
            try platform.kill("server")
            try platform.kill("cell")
            try await say("while the cell was dead", times: 500)
            try await platform.waitUntilHealthy("chatty")
            try await say("the last word", times: 1)

            try await eventually("the newest line is there") {
                try await platform.must("logs", "chatty", "--lines", "20").output.contains("the last word")
            }
            let sizes = try await files().map(\.size)
            // A file is put aside soon after it has reached its size, and never passes twice of it.
            #expect(sizes.count == 3 && sizes.allSatisfy { $0 <= 2 << 20 }, "\(sizes)")
            let lines = try await platform.must("logs", "chatty", "--lines", "1000", "--output", "json").output.split(
                separator: "\n")
            #expect(lines.count == 1_000)
            let dead = lines.filter { $0.contains("LOG:  while the cell was dead") }
            #expect(dead.count > 300, "written while the cell was dead: \(dead.count)")
            let few = try await platform.must("logs", "chatty", "--lines", "3").output.split(separator: "\n")
            #expect(few.count == 3)
        }

        @Test("Following goes on over a restart, and says why it came to it")
        func follow() async throws {
            let platform = try TestPlatform.current()
            let file = platform.root + "/follow.log"
            async let following = platform.run(
                "timeout", "--signal=INT", "12", TestPlatform.executable, "logs", "chatty", "--follow", "--lines", "0",
                "--output", "json", "--target",
                try platform.paths().instance, limit: .seconds(20))
            try await Task.sleep(for: .milliseconds(700))
            try await say("before the restart", times: 1)
            try await Task.sleep(for: .milliseconds(700))
            try await platform.must("restart", "chatty")
            try await eventually("it takes lines again") { (try? await say("after the restart", times: 1)) != nil }
            let output = try await following.output
            try output.write(toFile: file, atomically: true, encoding: .utf8)
            let first = try #require(output.range(of: "before the restart"))
            let platformLine = try #require(output.range(of: "\"stream\":\"platform\""), "\(output.suffix(2000))")
            let last = try #require(output.range(of: "after the restart"), "\(output.suffix(2000))")
            #expect(first.lowerBound < platformLine.lowerBound && platformLine.lowerBound < last.lowerBound)
            try await platform.clear("chatty")
        }

        private func files() async throws -> [(name: String, size: Int)] {
            let platform = try TestPlatform.current()
            let member = try #require(try await platform.app("chatty").members.first?.guid)
            let directory = "\(try platform.paths().members)/\(member)"
            return try FileManager.default.contentsOfDirectory(atPath: directory).filter { $0.hasPrefix("log") }.map {
                name in
                (name, try FileManager.default.attributesOfItem(atPath: "\(directory)/\(name)")[.size] as? Int ?? 0)
            }
        }

        /// Has PostgreSQL log a line, many times.
        private func say(_ text: String, times: Int) async throws {
            let platform = try TestPlatform.current()
            let words =
                "do $$ begin for i in 1..\(times) loop raise log '\(text) % \(String(repeating: "x", count: 120))', i; end loop; end $$"
            let answer = try await platform.run("psql", "-X", "-q", "-c", words, "service=chatty")
            guard answer.exitCode == 0 else { throw Failure("psql: \(answer.errors)") }
        }
    }
}
