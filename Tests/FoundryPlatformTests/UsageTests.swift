import Foundation
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("What members use", .serialized)
    struct UsageTests {
        private struct Usage: Decodable {
            struct Member: Decodable {
                var name: String
                var cpuMicroseconds: Int64?
                var memory: Int64?
                var memoryLimit: Int64?
                var diskUsed: Int64?
                var diskSize: Int64?
                var flushes: Int64?
                var connections: Int64?
            }
            var resources: [Member]
        }

        @Test("is measured, and shown by `top`: memory, disk, flushes and connections of what was done")
        func shown() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "measured", "--disk", "100M", "--memory", "128M")
            let client = RedisClient(port: try await platform.port(of: "measured"))
            _ = try client.command("SET", "a", String(repeating: "x", count: 20 << 20))
            // Its file is written whole and synced.
            _ = try client.command("SAVE")
            try await eventually("it is measured") {
                guard let member = try await usage("measured/0") else { return false }
                return (member.memory ?? 0) > 20 << 20 && (member.diskUsed ?? 0) > 100_000 && (member.flushes ?? 0) > 0
                    && member.connections == 1
            }
            let member = try #require(try await usage("measured/0"))
            #expect(member.memoryLimit == 128 << 20 && (member.cpuMicroseconds ?? 0) > 0)
            let size = try #require(member.diskSize)
            #expect(size > 60 << 20 && size < 100 << 20)
            let table = try await platform.must("top", "--sort", "memory").output
            #expect(table.hasPrefix("MEMBER ") && table.contains("measured/0"))
            try await platform.clear("measured")
        }

        @Test("A token by name does what it may, and the audit log says who did what")
        func tokens() async throws {
            let platform = try TestPlatform.current()
            let token = try await platform.must("token", "create", "reader", "--read-only", "--expires", "1h").output
            #expect(token.hasPrefix("foundry_") && token.count == 73)
            #expect(try await platform.must("token", "ls").output.contains("reader  read"))
            try await platform.must("token", "revoke", "reader")
            let again = try await platform.foundry("token", "revoke", "reader", "--output", "json")
            #expect(again.exitCode == 3 && again.errors.contains("not_found"))
            let audit = try await platform.must("audit", "--limit", "5").output
            #expect(audit.contains("operator") && audit.contains("DELETE /foundry/v1/tokens/reader"))
            #expect(!audit.contains(token.dropLast()))
        }

        private func usage(_ name: String) async throws -> Usage.Member? {
            let text = try await TestPlatform.current().must("top", "--once", "--output", "json").output
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Usage.self, from: Data(text.utf8)).resources.first { $0.name == name }
        }
    }
}
