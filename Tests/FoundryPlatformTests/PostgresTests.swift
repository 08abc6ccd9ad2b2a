import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("PostgreSQL", .serialized)
    struct PostgresTests {
        @Test("psql service=NAME works after one command, and the password is nowhere but in that file")
        func credentials() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "postgres", "orders", "--disk", "256M", "--memory", "128M")
            let shown = try await platform.must("credentials", "orders")
            try await platform.must("credentials", "orders", "--pg-service")
            let service = platform.root + "/pg_service.conf"
            #expect(try Self.mode(service) == 0o600)
            #expect(try await Self.query(platform, "select 6 * 7") == "42")

            let text = try String(contentsOfFile: service, encoding: .utf8)
            let entry = try #require(text.range(of: "[orders]\n"))
            let line = try #require(
                text[entry.upperBound...].split(separator: "\n").first { $0.hasPrefix("password=") })
            let secret = String(line.dropFirst("password=".count))
            try #require(secret.count >= 16)
            #expect(try await platform.must("credentials", "orders", "--show-password").output.contains(secret))
            #expect(!shown.output.contains(secret))
            #expect(!Machine.argumentLists().contains { $0.contains(secret) })
            for words in [
                ["app", "orders"], ["apps"], ["events"], ["why", "orders"], ["volumes"],
                ["logs", "orders", "--lines", "10000"], ["images"],
            ] {
                let answer = try await platform.foundry(words + ["--output", "json"])
                #expect(answer.exitCode == 0 && !(answer.output + answer.errors).contains(secret), "\(words)")
            }
            // The store, the journals and all logs; the volume itself is in the pool.
            let found = try await platform.run(
                "grep", "-rlaF", "--exclude=pool.img", "-f", "/dev/stdin", platform.data, input: secret + "\n")
            #expect(found.output == "" && found.exitCode == 1)
        }

        @Test(
            "Its processes are killed while it is written to: it is started again, and every committed row is there",
            .proves(.crashRestarts))
        func killed() async throws {
            let platform = try TestPlatform.current()
            _ = try await Self.query(platform, "create table numbers (n integer primary key)")
            _ = try await Self.query(platform, "insert into numbers select generate_series(1, 10000)")
            let process = try await platform.process(of: "orders")
            async let writing = Self.insert(platform, from: 10_001)
            try await eventually("it is written to") {
                (try? await Self.query(platform, "select count(*) > 10003 from numbers")) == "t"
            }
            for pid in Machine.descendants(of: process).reversed() { Glibc.kill(pid, SIGKILL) }
            let last = try await writing
            try await platform.waitUntilRestarted("orders")
            try await eventually("it takes connections") { (try? await Self.query(platform, "select 1")) == "1" }
            #expect(last >= 10_003, "the next may have been on the disk before anybody heard so")
            #expect(try await Self.query(platform, "select count(*) from numbers where n <= \(last)") == "\(last)")
            #expect(try await platform.process(of: "orders") != process)
            #expect(try await platform.events(of: "orders").contains("killed by signal 9"))
        }

        @Test("Stop and start keep its rows, and it ends in order", .proves(.stopKeeps))
        func stopAndStart() async throws {
            let platform = try TestPlatform.current()
            let count = try await Self.query(platform, "select count(*) from numbers")
            try await platform.must("stop", "orders")
            #expect(try await platform.app("orders").state == "stopped")
            await #expect(throws: Failure.self) { _ = try await Self.query(platform, "select 1") }
            try await platform.must("start", "orders")
            try await eventually("it takes connections") { (try? await Self.query(platform, "select 1")) == "1" }
            #expect(try await Self.query(platform, "select count(*) from numbers") == count)
            let log = try await platform.must("logs", "orders", "--lines", "1000").output
            #expect(log.contains("database system is shut down"), "PostgreSQL was not given the time to end by itself")
            try await platform.clear("orders")
        }

        /// Inserts one number after the other until one is not acknowledged.
        ///
        /// - Returns: the last one that was.
        private static func insert(_ platform: TestPlatform, from first: Int) async throws -> Int {
            for number in first..<first + 10_000 {
                guard (try? await query(platform, "insert into numbers values (\(number)) returning n")) == "\(number)"
                else { return number - 1 }
            }
            return first + 9_999
        }

        private static func query(_ platform: TestPlatform, _ text: String) async throws -> String {
            let answer = try await platform.run(
                "psql", "-X", "-q", "-A", "-t", "-c", text, "service=orders", limit: .seconds(20))
            guard answer.exitCode == 0 else { throw Failure("psql: \(answer.errors)") }
            return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
        }

        private static func mode(_ path: String) throws -> Int {
            try #require(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int)
        }
    }
}
