import CFoundryLinux
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Removes unpacked layers that no image needs any more.
public struct LayerCollection: Sendable {
    private let directories: LayerDirectories
    private let command = Command()

    public init(_ directories: LayerDirectories) { self.directories = directories }

    /// A layer in whose overlay a member runs stays, whichever installation the member is of; so does one that is being unpacked. One that
    /// goes is unpacked anew should anybody need it again.
    ///
    /// - Parameter layers: digests of the uncompressed layers.
    /// - Returns: what became free on the disk.
    /// - Throws: `command_failed`, `timed_out`, `internal_error`.
    public func remove(_ layers: some Sequence<String>) async throws(FoundryError) -> ByteCount {
        var freed = ByteCount.zero
        for name in Set(layers.map(LayerDirectories.name)).sorted() {
            let place = "\(directories.root)/\(name)"
            guard FileManager.default.fileExists(atPath: place) else { continue }
            try directories.prepare()
            guard let lock = try ImageLock.take(directories.lock(name)) else { continue }
            defer { lock.release() }
            guard !inUse().contains(name) else { continue }
            let size = try await command.run(
                "du", ["--summarize", "--one-file-system", "--block-size=1", "--", place], limit: .seconds(120))
            try await directories.discard(name, command)
            guard foundry_rename(place, "\(directories.unfinished)/\(name)") == 0 else { continue }
            try await directories.discard(name, command)
            freed = freed + ByteCount(bytes: Int64(size.prefix { $0.isNumber }) ?? 0)
        }
        return freed
    }

    /// Names of the layers that the root file systems of members link to, of all installations of this machine.
    private func inUse() -> Set<String> {
        var names: Set<String> = []
        for instance in Self.names("/run/foundry") {
            let members = "/run/foundry/\(instance)/members"
            for member in Self.names(members) {
                let links = "\(members)/\(member)/layers"
                for link in Self.names(links) {
                    guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(links)/\(link)")
                    else { continue }
                    names.insert(target.split(separator: "/").last.map(String.init) ?? "")
                }
            }
        }
        return names
    }

    private static func names(_ directory: String) -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
    }
}
