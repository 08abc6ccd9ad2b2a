import Foundation
import FoundryModel
import FoundryTestSupport
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Images of a registry", .serialized)
    struct RegistryImageTests {
        @Test(
            "An image of a registry runs; without a VOLUME it keeps nothing; with the registry gone they are started again",
            .proves(.nothingKept))
        func registry() async throws {
            let platform = try TestPlatform.current()
            let registry = try await Registry(in: platform.root)
            do {
                try await registry.add("redis:7", as: "team/redis:1")
                try await registry.addPlain("redis:7", as: "team/plain:1")
                try await use(registry, platform)
                try await keepNothing(registry, platform)
                await registry.stop()
            } catch {
                await registry.stop()
                throw error
            }
            try await goOn(registry, platform)
        }

        private func use(_ registry: Registry, _ platform: TestPlatform) async throws {
            let pushed = try await platform.must(
                "push", "\(registry.host)/team/redis:1", "regis", "--disk", "64M", "--memory", "64M")
            #expect(pushed.output.contains("\(registry.host)/team/redis:1"))
            let client = RedisClient(port: try await platform.port(of: "regis"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            // What is here under the same name is not taken for it.
            for name in ["redis:7", "team/redis:2", "library/redis"] {
                _ = try await platform.refused(
                    "push", "\(registry.host)/\(name)", "wrong", "--disk", "64M", code: "image_unknown", exitCode: 4)
            }
        }

        private func keepNothing(_ registry: Registry, _ platform: TestPlatform) async throws {
            let image = "\(registry.host)/team/plain:1"
            _ = try await platform.refused("push", image, "plain", "--disk", "64M", code: "disk_unused", exitCode: 4)
            let pushed = try await platform.must("push", image, "plain", "--memory", "64M")
            #expect(pushed.output.contains("It keeps nothing: each start begins with the image as it was built."))
            let client = RedisClient(port: try await platform.port(of: "plain"))
            #expect(try client.command("SET", "kept", "no") == "OK")
            try await platform.must("restart", "plain")
            try await eventually("it answers") { (try? client.command("PING")) == "PONG" }
            #expect(try client.command("GET", "kept") == nil)
            // With --mount, the same image keeps what it is told to.
            try await platform.must("push", image, "mounted", "--disk", "64M", "--mount", "/data", "--memory", "64M")
            let other = RedisClient(port: try await platform.port(of: "mounted"))
            #expect(try other.command("SET", "kept", "yes") == "OK")
            try await platform.must("restart", "mounted")
            try await eventually("its data is there") { (try? other.command("GET", "kept")) == "yes" }
            try await platform.clear("plain", "mounted")
        }

        private func goOn(_ registry: Registry, _ platform: TestPlatform) async throws {
            #expect(try await Machine.connects(to: "127.0.0.1", registry.port) == false)
            let client = RedisClient(port: try await platform.port(of: "regis"))
            #expect(try client.command("GET", "kept") == "yes")
            Glibc.kill(try await platform.process(of: "regis"), SIGKILL)
            try await platform.waitUntilRestarted("regis")
            try platform.kill("cell")
            try await platform.must("stop", "regis")
            try await platform.must("start", "regis")
            try await eventually("its data is there") { (try? client.command("GET", "kept")) == "yes" }
            _ = try await platform.refused(
                "push", "\(registry.host)/team/redis:1", "late", "--disk", "64M", code: "image_unreachable", exitCode: 4
            )
            try await platform.clear("regis")
        }
    }

}
