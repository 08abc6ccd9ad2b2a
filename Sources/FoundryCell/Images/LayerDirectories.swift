import FoundryEffects
import FoundryModel

/// Where layers are unpacked to, each under the digest of its content.
struct LayerDirectories: Hashable, Sendable {
    let root: String

    /// Being unpacked, or left so by a killed process; one directory a layer, of whoever holds its lock.
    var unfinished: String { "\(root)/unfinished" }

    func place(of layer: ImageLayer) -> String { "\(root)/\(Self.name(layer.diffID))" }
    func unfinished(_ layer: ImageLayer) -> String { "\(unfinished)/\(Self.name(layer.diffID))" }
    func lock(_ name: String) -> String { "\(root)/locks/\(name)" }
    func isReady(_ layer: ImageLayer) -> Bool { HostFiles.exists(place(of: layer)) }

    /// The hexadecimal digits of a digest.
    static func name(_ digest: String) -> String { digest.split(separator: ":").last.map(String.init) ?? digest }

    func prepare() throws(FoundryError) {
        for directory in [root, unfinished, "\(root)/locks"] { try HostFiles.makeDirectory(directory) }
    }

    /// The caller holds the lock. `rm` copes with whatever tree a layer makes.
    func discard(_ name: String, _ command: Command) async throws(FoundryError) {
        try await command.run("rm", ["-rf", "--one-file-system", "--", "\(unfinished)/\(name)"], limit: .seconds(120))
    }
}
