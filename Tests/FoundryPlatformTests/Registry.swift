import Foundation
import FoundryEffects

/// A registry of its own on loopback, with its storage in a test's directory.
final class Registry: Sendable {
    let port: Int
    private let place: String
    private let serving: Task<Void, Never>

    /// Serves until `stop`.
    init(in directory: String) async throws {
        place = directory + "/registry"
        // Free now: the kernel does not give it to another one soon.
        port = try HostListener().port
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
        let configuration = """
            version: 0.1
            log: {level: error}
            storage: {filesystem: {rootdirectory: \(place)/storage}}
            http: {addr: "127.0.0.1:\(port)"}

            """
        try configuration.write(toFile: place + "/config.yml", atomically: true, encoding: .utf8)
        let file = place + "/config.yml"
        serving = Task { _ = try? await Command().result("docker-registry", ["serve", file], limit: .seconds(300)) }
        try await eventually("the registry serves") { [port] in try await Machine.connects(to: "127.0.0.1", port) }
    }

    var host: String { "127.0.0.1:\(port)" }

    /// Puts a bundled image there under another name.
    func add(_ image: String, as name: String) async throws {
        try await Command().run(
            "skopeo",
            [
                "copy", "--quiet", "--dest-tls-verify=false", "oci:\(TestPlatform.images):\(image)",
                "docker://\(host)/\(name)",
            ],
            limit: .seconds(60))
    }

    /// The same without any VOLUME.
    func addPlain(_ image: String, as name: String) async throws {
        try await add(image, as: name, changing: "del(.config.Volumes)")
    }

    /// - Parameter change: of the image's configuration, for jq.
    func add(_ image: String, as name: String, changing change: String) async throws {
        let script = """
            rm -rf '\(place)/plain'; mkdir '\(place)/plain'
            skopeo copy --quiet 'oci:\(TestPlatform.images):\(image)' 'dir:\(place)/plain'
            cd '\(place)/plain'
            old=$(jq -r .config.digest manifest.json | cut -d: -f2)
            jq -c '\(change)' "$old" > new
            sum=$(sha256sum < new | cut -d' ' -f1) size=$(stat -c %s new)
            mv new "$sum"
            jq --arg digest "sha256:$sum" --argjson size "$size" '.config.digest = $digest | .config.size = $size' manifest.json > new
            mv new manifest.json
            skopeo copy --quiet --dest-tls-verify=false 'dir:\(place)/plain' 'docker://\(host)/\(name)'

            """
        try await Command().run("bash", ["-euo", "pipefail", "-s"], input: script, limit: .seconds(60))
    }

    func stop() async {
        serving.cancel()
        await serving.value
    }
}
