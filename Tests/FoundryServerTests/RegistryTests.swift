import Foundation
import FoundryEffects
import FoundryModel
import Logging
import Testing

@testable import FoundryServer

@Suite("Images of a registry", .serialized, .timeLimit(.minutes(2)))
struct RegistryTests {
    @Test(
        "are resolved by tag, by digest and through an index, and pinned by their digests; what the registry lacks is unknown"
    )
    func resolved() async throws {
        try await Registry.run { registry in
            let images = ImageResolver(
                bundled: "\(registry.directory)/none", pulled: "\(registry.directory)/none",
                logger: Logger(label: "test"))
            let host = "127.0.0.1:\(registry.port)"
            let image = try await images.resolve("\(host)/team/thing:1").image
            #expect(
                image.source == .registry && image.name == "\(host)/team/thing:1"
                    && image.manifestDigest == registry.digest)
            #expect(
                image.layers.count == 1 && image.layers[0].diffID.hasPrefix("sha256:")
                    && image.layers[0].mediaType.hasSuffix("tar+gzip"))
            #expect(
                image.configuration.command == ["/thing"] && image.configuration.ports == [7000]
                    && image.configuration.volumes == ["/data"])

            let pinned = try await images.resolve("\(host)/team/thing@\(registry.digest)").image
            #expect(pinned.manifestDigest == registry.digest && pinned.layers == image.layers)
            let both = try await images.resolve("\(host)/team/thing:1@\(registry.digest)").image
            #expect(both.manifestDigest == registry.digest)
            let chosen = try await images.resolve("\(host)/team/thing:several").image
            #expect(chosen.manifestDigest == registry.digest && chosen.configuration == image.configuration)

            await expect(.imageUnknown) { _ = try await images.resolve("\(host)/team/thing:2") }
            await expect(.imageUnknown) { _ = try await images.resolve("\(host)/team/other:1") }
            await expect(.imageUnsupported) { _ = try await images.resolve("\(host)/team/thing:foreign") }
        }
    }

    @Test("that does not answer are unreachable, and no short name is ever looked for in one")
    func unreachable() async throws {
        let images = ImageResolver(bundled: "/nonexistent", pulled: "/nonexistent", logger: Logger(label: "test"))
        await expect(.imageUnreachable) { _ = try await images.resolve("127.0.0.1:1/team/thing:1") }
        await expect(.imageUnreachable) { _ = try await images.resolve("registry.invalid/team/thing") }
        await expect(.imageUnknown) { _ = try await images.resolve("team/thing") }
        await expect(.imageUnknown) { _ = try await images.resolve("redis") }
    }

    private func expect(_ code: ErrorCode, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("no error, \(code) was expected")
        } catch {
            #expect((error as? FoundryError)?.code == code, "\(error)")
        }
    }
}
