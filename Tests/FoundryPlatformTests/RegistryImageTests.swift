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

        @Test("What was pulled or imported is pushed with the registry gone, and removed when no app runs from it")
        func pulled() async throws {
            let platform = try TestPlatform.current()
            let registry = try await Registry(in: platform.root)
            let name = "\(registry.host)/team/pulled:1"
            do {
                try await registry.add("redis:7", as: "team/pulled:1")
                #expect(try await platform.must("image", "pull", name).output.contains("2 of 2 layers came"))
                await registry.stop()
            } catch {
                await registry.stop()
                throw error
            }
            try await platform.refused(
                "image", "pull", name, code: "image_unreachable", exitCode: 4)
            let file = platform.root + "/redis.tar"
            #expect(
                try await platform.run("skopeo", "copy", "oci:\(TestPlatform.images):redis:7", "oci-archive:\(file)")
                    .exitCode == 0)
            let taken = try await platform.must("image", "import", file, "--name", "team/taken:2")
            #expect(taken.output.contains("every layer was here"))
            // What the builder makes is taken in under the name that it gave it; that it builds is its own matter.
            let builder = platform.root + "/builder"
            try "#!/bin/sh\nskopeo copy --quiet 'oci:\(TestPlatform.images):redis:7' \"oci-archive:$4:built:3\"\n"
                .write(
                    toFile: builder, atomically: true, encoding: .utf8)
            try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: builder)
            let built = try await platform.run(
                "env", "FOUNDRY_IMAGE_BUILDER=\(builder)", TestPlatform.executable, "image", "build", platform.root)
            #expect(built.output.contains("built:3 is here: every layer was here"), "\(built.errors)")
            try await platform.must("image", "rm", "built:3")
            try await platform.must("push", name, "pulled", "--disk", "64M", "--memory", "64M")
            try await platform.must("push", "team/taken:2", "taken", "--disk", "64M", "--memory", "64M")
            let list = try await platform.must("image", "ls").output
            #expect(list.contains(name) && list.contains("team/taken:2"))
            #expect(
                try await platform.refused("image", "rm", name, code: "image_in_use", exitCode: 4).errors.contains(
                    "foundry delete pulled"))
            try await platform.clear("pulled", "taken")
            #expect(try await platform.must("image", "rm", "team/taken:2").output.contains("0 B came free"))
            #expect(try await platform.must("image", "rm", name).output.contains("came free"))
            #expect(try await platform.must("image", "ls").output.contains(name) == false)
            try FileManager.default.removeItem(atPath: file)
        }

        private func use(_ registry: Registry, _ platform: TestPlatform) async throws {
            let pushed = try await platform.must(
                "push", "\(registry.host)/team/redis:1", "regis", "--disk", "64M", "--memory", "64M")
            #expect(pushed.output.contains("\(registry.host)/team/redis:1"))
            let client = RedisClient(port: try await platform.port(of: "regis"))
            #expect(try client.command("SET", "kept", "yes") == "OK")
            // What is here under the same name is not taken for it.
            for name in ["redis:7", "team/redis:2", "library/redis"] {
                try await platform.refused(
                    "push", "\(registry.host)/\(name)", "wrong", "--disk", "64M", code: "image_unknown", exitCode: 4)
            }
        }

        private func keepNothing(_ registry: Registry, _ platform: TestPlatform) async throws {
            let image = "\(registry.host)/team/plain:1"
            try await platform.refused("push", image, "plain", "--disk", "64M", code: "disk_unused", exitCode: 4)
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
            try await platform.refused(
                "push", "\(registry.host)/team/redis:1", "late", "--disk", "64M", code: "image_unreachable", exitCode: 4
            )
            try await platform.clear("regis")
        }
    }

}
