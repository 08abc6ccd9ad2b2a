import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Out of touch", .serialized)
    struct PartitionTests {
        @Test(
            "A cell that hears nothing of its control plane lets its members run on, and heals them",
            .proves(.partitionRunsOn))
        func silentServer() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "alone", "--disk", "16M", "--memory", "64M")
            let process = try await platform.process(of: "alone")
            let writer = NumberedWriter(port: try await platform.port(of: "alone"))
            writer.start()
            let server = try #require(try platform.pid("server"))
            Glibc.kill(server, SIGSTOP)
            do {
                // Longer than the streams' heartbeats, of five seconds.
                try await Task.sleep(for: .seconds(8))
                let before = writer.acknowledgedCount
                try await eventually("it is written to") { writer.acknowledgedCount > before + 100 }
                #expect(Glibc.kill(process, 0) == 0)
            } catch {
                Glibc.kill(server, SIGCONT)
                throw error
            }
            Glibc.kill(server, SIGCONT)
            try await platform.waitUntilHealthy("alone")
            #expect(try await platform.process(of: "alone") == process)
            #expect(try await platform.app("alone").members.first?.restarts == 0)
            #expect(try await writer.stopAndVerify() == [])
            try await platform.clear("alone")
        }

        @Test("A power cut at any moment leaves everything that was acknowledged", .proves(.syncNormal))
        func powerCut() async throws {
            let platform = try TestPlatform.current()
            try await platform.must("push", "redis", "cut", "--disk", "64M", "--memory", "64M")
            let writer = NumberedWriter(port: try await platform.port(of: "cut"))
            writer.start()
            try await eventually("records are written") { writer.acknowledgedCount > 500 }
            let acknowledged = writer.acknowledgedCount
            let found = try await platform.afterPowerCut(of: "cut")
            #expect((1...acknowledged).filter { !found.contains($0) } == [], "of \(acknowledged) acknowledged records")
            #expect(try await writer.stopAndVerify() == [])
            try await platform.clear("cut")
        }
    }
}
