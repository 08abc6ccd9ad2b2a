import FoundryClient
import FoundryModel

/// Shows an app's credentials, or writes them where `psql` looks for them.
public struct CredentialsWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat) {
        self.api = api
        self.console = console
        self.format = format
    }

    /// - Parameter instance: the number of one of several.
    public func show(app name: String, instance: Int?, showsPassword: Bool) async throws {
        let app = try await AppLookup(api).app(name)
        let view = CredentialsView(
            try await api.credentials(app.guid, instance: instance), showsPassword: showsPassword)
        try console.show(view.answer, as: format) { view.lines(on: console.output) }
    }

    /// Writes an entry named for the app, or for one of its instances, into the user's connection service file.
    ///
    /// - Throws: `bad_request` when the app has not what PostgreSQL's client needs; `configuration_invalid` when the file cannot be written.
    public func writePostgresService(app name: String, instance: Int?) async throws {
        let app = try await AppLookup(api).app(name)
        let entry = instance.map { "\(app.name)-\($0)" } ?? app.name
        let service = try Self.service(entry, try await api.credentials(app.guid, instance: instance))
        let file = try PostgresServiceFile.ofUser()
        try file.write(service)
        let answer = ServiceAnswer(path: file.path, service: service.name)
        try console.show(answer, as: format) {
            ["\(file.path) has the entry [\(service.name)] now", "psql service=\(service.name)"]
        }
    }

    static func service(_ name: String, _ credentials: CredentialsAnswer) throws(FoundryError) -> PostgresService {
        guard let user = credentials.user, let password = credentials.password, let database = credentials.dbname else {
            throw FoundryError(
                .badRequest, "\(name) has no user, database and password as a PostgreSQL has.",
                hint: "foundry credentials \(name)")
        }
        guard let host = credentials.host, let port = credentials.port else {
            throw FoundryError(
                .badRequest, "\(name) has no route, so nothing here can reach it.", hint: "foundry app \(name)")
        }
        return PostgresService(name: name, host: host, port: port, database: database, user: user, password: password)
    }
}

/// Where the entry is.
struct ServiceAnswer: Hashable, Sendable, Encodable {
    var path: String
    var service: String
}
