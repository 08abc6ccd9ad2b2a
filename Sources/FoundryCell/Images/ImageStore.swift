import FoundryEffects
import FoundryModel

/// The images of a cell: fetched when they come from a registry, and their layers unpacked, each once for all images.
public actor ImageStore {
    /// For one layer: reading, unpacking and syncing.
    static let layerLimit = Duration.seconds(600)
    private static let copyLimit = Duration.seconds(900)

    private let configuration: PlatformConfiguration
    private let layout: String
    private let command: Command
    private let layers: LayerDirectories
    private let largestLayer: ByteCount
    private var isSwept = false

    /// - Parameter largestLayer: unpacked.
    public init(
        paths: Paths, configuration: PlatformConfiguration, command: Command = Command(),
        largestLayer: ByteCount = .gigabytes(64)
    ) {
        self.largestLayer = largestLayer
        self.configuration = configuration
        self.command = command
        layout = paths.images
        layers = LayerDirectories(root: configuration.layers)
    }

    /// Makes every layer of the image ready to be mounted; what is ready already stays as it is.
    ///
    /// A layer is there whole or not at all: it is unpacked beside its place and renamed. Several data directories may share the layers.
    /// - Throws: `image_unreachable`, `image_unsupported` (a layer that is not what its digest says, or that holds what no layer may hold), `timed_out`.
    public func unpack(_ image: ResolvedImage) async throws(FoundryError) {
        try await sweep()
        let missing = image.layers.filter { !layers.isReady($0) }
        guard !missing.isEmpty else { return }
        if image.source == .registry, !missing.allSatisfy({ HostFiles.exists(blob($0, of: image)) }) {
            try await fetch(image)
        }
        for layer in missing {
            let unpacking = LayerUnpacking(
                layer: layer, blob: blob(layer, of: image), directories: layers, image: image.name,
                largest: largestLayer)
            try await unpacking.run(limit: Self.layerLimit)
        }
    }

    /// The directories of an unpacked image, the uppermost first, as overlayfs wants them.
    public nonisolated func lowerDirectories(_ image: ResolvedImage) -> [String] {
        image.layers.reversed().map { layers.place(of: $0) }
    }

    /// The image's user in numbers, looked up in its own `/etc/passwd` and `/etc/group`.
    ///
    /// - Throws: `image_unsupported` when the image does not know its user. The image must be unpacked.
    public nonisolated func user(_ image: ResolvedImage) throws(FoundryError) -> ContainerUser {
        try ImageUser(tree(image)).resolve(image.configuration.user, image: image.name)
    }

    /// What an unpacked image holds.
    nonisolated func tree(_ image: ResolvedImage) -> LayeredTree { LayeredTree(layers: lowerDirectories(image)) }

    /// Removes what killed unpacks left behind.
    private func sweep() async throws(FoundryError) {
        guard !isSwept else { return }
        isSwept = true
        for name in try HostFiles.names(in: layers.unfinished) {
            guard let lock = try ImageLock.take(layers.lock(name)) else { continue }
            try await layers.discard(name, command)
            lock.release()
        }
    }

    private func blob(_ layer: ImageLayer, of image: ResolvedImage) -> String {
        let layout = image.source == .bundled ? configuration.bundledImages : layout
        return "\(layout)/blobs/sha256/\(LayerDirectories.name(layer.digest))"
    }

    private func fetch(_ image: ResolvedImage) async throws(FoundryError) {
        guard let registry = image.reference.registry else {
            throw FoundryError(
                .imageUnknown, "Image \(image.name) is not on this machine.", hint: "foundry image import FILE")
        }
        _ = try await ImageCopy(into: ImageLayout(layout), command: command).run(
            .registry(
                "\(registry)/\(image.reference.repository)@\(image.manifestDigest)",
                allowsPlainHTTP: ImageReference.isLoopback(registry)),
            name: image.name, origin: .push, limit: Self.copyLimit)
    }
}
