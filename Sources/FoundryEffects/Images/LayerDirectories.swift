import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where layers are unpacked to, each under the digest of its content. Several installations may share them.
public struct LayerDirectories: Hashable, Sendable {
    public let root: String

    public init(root: String) { self.root = root }

    /// Being unpacked, or left so by a killed process; one directory a layer, of whoever holds its lock.
    public var unfinished: String { "\(root)/unfinished" }

    public func place(of layer: ImageLayer) -> String { "\(root)/\(Self.name(layer.diffID))" }
    public func unfinished(_ layer: ImageLayer) -> String { "\(unfinished)/\(Self.name(layer.diffID))" }
    public func lock(_ name: String) -> String { "\(root)/locks/\(name)" }
    public func isReady(_ layer: ImageLayer) -> Bool { FileManager.default.fileExists(atPath: place(of: layer)) }

    /// The names of those that are whole.
    public func ready() -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
        return names.filter { ImageReference.isDigest("sha256:\($0)") }.sorted()
    }

    /// The hexadecimal digits of a digest.
    public static func name(_ digest: String) -> String { digest.split(separator: ":").last.map(String.init) ?? digest }

    /// - Throws: `internal_error`.
    public func prepare() throws(FoundryError) {
        do {
            for directory in [root, unfinished, "\(root)/locks"] {
                try FileManager.default.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            }
        } catch {
            throw FoundryError(.internalError, "A directory cannot be made.", detail: "\(root): \(error)")
        }
    }

    /// The caller holds the lock. `rm` copes with whatever tree a layer makes.
    public func discard(_ name: String, _ command: Command) async throws(FoundryError) {
        try await command.run("rm", ["-rf", "--one-file-system", "--", "\(unfinished)/\(name)"], limit: .seconds(120))
    }
}
