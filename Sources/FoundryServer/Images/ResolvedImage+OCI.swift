import FoundryEffects
import FoundryModel

extension ResolvedImage {
    /// Checks and joins what the documents of an image say.
    ///
    /// - Throws: `image_unsupported`, saying what is not.
    init(
        reference: ImageReference, name: String, source: ImageSource, digest: String, manifest: OCIDocuments.Manifest,
        image: OCIDocuments.Image
    ) throws(FoundryError) {
        let unsupported = { (what: String) in
            FoundryError(
                .imageUnsupported, "The image \(name) \(what).", hint: "`foundry images` lists images that run here")
        }
        if let architecture = image.architecture, let system = image.os,
            system != "linux" || architecture != OCIDocuments.architecture
        {
            throw unsupported("is for \(system)/\(architecture); this machine is linux/\(OCIDocuments.architecture)")
        }
        let layers = manifest.layers ?? []
        guard layers.count == image.rootfs.diffIDs.count, (1...OCIDocuments.mostLayers).contains(layers.count) else {
            throw unsupported("has \(layers.count) layers and names \(image.rootfs.diffIDs.count)")
        }
        var resolved: [ImageLayer] = []
        for (layer, diffID) in zip(layers, image.rootfs.diffIDs) {
            guard ImageReference.isDigest(layer.digest), ImageReference.isDigest(diffID),
                (0...OCIDocuments.largestLayer).contains(layer.size)
            else {
                throw unsupported("names its layers in a way that is not known")
            }
            guard let type = layer.mediaType, Self.isTar(type) else {
                throw unsupported(
                    "has a layer of the type \((layer.mediaType ?? "none").prefix(80)), which is not known")
            }
            resolved.append(
                ImageLayer(digest: layer.digest, mediaType: type, size: ByteCount(bytes: layer.size), diffID: diffID))
        }
        self.init(
            reference: reference, name: name, source: source, manifestDigest: digest, layers: resolved,
            configuration: try ImageConfiguration(image.config, refuse: unsupported))
    }

    private static func isTar(_ type: String) -> Bool {
        [
            "application/vnd.oci.image.layer.v1.tar", "application/vnd.oci.image.layer.v1.tar+gzip",
            "application/vnd.oci.image.layer.v1.tar+zstd", "application/vnd.docker.image.rootfs.diff.tar.gzip",
            "application/vnd.docker.image.rootfs.diff.tar",
        ].contains(type)
    }
}

extension ImageConfiguration {
    fileprivate init(_ config: OCIDocuments.Config?, refuse: (String) -> FoundryError) throws(FoundryError) {
        let entrypoint = config?.entrypoint ?? []
        let command = config?.command ?? []
        guard !(entrypoint + command).isEmpty else { throw refuse("says no command to run") }
        var ports: Set<Int> = []
        for text in config?.ports?.keys.sorted() ?? [] {
            let parts = text.split(separator: "/")
            guard parts.count < 2 || parts[1] == "tcp" else { continue }
            guard let port = Int(parts.first ?? ""), (1...65_535).contains(port) else {
                throw refuse("exposes a port that is none: \(text.prefix(40))")
            }
            ports.insert(port)
        }
        let directory = config?.workingDirectory ?? ""
        self.init(
            entrypoint: entrypoint, command: command, environment: config?.environment ?? [], user: config?.user ?? "",
            workingDirectory: directory.isEmpty ? "/" : directory, volumes: config?.volumes?.keys.sorted() ?? [],
            ports: ports.sorted(),
            stopSignal: config?.stopSignal.flatMap { $0.isEmpty ? nil : $0 } ?? "SIGTERM",
            health: try config?.health.flatMap { said throws(FoundryError) in try Self.health(said, refuse) })
    }

    private static let longestHealthCommand = 64 << 10

    /// - Returns: nil when it says nothing of its own: an empty test is that of the image below, whose words are in this one.
    static func health(
        _ said: DockerHealthCheck, _ refuse: (String) -> FoundryError
    ) throws(FoundryError) -> ImageHealthCheck? {
        let test = said.test ?? []
        let rest = Array(test.dropFirst())
        guard test.reduce(0, { $0 + $1.utf8.count }) <= longestHealthCommand,
            !test.contains(where: { $0.utf8.contains(0) })
        else { throw refuse("has a health check that is too long, or holds a zero byte") }
        let command: [String]
        switch (test.first, rest.first) {
        case (nil, _), ("", nil): return nil
        case ("NONE", nil): command = []
        case ("CMD", .some): command = rest
        case ("CMD-SHELL", let line?) where rest.count == 1: command = ["/bin/sh", "-c", line]
        default: throw refuse("has a health check of a kind that is not known: \(test[0].prefix(40))")
        }
        return ImageHealthCheck(
            command: command, intervalMilliseconds: milliseconds(said.interval),
            timeoutMilliseconds: milliseconds(said.timeout), startPeriodMilliseconds: milliseconds(said.startPeriod),
            retries: said.retries.flatMap { $0 > 0 ? $0 : nil })
    }

    private static func milliseconds(_ nanoseconds: Int64?) -> Int64? {
        nanoseconds.flatMap { $0 > 0 ? max(1, $0 / 1_000_000) : nil }
    }
}
