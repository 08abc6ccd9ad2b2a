import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("An image in a registry", .serialized, .enabled(if: isRoot, "needs root"))
struct ImagesRegistryTests {
    @Test("is fetched by its digest and unpacked, its layers as they are")
    func fetched() async throws {
        try await RuntimeGround.run { ground in
            let port = try FreePorts.first()
            let image = try await image(ground, port)
            try await serving(port, ground) {
                try await Command().run(
                    "skopeo",
                    [
                        "copy", "--quiet", "--dest-tls-verify=false", "oci:\(ground.layout.path)",
                        "docker://\(image.name)",
                    ])
                try await ground.images.unpack(image)
                #expect(
                    ground.images.lowerDirectories(image).map { try? HostFiles.names(in: $0) } == [["two"], ["one"]])

                var absent = image
                absent.manifestDigest = "sha256:" + String(repeating: "c", count: 64)
                absent.layers = [
                    ImageLayer(
                        digest: absent.manifestDigest, mediaType: image.layers[0].mediaType, size: .zero,
                        diffID: absent.manifestDigest)
                ]
                await expect(.imageUnknown) { try await ground.images.unpack(absent) }
            }
            // What was unpacked needs no registry any more.
            try await ground.anotherStore().unpack(image)
        }
    }

    private func image(_ ground: RuntimeGround, _ port: Int) async throws -> ResolvedImage {
        var image = try ground.layout.image(
            [
                try await ground.layout.layer("echo one >one", .gzip),
                try await ground.layout.layer("echo two >two", .zstd),
            ])
        image.manifestDigest = try await publishable(image, ground)
        image.reference = try #require(ImageReference(parsing: "127.0.0.1:\(port)/team/thing:1"))
        image.name = image.reference.description
        image.source = .registry
        return image
    }

    /// Completes the layout: configuration, manifest, index.
    ///
    /// - Returns: the manifest's digest.
    private func publishable(_ image: ResolvedImage, _ ground: RuntimeGround) async throws -> String {
        let layers = image.layers.map {
            #"{"mediaType":"\#($0.mediaType)","digest":"\#($0.digest)","size":\#($0.size.bytes)}"#
        }
        let diffs = image.layers.map { #""\#($0.diffID)""# }
        let script = """
            set -eu; cd '\(ground.layout.path)'; machine=$(dpkg --print-architecture)
            blob() { digest=$(sha256sum <new | cut -d' ' -f1); size=$(stat -c %s new); mv new blobs/sha256/$digest; }
            printf '%s' "{\\"architecture\\":\\"$machine\\",\\"os\\":\\"linux\\",\\"config\\":{},\\"rootfs\\":{\\"type\\":\\"layers\\",\\"diff_ids\\":$DIFFS}}" >new; blob
            type=application/vnd.oci.image
            printf '%s' "{\\"schemaVersion\\":2,\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"config\\":{\\"mediaType\\":\\"$type.config.v1+json\\",\\"digest\\":\\"sha256:$digest\\",\\"size\\":$size},\\"layers\\":$LAYERS}" >new; blob
            printf '%s' "{\\"schemaVersion\\":2,\\"manifests\\":[{\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"digest\\":\\"sha256:$digest\\",\\"size\\":$size}]}" >index.json
            echo '{"imageLayoutVersion":"1.0.0"}' >oci-layout; echo "sha256:$digest"
            """
        let environment = [
            "DIFFS": "[\(diffs.joined(separator: ","))]", "LAYERS": "[\(layers.joined(separator: ","))]",
        ]
        return try await Command().run("sh", ["-c", script], environment: environment).split(separator: "\n").joined()
    }

    private func serving(
        _ port: Int, _ ground: RuntimeGround, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        let configuration = "\(ground.paths.data)/registry.yml"
        let text = """
            version: 0.1
            storage: { filesystem: { rootdirectory: \(ground.paths.data)/registry } }
            http: { addr: "127.0.0.1:\(port)" }
            """
        try text.write(toFile: configuration, atomically: true, encoding: .utf8)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await Command().result("docker-registry", ["serve", configuration], limit: .seconds(60))
            }
            for _ in 0..<200
            where await HealthProbe.ask(.port(port), address: "127.0.0.1", timeoutMilliseconds: 100) != .serves {
                try await SystemClock.sleep(.milliseconds(25))
            }
            defer { group.cancelAll() }
            try await body()
        }
    }
}

extension RuntimeGround {
    func anotherStore() -> ImageStore { ImageStore(paths: paths, configuration: Self.configuration(ground)) }
}
