import Foundation
import FoundryEffects
import FoundryModel
import FoundryTestSupport
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

    @Test("may speak without TLS only at a loopback address")
    func loopback() {
        for name in ["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3"] {
            #expect(RegistryImages.isLoopback(name))
        }
        for name in [
            "127.example.org", "registry.example.org:443", "localhost.example.org", "128.0.0.1", "127.0.0.1.nip.io", "",
        ] {
            #expect(!RegistryImages.isLoopback(name))
        }
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

/// A registry on loopback with one small image, under the tag `1`, and below two indexes.
private struct Registry: Sendable {
    var directory: String
    var port: Int
    var digest: String

    static func run(_ body: @escaping @Sendable (Registry) async throws -> Void) async throws {
        let directory = "/var/tmp/foundry-registry-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: "\(directory)/layout/blobs/sha256", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let port = try FreePorts.first()
        let digest = try await layout(directory)
        try """
        version: 0.1
        storage: { filesystem: { rootdirectory: \(directory)/registry } }
        http: { addr: "127.0.0.1:\(port)" }
        """.write(toFile: "\(directory)/registry.yml", atomically: true, encoding: .utf8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await Command().result(
                    "docker-registry", ["serve", "\(directory)/registry.yml"], limit: .seconds(60))
            }
            defer { group.cancelAll() }
            for _ in 0..<200 {
                if try await Command().result("curl", ["--silent", "http://127.0.0.1:\(port)/v2/"]).exitCode == 0 {
                    break
                }
                try await Task.sleep(for: .milliseconds(25))
            }
            let name = "127.0.0.1:\(port)/team/thing"
            try await Command().run(
                "skopeo",
                ["copy", "--quiet", "--dest-tls-verify=false", "oci:\(directory)/layout", "docker://\(name):1"])
            try await index(port, "several", digest, ["s390x", machine])
            try await index(port, "foreign", digest, ["s390x"])
            try await body(Registry(directory: directory, port: port, digest: digest))
        }
    }

    /// - Returns: the manifest's digest.
    private static func layout(_ directory: String) async throws -> String {
        let script = """
            set -eu; cd '\(directory)/layout'; type=application/vnd.oci.image
            blob() { digest=sha256:$(sha256sum <new | cut -d' ' -f1); size=$(stat -c %s new); mv new blobs/sha256/${digest#sha256:}; }
            echo thing >thing; tar -cf new.tar thing; diff=sha256:$(sha256sum <new.tar | cut -d' ' -f1); gzip -c new.tar >new; rm thing new.tar; blob
            layer="{\\"mediaType\\":\\"$type.layer.v1.tar+gzip\\",\\"digest\\":\\"$digest\\",\\"size\\":$size}"
            printf '%s' "{\\"architecture\\":\\"\(machine)\\",\\"os\\":\\"linux\\",\\"config\\":{\\"Cmd\\":[\\"/thing\\"],\\"ExposedPorts\\":{\\"7000/tcp\\":{},\\"7000/udp\\":{}},\\"Volumes\\":{\\"/data\\":{}}},\\"rootfs\\":{\\"type\\":\\"layers\\",\\"diff_ids\\":[\\"$diff\\"]}}" >new; blob
            printf '%s' "{\\"schemaVersion\\":2,\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"config\\":{\\"mediaType\\":\\"$type.config.v1+json\\",\\"digest\\":\\"$digest\\",\\"size\\":$size},\\"layers\\":[$layer]}" >new; blob
            printf '%s' "{\\"schemaVersion\\":2,\\"manifests\\":[{\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"digest\\":\\"$digest\\",\\"size\\":$size}]}" >index.json
            echo '{"imageLayoutVersion":"1.0.0"}' >oci-layout; echo $digest
            """
        return try await Command().run("sh", ["-c", script]).filter { !$0.isWhitespace }
    }

    private static func index(_ port: Int, _ tag: String, _ digest: String, _ machines: [String]) async throws {
        let size = 1
        let entries = machines.map { name in
            #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(digest)","size":\#(size),"platform":{"os":"linux","architecture":"\#(name)"}}"#
        }
        let type = "application/vnd.oci.image.index.v1+json"
        let body = #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))]}"#
        try await Command().run(
            "curl",
            [
                "--silent", "--fail", "--request", "PUT", "--header", "Content-Type: \(type)", "--data-binary", body,
                "http://127.0.0.1:\(port)/v2/team/thing/manifests/\(tag)",
            ])
    }

    private static var machine: String { OCIDocuments.architecture }
}
