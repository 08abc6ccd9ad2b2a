import Crypto
import FoundryEffects
import FoundryModel

/// What a release adds to its image: its verbs, its templates, and what runs first.
public struct ReleaseLayer: Sendable {
    public static let root = "foundry"
    public static let run = "/foundry/run"
    public static let start = "/foundry/verbs/start"
    static let mediaType = "application/vnd.oci.image.layer.v1.tar"

    /// A tar archive, not packed; the same bytes for the same release.
    public let bytes: [UInt8]
    private let manifest: ReleaseManifest

    public init(_ release: CheckedRelease) throws(FoundryError) {
        manifest = release.manifest
        var tree = TarTree()
        // What the image below has there is not seen.
        tree.add("\(Self.root)/.wh..wh..opq", [], isExecutable: false)
        for (name, file) in release.files.below("verbs") {
            tree.add("\(Self.root)/verbs/\(name)", file.bytes ?? [], isExecutable: true)
        }
        for (path, file) in release.files.below("templates") {
            tree.add("\(Self.root)/templates/\(path)", file.bytes ?? [], isExecutable: file.isExecutable)
        }
        if Self.needsRun(manifest) {
            tree.add("\(Self.root)/run", Array(Self.script.utf8), isExecutable: true)
        }
        bytes = try tree.encoded()
    }

    /// `sha256:...`, of the layer and, as it is not packed, of its content.
    public var digest: String { "sha256:\(ReleaseSeal.sum(bytes))" }

    private static func needsRun(_ manifest: ReleaseManifest) -> Bool { manifest.verbs.contains("init") }

    /// The configuration of the image with this layer.
    ///
    /// - Parameter base: of the image below. What it says of its user, environment and directory stays.
    func config(_ base: OCIDocuments.Config?) -> OCIDocuments.Config {
        var config = base ?? OCIDocuments.Config()
        let own = (config.entrypoint ?? []) + (config.command ?? [])
        let start = manifest.verbs.contains("start") ? [Self.start] : nil
        if Self.needsRun(manifest) {
            (config.entrypoint, config.command) = ([Self.run], start ?? own)
        } else if let start {
            (config.entrypoint, config.command) = (start, nil)
        }
        config.volumes = manifest.data.map { [$0: OCIDocuments.Empty()] }
        config.ports = ["\(manifest.port)/tcp": OCIDocuments.Empty()]
        return config
    }

    /// Runs `init` until it ended with 0 once, and then what it is given. What `init` wrote is on the disk before the mark is; a kill in
    /// between lets `init` run again.
    static let script = """
        #!/bin/sh
        set -eu
        mark=${FOUNDRY_DATA:?}/.foundry-init
        if [ ! -e "$mark" ]; then
            /foundry/verbs/init
            sync -f "$FOUNDRY_DATA"
            : >"$mark"
            sync -f "$FOUNDRY_DATA"
        fi
        exec "$@"

        """
}
