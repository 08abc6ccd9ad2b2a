import FoundryCommandLine
import FoundryModel
import FoundrySupervisor

/// What `up` tells.
struct UpAnswer: Hashable, Sendable, Codable {
    var instance: String
    var url: String
    var data: String
    var pool: String
    var routes: String
    var ranAlready: Bool

    init(_ installation: Installation, ranAlready: Bool) {
        let configuration = installation.configuration
        instance = configuration.instance
        url = "https://127.0.0.1:\(configuration.apiPort)"
        data = installation.paths.data
        pool = Self.words(configuration.pool, installation)
        routes = "127.0.0.1:\(configuration.routes.firstPort)-\(configuration.routes.lastPort)"
        self.ranAlready = ranAlready
    }

    func lines(on terminal: Terminal) -> [String] {
        let first = ranAlready ? "Service Foundry runs already." : "Service Foundry is up."
        var fields = FieldList()
        fields.add("  API", .init(url))
        fields.add("  data", .init("\(data) (instance \(instance))"))
        fields.add("  volumes", .init(pool))
        fields.add("  routes", .init(routes))
        fields.add("  next", .init("foundry push postgres demo --disk 1G", .strong))
        return [TextStyle.good.applied(to: first, on: terminal)] + fields.lines(on: terminal)
    }

    private static func words(_ pool: PoolConfiguration, _ installation: Installation) -> String {
        switch pool {
        case .file(let size): "\(size) in \(installation.paths.poolFile)"
        case .device(let path): path
        case .directory(let path): path
        }
    }
}
