import Foundation
import FoundryEffects
import FoundryModel
import Testing

extension PlatformTests.OnePlatformTests {
    @Suite("Images while the server is killed", .serialized)
    struct KilledPullTests {
        @Test(
            "A pull and a removal that are killed in the middle, again and again, come to their end, and leave nothing behind"
        )
        func killed() async throws {
            let platform = try TestPlatform.current()
            let images = try platform.paths().images
            let before: Set<String>
            let registry = try await Registry(in: platform.root)
            let name = "\(registry.host)/team/killed:1"
            do {
                try await registry.add("redis:7", as: "team/killed:1")
                before = Self.files(images)
                try await platform.must("image", "pull", name)
                try await platform.must("image", "rm", name)
                #expect(Self.files(images).subtracting(before).isEmpty, "an undisturbed removal leaves nothing")
                try await Self.killing(platform, ["image", "pull", name])
                try await platform.eventually("image", "pull", name)
                await registry.stop()
            } catch {
                await registry.stop()
                throw error
            }
            try await platform.must("push", name, "killed", "--disk", "16M", "--memory", "64M")
            try await platform.clear("killed")
            try await Self.killing(platform, ["image", "rm", name])
            // The next word of it clears away what a killed removal left.
            let last = try await platform.foundry("image", "rm", name)
            let left = Self.files(images).subtracting(before)
            #expect(left.isEmpty, "\(left.sorted()) after \(last.exitCode): \(last.output)\(last.errors)")
            #expect(Self.files(try platform.paths().uploads).isEmpty)
            #expect(try await platform.must("image", "ls").output.contains(name) == false)
            try await platform.expectNoOrphans()
        }

        /// The command, with the server killed ever later in it.
        private static func killing(_ platform: TestPlatform, _ arguments: [String]) async throws {
            for round in 0..<4 {
                let asking = Task { try await platform.foundry(arguments) }
                try await Task.sleep(for: .milliseconds(40 + 120 * round))
                try platform.kill("server")
                _ = try await asking.value
                try await platform.eventually("apps")
            }
        }

        /// What lies there, but for the index of names and locks.
        private static func files(_ directory: String) -> Set<String> {
            let all = FileManager.default.enumerator(atPath: directory)?.allObjects as? [String] ?? []
            return Set(all.filter { $0.hasPrefix("blobs/sha256/") || $0.contains("new") || $0.contains("part") })
        }
    }
}
