import Foundation
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Clones and rewinds", .serialized)
    struct RewindTests {
        /// What pgbench keeps equal whatever happens.
        private static let whole =
            "select (select coalesce(sum(abalance), 0) from pgbench_accounts) = (select coalesce(sum(bbalance), 0) from pgbench_branches) "
            + "and (select coalesce(sum(abalance), 0) from pgbench_accounts) = (select coalesce(sum(delta), 0) from pgbench_history)"
        private static let count = "select count(*) from pgbench_history"

        @Test(
            "A PostgreSQL that is written to is cloned whole and goes on; rewound, it has what it had then, and what came since is kept, to go back to"
        )
        func database() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "postgres", "bank", "--disk", "192M", "--memory", "192M")
            let process = try await platform.process(of: "bank")
            try await platform.must("exec", "bank", "--", "createdb", "bench")
            try await platform.must("exec", "bank", "--", "pgbench", "-i", "-q", "bench")
            async let load = platform.must("exec", "bank", "--", "pgbench", "-c", "4", "-T", "6", "-n", "bench")
            try await eventually("it is written to") { try await platform.ask("bank", Self.count) > "0" }
            try await platform.must("clone", "bank", "bank-copy")
            #expect(try await platform.ask("bank-copy", Self.whole) == "t")
            let copied = try #require(Int(try await platform.ask("bank-copy", Self.count)))
            _ = try await load
            let written = try #require(Int(try await platform.ask("bank", Self.count)))
            #expect(copied > 0 && copied < written, "\(copied) of \(written)")
            #expect(try await platform.process(of: "bank") == process, "the source was not restarted")
            #expect(try await platform.snapshots(of: "bank").isEmpty, "what was taken for the clone is gone")
            try await platform.must("clone", "bank", "bank-copy")
            try await platform.refused("clone", "bank-copy", "bank", code: "name_taken", exitCode: 4)
            try await platform.clear("bank-copy")

            try await platform.must("snapshot", "bank", "--name", "then")
            try await platform.must("exec", "bank", "--", "pgbench", "-t", "40", "-n", "bench")
            try await platform.refused("rewind", "bank", "--to", "then", code: "usage", exitCode: 2)
            let told = try await platform.must("rewind", "bank", "--to", "then", "--yes")
            #expect(told.output.contains("bank is back at then, taken "), "\(told.output)")
            #expect(try await platform.ask("bank", Self.count) == "\(written)")
            #expect(try await platform.ask("bank", Self.whole) == "t")
            let kept = try #require(try await platform.copies(of: "bank").first)
            try await platform.must("rewind", "bank", "--to", kept, "--yes")
            #expect(try await platform.ask("bank", Self.count) == "\(written + 40)")
            for copy in try await platform.copies(of: "bank") {
                try await platform.must("volume", "rm", copy, "--purge", "--force")
            }
            try await platform.must("snapshot", "rm", "bank", "then")
            try await platform.clear("bank")
            #expect(try await platform.copies(of: "bank").isEmpty)
        }

        @Test("What the pool has no room for is refused, and the app runs on")
        func room() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "large", "--disk", "600M", "--memory", "64M")
            let process = try await platform.process(of: "large")
            try await platform.must("snapshot", "large", "--name", "then")
            try await platform.refused("clone", "large", "larger", code: "pool_full", exitCode: 4)
            try await platform.refused(
                "rewind", "large", "--to", "then", "--yes", code: "pool_full", exitCode: 4)
            #expect(try await platform.process(of: "large") == process)
            try await platform.must("snapshot", "rm", "large", "then")
            try await platform.clear("large")
        }
    }
}

extension TestPlatform {
    /// The one value that a query of the database `bench` has.
    func ask(_ app: String, _ query: String) async throws -> String {
        let answer = try await must("exec", app, "--", "psql", "-XAtq", "-d", "bench", "-c", query)
        return answer.output.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    /// The ids of disks that rewinds of an app kept.
    func copies(of name: String) async throws -> [String] {
        struct Volume: Decodable {
            var guid: String
            var appName: String
            var phase: String
        }
        struct List: Decodable { var resources: [Volume] }
        let answer = try await must("volumes", "--output", "json")
        let list = try Self.decoder.decode(List.self, from: Data(answer.output.utf8))
        return list.resources.filter { $0.appName == name && $0.phase == "forked" }.map(\.guid)
    }
}
