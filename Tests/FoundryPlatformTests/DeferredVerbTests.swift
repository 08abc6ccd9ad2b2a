import Foundation
import FoundryEffects
import Testing

extension PlatformTests {
    @Suite("Verbs on a deferred disk")
    struct DeferredVerbTests {
        private static let manifest = """
            format: 1
            name: lazy
            version: 1.0.0
            title: Lazy
            description: Its syncs return at once, and its disk is flushed once a minute.
            image: {local: IMAGE}
            port: 6379
            data: /data
            plans:
              small:
                description: 64 MB
                memory: 64M
                cpu: 1
                disk: 64M
                policy: {disk-sync: "defer:60000"}
            binding:
              users: true
              credentials: {host: "{{host}}", port: "{{port}}", username: "{{user}}"}
            """

        @Test("What a verb did is on the disk when it is told as done, long before the next flush")
        func flushed() async throws {
            try await TestPlatform.with("lazy") { platform in
                let registry = try await Registry(in: platform.root)
                let image = "\(registry.host)/team/lazy:1"
                do {
                    try await registry.add(
                        "redis:7", as: "team/lazy:1",
                        changing:
                            ".config.Env |= map(select(startswith(\"FOUNDRY_\") | not)) + [\"FOUNDRY_TOLERATES=reorder\"]"
                    )
                    try await platform.must("image", "pull", image)
                    await registry.stop()
                } catch {
                    await registry.stop()
                    throw error
                }
                try await bind(platform, image)
            }
        }

        private func bind(_ platform: TestPlatform, _ image: String) async throws {
            try await platform.install(
                "lazy", manifest: Self.manifest.replacingOccurrences(of: "IMAGE", with: "\"\(image)\""),
                verbs: [
                    "bind": "#!/bin/sh\ntouch /data/user-$FOUNDRY_BINDING_USER && sync\n",
                    "unbind": "#!/bin/sh\nrm -f /data/user-$FOUNDRY_BINDING_USER && sync\n",
                ])
            let before = try await platform.volumes()
            try await platform.must("create-service", "lazy", "small", "box", "--yes")
            let volume = try #require(try await platform.volumes().subtracting(before).first)
            for key in ["one", "two", "three"] {
                try await platform.must("create-service-key", "box", key)
                let answer = try await platform.must("service-key", "box", key, "--output", "json").output
                let user = try #require(answer.firstMatch(of: /"username"\s*:\s*"([^"]+)"/)?.1)
                #expect(
                    try await platform.afterPowerCut(ofVolume: volume, "ls data").contains("user-\(user)"), "\(key)")
            }
            for key in ["one", "two", "three"] { try await platform.must("delete-service-key", "box", key, "-f") }
            #expect(try await !platform.afterPowerCut(ofVolume: volume, "ls data").contains("user-"))
            try await platform.must("delete-service", "box", "-f")
        }
    }
}
