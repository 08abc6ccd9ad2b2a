import Foundation
import FoundryEffects
import FoundryTestSupport
import Testing

@testable import FoundryServer

/// A registry on loopback with two small images: `team/thing:1`, also below two indexes, and `team/more:1`, which is that with a layer on top.
struct Registry: Sendable {
    static let user = "somebody"
    static let password = "right"

    var directory: String
    var port: Int
    /// Of the manifest of `team/thing:1`.
    var digest: String

    var host: String { "127.0.0.1:\(port)" }
    /// The file of a blob.
    func blob(_ digest: String) -> String {
        let digits = digest.dropFirst("sha256:".count)
        return "\(directory)/registry/docker/registry/v2/blobs/sha256/\(digits.prefix(2))/\(digits)/data"
    }

    /// - Parameter asksForPassword: answers nobody but `user`.
    static func run(
        asksForPassword: Bool = false, _ body: @escaping @Sendable (Registry) async throws -> Void
    ) async throws {
        let directory = "/var/tmp/foundry-registry-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(
            atPath: "\(directory)/layout/blobs/sha256", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        let registry = Registry(
            directory: directory, port: try FreePorts.first(), digest: try await Self.layout(directory))
        try registry.configure(asksForPassword: asksForPassword)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                _ = try? await Command().result(
                    "docker-registry", ["serve", "\(directory)/registry.yml"], limit: .seconds(60))
            }
            defer { group.cancelAll() }
            for _ in 0..<200 {
                if try await Command().result("curl", ["--silent", "http://\(registry.host)/v2/"]).exitCode == 0 {
                    break
                }
                try await Task.sleep(for: .milliseconds(25))
            }
            try await registry.fill(login: asksForPassword ? ["--dest-creds", "\(user):\(password)"] : [])
            if !asksForPassword {
                try await registry.index("several", ["s390x", machine])
                try await registry.index("foreign", ["s390x"])
            }
            try await body(registry)
        }
    }

    /// Of bcrypt, as the registry wants it.
    private static let hash = "$2b$05$XxtNJbM2R6q/Ugn1XLppIOrmDMe6izDDr7UN6fbyNHdKzmC8zwdnq"

    private func configure(asksForPassword: Bool) throws {
        var text = """
            version: 0.1
            storage: { filesystem: { rootdirectory: \(directory)/registry } }
            http: { addr: "\(host)" }

            """
        if asksForPassword {
            text += "auth: { htpasswd: { realm: test, path: \(directory)/htpasswd } }\n"
            try "\(Self.user):\(Self.hash)\n".write(
                toFile: "\(directory)/htpasswd", atomically: true, encoding: .utf8)
        }
        try text.write(toFile: "\(directory)/registry.yml", atomically: true, encoding: .utf8)
    }

    private func fill(login: [String]) async throws {
        for name in ["thing", "more"] {
            try await Command().run(
                "skopeo",
                ["copy", "--quiet", "--dest-tls-verify=false"] + login
                    + ["oci:\(directory)/layout:\(name)", "docker://\(host)/team/\(name):1"])
        }
    }

    /// - Returns: the manifest's digest of `thing`.
    private static func layout(_ directory: String) async throws -> String {
        let script = """
            set -eu; cd '\(directory)/layout'; type=application/vnd.oci.image
            blob() { digest=sha256:$(sha256sum <new | cut -d' ' -f1); size=$(stat -c %s new); mv new blobs/sha256/${digest#sha256:}; }
            layer() { head -c 100000 /dev/urandom >$1; tar -cf new.tar $1; diff=sha256:$(sha256sum <new.tar | cut -d' ' -f1); $2 -c <new.tar >new; rm $1 new.tar; blob
                layer="{\\"mediaType\\":\\"$type.layer.v1.tar+$3\\",\\"digest\\":\\"$digest\\",\\"size\\":$size}"; }
            image() { printf '%s' "{\\"architecture\\":\\"\(machine)\\",\\"os\\":\\"linux\\",\\"config\\":{\\"Cmd\\":[\\"/thing\\"],\\"ExposedPorts\\":{\\"7000/tcp\\":{},\\"7000/udp\\":{}},\\"Volumes\\":{\\"/data\\":{}}},\\"rootfs\\":{\\"type\\":\\"layers\\",\\"diff_ids\\":[$1]}}" >new; blob
                printf '%s' "{\\"schemaVersion\\":2,\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"config\\":{\\"mediaType\\":\\"$type.config.v1+json\\",\\"digest\\":\\"$digest\\",\\"size\\":$size},\\"layers\\":[$2]}" >new; blob
                entry="{\\"mediaType\\":\\"$type.manifest.v1+json\\",\\"digest\\":\\"$digest\\",\\"size\\":$size,\\"annotations\\":{\\"org.opencontainers.image.ref.name\\":\\"$3\\"}}"; }
            layer thing gzip gzip; image "\\"$diff\\"" "$layer" thing; first=$entry; thing=$digest; lower=$diff lowest=$layer
            layer more 'zstd -q' zstd; image "\\"$lower\\",\\"$diff\\"" "$lowest,$layer" more
            printf '%s' "{\\"schemaVersion\\":2,\\"manifests\\":[$first,$entry]}" >index.json
            echo '{"imageLayoutVersion":"1.0.0"}' >oci-layout; echo $thing
            """
        return try await Command().run("sh", ["-c", script]).filter { !$0.isWhitespace }
    }

    private func index(_ tag: String, _ machines: [String]) async throws {
        let entries = machines.map { name in
            #"{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":"\#(digest)","size":1,"platform":{"os":"linux","architecture":"\#(name)"}}"#
        }
        let type = "application/vnd.oci.image.index.v1+json"
        let body = #"{"schemaVersion":2,"mediaType":"\#(type)","manifests":[\#(entries.joined(separator: ","))]}"#
        try await Command().run(
            "curl",
            [
                "--silent", "--fail", "--request", "PUT", "--header", "Content-Type: \(type)", "--data-binary", body,
                "http://\(host)/v2/team/thing/manifests/\(tag)",
            ])
    }

    private static var machine: String { OCIDocuments.architecture }
}
