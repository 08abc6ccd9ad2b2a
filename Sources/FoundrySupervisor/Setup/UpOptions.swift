import FoundryEffects
import FoundryModel

/// What `foundry up` was told; nil: not said.
public struct UpOptions: Hashable, Sendable {
    public static let usualData = Paths.usualData
    public static let usualImages = "/var/cache/foundry/images"

    /// Absolute.
    public var data: String
    public var pool: PoolConfiguration?
    public var images: String?
    public var layers: String?
    public var apiPort: Int?
    public var routePorts: ClosedRange<Int>?
    public var publicRoutes: PublicRouteRange?

    public init(
        data: String = Self.usualData, pool: PoolConfiguration? = nil, images: String? = nil, layers: String? = nil,
        apiPort: Int? = nil,
        routePorts: ClosedRange<Int>? = nil, publicRoutes: PublicRouteRange? = nil
    ) {
        self.data = data
        self.pool = pool
        self.images = images
        self.layers = layers
        self.apiPort = apiPort
        self.routePorts = routePorts
        self.publicRoutes = publicRoutes
    }

    /// Which options say something else than the configuration that was written at the first `up`.
    ///
    /// - Returns: one sentence for each.
    func contradictions(to configuration: PlatformConfiguration) -> [String] {
        var found: [String] = []
        func compare<Value: Equatable>(_ option: String, _ said: Value?, _ is: Value?, _ show: (Value) -> String) {
            guard let said, said != `is` else { return }
            found.append("\(option) is \(`is`.map(show) ?? "not set"), not \(show(said))")
        }
        compare("the pool", pool, configuration.pool, Self.show)
        compare("--images", images, configuration.bundledImages) { $0 }
        compare("--layers", layers, configuration.layers) { $0 }
        compare("--api-port", apiPort, configuration.apiPort) { "\($0)" }
        compare("--route-ports", routePorts, configuration.routes.ports(of: .loopback)) {
            "\($0.lowerBound)-\($0.upperBound)"
        }
        compare("--public-routes", publicRoutes, configuration.routes.publicRange) {
            "\($0.address):\($0.firstPort)-\($0.lastPort)"
        }
        return found
    }

    static func show(_ pool: PoolConfiguration) -> String {
        switch pool {
        case .file(let size): "a file of \(size)"
        case .device(let path): "the device \(path)"
        case .directory(let path): "the directory \(path)"
        }
    }
}
