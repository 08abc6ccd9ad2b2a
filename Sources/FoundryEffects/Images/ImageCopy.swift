import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Copies an image into a layout, through `skopeo`: whole, with the digests checked, or not at all.
public struct ImageCopy: Sendable {
    public enum Source: Hashable, Sendable {
        /// `registry.example/team/name@sha256:…`
        case registry(String, allowsPlainHTTP: Bool)
        /// A file.
        case ociArchive(String)
        case dockerArchive(String)

        var words: String {
            switch self {
            case .registry(let name, _): "docker://\(name)"
            case .ociArchive(let file): "oci-archive:\(file)"
            case .dockerArchive(let file): "docker-archive:\(file)"
            }
        }
    }

    private let layout: ImageLayout
    private let command: Command

    public init(into layout: ImageLayout, command: Command = Command()) {
        self.layout = layout
        self.command = command
    }

    /// Blobs that are here already are not copied again. Layers keep their packing, so that their digests stay those of the manifest.
    ///
    /// - Parameter name: what the image is called here from now on, and in messages.
    /// - Parameter credentials: a file as `skopeo login` writes it; nil to ask as this machine is known to the registry.
    /// - Parameter accept: looks at what came before it is named; what it throws leaves everything as it was.
    /// - Returns: the image's entry in the index.
    /// - Throws: what `RegistryFailure` makes of skopeo's words; `timed_out`; what `accept` throws.
    public func run(
        _ source: Source, name: String, origin: ImageOrigin, credentials: String? = nil, limit: Duration,
        accept: @Sendable (ImageLayout.Entry) throws(FoundryError) -> Void = { _ in }
    ) async throws(FoundryError) -> ImageLayout.Entry {
        let lock = try await layout.lock(limit: limit)
        defer { lock.release() }
        try clear()
        defer { try? clear() }
        let before = blobs()
        do throws(FoundryError) {
            try await copy(source, name, credentials, limit)
            var entry = try arrived(name)
            try accept(entry)
            // What a cell fetches for an app has its checks in the app's orders.
            let health =
                origin.isKept
                ? try await healthCheck(of: source, name: name, credentials: credentials, limit: limit) : nil
            entry.annotations = [
                ImageLayout.nameAnnotation: try free(name, origin, source),
                ImageLayout.originAnnotation: origin.rawValue,
            ]
            entry.annotations?[ImageLayout.healthAnnotation] = health
            try layout.add(entry)
            return entry
        } catch {
            for blob in blobs().subtracting(before) {
                try? FileManager.default.removeItem(atPath: "\(layout.blobs)/\(blob)")
            }
            throw error
        }
    }

    private func copy(
        _ source: Source, _ name: String, _ credentials: String?, _ limit: Duration
    ) async throws(FoundryError) {
        var options = [
            "--quiet", "--dest-oci-accept-uncompressed-layers", "--dest-shared-blob-dir", "\(layout.path)/blobs",
        ]
        if case .registry(_, let allowsPlainHTTP) = source {
            options += ["--src-tls-verify=\(!allowsPlainHTTP)"]
            options += credentials.map { ["--src-authfile", $0] } ?? []
        }
        let output = try await command.result(
            "skopeo", ["copy"] + options + [source.words, "oci:\(layout.incoming):image"],
            // Archives are unpacked on the way: there, so that a killed copy leaves nothing elsewhere.
            environment: ["TMPDIR": layout.incoming], limit: limit)
        guard output.exitCode == 0 else {
            if case .registry = source { throw RegistryFailure.error(name, output.standardError) }
            throw RegistryFailure.archive(name, output.standardError)
        }
    }

    func inspect(_ arguments: [String], limit: Duration) async throws(FoundryError) -> Command.Output {
        try await command.result("skopeo", arguments, environment: ["TMPDIR": layout.incoming], limit: limit)
    }

    /// What a cell fetches for an older app never takes the name of what somebody pulled or imported since.
    private func free(_ name: String, _ origin: ImageOrigin, _ source: Source) throws(FoundryError) -> String {
        guard origin == .push, case .registry(let pinned, _) = source,
            try layout.entries().contains(where: { $0.name == name && $0.origin?.isKept == true })
        else { return name }
        return pinned
    }

    /// What skopeo left in the directory of what is on its way.
    private func arrived(_ name: String) throws(FoundryError) -> ImageLayout.Entry {
        let entries = try ImageLayout(layout.incoming).entries()
        guard entries.count == 1, let entry = entries.first, ImageReference.isDigest(entry.digest) else {
            throw FoundryError(
                .imageUnsupported, "\(name) did not come as one image.", detail: "\(entries.count) manifests came")
        }
        return entry
    }

    /// Also what a killed process left.
    private func clear() throws(FoundryError) {
        try layout.perform("cleared") {
            if FileManager.default.fileExists(atPath: layout.incoming) {
                try FileManager.default.removeItem(atPath: layout.incoming)
            }
            try FileManager.default.createDirectory(atPath: layout.incoming, withIntermediateDirectories: true)
        }
    }

    private func blobs() -> Set<String> {
        Set((try? FileManager.default.contentsOfDirectory(atPath: layout.blobs)) ?? [])
    }
}
