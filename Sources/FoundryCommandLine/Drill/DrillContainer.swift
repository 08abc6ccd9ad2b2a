import FoundryClient
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Throw-away containers in which a release's `drill/write` and `drill/read` run: its image, read-only, in the machine's network, without
/// any privilege.
struct DrillContainer: Sendable {
    /// `nobody` of Debian; no file of ours is its.
    private static let user: Int64 = 65_534
    private static let limit = Duration.seconds(90)

    let place: String
    private let image: DrillImage
    private let drill: String

    /// - Parameter place: a directory that is there.
    /// - Parameter drill: the release's directory `drill`.
    static func make(in place: String, image: DrillImage, drill: String) async throws -> Self {
        let container = Self(place: place, image: image, drill: drill)
        for part in ["rootfs", "upper", "scratch"] {
            try FileManager.default.createDirectory(
                atPath: "\(place)/\(part)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        }
        try await Command().run(
            "mount",
            [
                "-t", "overlay", "foundry-drill", "\(place)/rootfs", "-o",
                "lowerdir=\(image.layers.joined(separator: ":")),upperdir=\(place)/upper,workdir=\(place)/scratch",
            ])
        return container
    }

    /// Takes away what `make` made.
    func remove() async throws {
        try await Command().run("umount", ["\(place)/rootfs"])
        try FileManager.default.removeItem(atPath: place)
    }

    /// Runs one of the drill's programs with the credentials of a key.
    func run(_ program: String, credentials: [String: WireValue], input: String) async throws -> Command.Output {
        let id = "drill-\(UUID().uuidString.lowercased())"
        let bundle = "\(place)/\(id)"
        try FileManager.default.createDirectory(atPath: bundle, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: bundle) }
        let variables = try environment(credentials, in: bundle)
        // The bundle holds a password in its specification, as every bundle does: only root reads it.
        try FileManager.default.setAttributes([.posixPermissions: 0o711], ofItemAtPath: bundle)
        let words = try WireJSON.encode(specification("/foundry-drill/\(program)", variables, bundle: bundle))
        guard
            FileManager.default.createFile(
                atPath: "\(bundle)/config.json", contents: words, attributes: [.posixPermissions: 0o600])
        else { throw FoundryError(.internalError, "The drill's container cannot be written.", detail: bundle) }
        let root = ["--root", "\(place)/runc"]
        do {
            return try await Command().result(
                "runc", root + ["run", "--bundle", bundle, id], input: input, limit: Self.limit)
        } catch {
            _ = try? await Interruption.passes {
                try await Command().result("runc", root + ["delete", "--force", id])
            }
            throw error
        }
    }

    /// `FOUNDRY_CREDENTIAL_HOST` and its like; a CA also as a file.
    private func environment(_ credentials: [String: WireValue], in bundle: String) throws -> [String] {
        var variables: [String] = []
        for (field, value) in credentials.sorted(by: { $0.key < $1.key }) {
            guard let text = value.plainText else { continue }
            variables.append("FOUNDRY_CREDENTIAL_\(field.uppercased())=\(text)")
        }
        if let authority = credentials["ca"]?.plainText {
            try authority.write(toFile: "\(bundle)/ca.pem", atomically: false, encoding: .utf8)
            variables.append("FOUNDRY_CREDENTIAL_CA_FILE=/foundry-credentials/ca.pem")
        }
        return variables
    }

    private func specification(_ program: String, _ variables: [String], bundle: String) -> WireValue {
        .object([
            "ociVersion": "1.0.2",
            "hostname": "drill",
            "process": [
                "terminal": false, "cwd": "/tmp", "noNewPrivileges": true,
                "user": ["uid": .number(Self.user), "gid": .number(Self.user)], "args": [.text(program)],
                "env": .list((image.environment + ["HOME=/tmp", "LC_ALL=C"] + variables).map(WireValue.text)),
                "capabilities": ["bounding": [], "effective": [], "permitted": []],
                "rlimits": [["type": "RLIMIT_CORE", "hard": 0, "soft": 0]],
            ],
            "root": ["path": .text("\(place)/rootfs"), "readonly": true],
            "mounts": [
                Self.mount("proc", "proc", at: "/proc", ["nosuid", "noexec", "nodev"]),
                Self.mount("tmpfs", "tmpfs", at: "/dev", ["nosuid", "strictatime", "mode=755", "size=65536k"]),
                Self.mount("tmpfs", "tmpfs", at: "/tmp", ["nosuid", "nodev", "mode=1777", "size=65536k"]),
                Self.mount("bind", drill, at: "/foundry-drill", ["bind", "ro", "nosuid", "nodev"]),
                Self.mount("bind", bundle, at: "/foundry-credentials", ["bind", "ro", "nosuid", "nodev", "noexec"]),
            ],
            // No namespace of the network: it is the machine's.
            "linux": [
                "namespaces": [["type": "pid"], ["type": "ipc"], ["type": "uts"], ["type": "mount"]],
                "maskedPaths": ["/proc/kcore", "/proc/keys", "/proc/sysrq-trigger"],
            ],
        ])
    }

    private static func mount(_ type: String, _ source: String, at target: String, _ options: [String]) -> WireValue {
        [
            "destination": .text(target), "type": .text(type), "source": .text(source),
            "options": .list(options.map(WireValue.text)),
        ]
    }
}
