import ArgumentParser
import FoundryModel
import FoundrySupervisor

/// What the first `up` decides; a later one may repeat it, and not contradict it.
struct SetupOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Keep volumes in a file of this size: 20G. Half of the free disk, at most 64G, if nothing is said.",
            valueName: "size"))
    var poolSize: String?

    @Option(
        help: ArgumentHelp("Keep volumes on this block device, which must be empty: much faster.", valueName: "device"))
    var poolDevice: String?

    @Option(help: ArgumentHelp("Keep volumes in this directory of a btrfs.", valueName: "dir"), completion: .directory)
    var poolDirectory: String?

    @Option(help: ArgumentHelp("The bundled images, an OCI layout.", valueName: "dir"), completion: .directory)
    var images: String?

    @Option(
        help: ArgumentHelp("Where layers of images are unpacked; several platforms may share it.", valueName: "dir"),
        completion: .directory)
    var layers: String?

    @Option(help: ArgumentHelp("Of the API, on 127.0.0.1; the next one is for the cells.", valueName: "port"))
    var apiPort: Int?

    @Option(help: ArgumentHelp("From which routes on 127.0.0.1 get theirs: 20000-20199.", valueName: "first-last"))
    var routePorts: PortRange?

    @Option(
        help: ArgumentHelp(
            "Allow public routes, on this address: 192.0.2.7:21000-21099.", valueName: "address:first-last"))
    var publicRoutes: PublicRoutes?

    /// - Throws: `usage`, `size_invalid`.
    func options(data: String) throws(FoundryError) -> UpOptions {
        UpOptions(
            data: data, pool: try pool(), images: images.map(AbsolutePath.of), layers: layers.map(AbsolutePath.of),
            apiPort: apiPort,
            routePorts: routePorts?.ports, publicRoutes: publicRoutes?.range)
    }

    private func pool() throws(FoundryError) -> PoolConfiguration? {
        guard [poolSize, poolDevice, poolDirectory].compactMap({ $0 }).count <= 1 else {
            throw FoundryError(
                .usage, "--pool-size, --pool-device and --pool-directory exclude each other.", hint: "foundry up --help"
            )
        }
        if let poolDevice { return .device(AbsolutePath.of(poolDevice)) }
        if let poolDirectory { return .directory(AbsolutePath.of(poolDirectory)) }
        guard let poolSize else { return nil }
        guard let size = ByteCount(parsing: poolSize) else {
            throw FoundryError(
                .sizeInvalid, "--pool-size \(poolSize) is not a size.", hint: "foundry up --pool-size 20G")
        }
        return .file(size: size)
    }
}
