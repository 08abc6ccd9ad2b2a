import Foundation
import FoundryReleases

/// A release in a directory of its own, which goes with it.
final class ReleaseBench {
    let root: String
    var directory: String { root + "/release" }

    static let yaml = """
        format: 1
        name: store
        version: 1.0.0
        title: Store
        description: Keeps things.
        image: {local: "redis:7"}
        port: 6379
        data: /data
        secrets: [admin_password]
        values: {database: app}
        health: {verb: alive, interval: 10s, timeout: 5s, start_period: 60s}
        plans:
          small:
            description: One server.
            memory: 256M
            cpu: 1
            disk: 1G
            policy: {disk-sync: "defer:500"}
            parameters: {max_clients: 50}
        parameters:
          max_clients: {type: integer, minimum: 10, maximum: 5000, default: 100, description: Connections.}
          mode: {type: choice, choices: [fast, safe], default: safe}
        binding:
          parameters: {access: {type: choice, choices: [read-write, read-only], default: read-write}}
          credentials:
            uri: "redis://{{user}}:{{password}}@{{host}}:{{port}}/{{database}}"
            port: "{{port}}"
            access: "{{access}}"

        """

    init(_ yaml: String = ReleaseBench.yaml) throws {
        root = NSTemporaryDirectory() + "release-\(UUID().uuidString)"
        try write("release.yml", yaml)
        for verb in ["alive", "bind", "unbind", "start"] {
            try write("verbs/\(verb)", "#!/bin/sh\nexit 0\n", mode: 0o755)
        }
        try write(
            "templates/store.conf",
            "clients {{max_clients}}\n{{#tls}}\ntls on\n{{/tls}}\npass {{secrets.admin_password}}\n")
    }

    deinit { try? FileManager.default.removeItem(atPath: root) }

    func write(_ path: String, _ text: String, mode: Int = 0o644) throws {
        try write(path, Array(text.utf8), mode: mode)
    }

    func write(_ path: String, _ bytes: [UInt8], mode: Int = 0o644) throws {
        let file = "\(directory)/\(path)"
        try FileManager.default.createDirectory(
            atPath: (file as NSString).deletingLastPathComponent, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: file))
        try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    func read() throws -> ReleaseFinding { try ReleaseReader.read(directory) }

    /// What is found when one line is another.
    static func mistakes(_ replace: String, with other: String) throws -> [String] {
        let text = yaml.replacingOccurrences(of: replace, with: other)
        guard text != yaml else { return ["nothing was replaced"] }
        return try ReleaseBench(text).read().mistakes.map(\.description)
    }
}
