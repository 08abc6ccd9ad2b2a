import FoundryModel

/// One installation's API, typed. Cloud Foundry's v3 where that has the thing, `/foundry/v1` for the rest; docs/reference/api.md.
///
/// Every call throws the server's own error, or `not_running`, `unreachable`, `timed_out` when there was no answer.
public struct FoundryAPI: Sendable {
    let connection: APIConnection

    /// Connects at the first call.
    ///
    /// - Throws: `configuration_invalid` when the target's certificates cannot be read.
    public init(_ target: APITarget) throws(FoundryError) { connection = try APIConnection(target) }

    /// Ends every connection. Must be called before the last copy goes.
    public func close() async { await connection.close() }

    func get<Value: Decodable>(
        _ path: [String], _ query: [(name: String, value: String)] = [], limit: Duration = APICall.usualLimit
    ) async throws(FoundryError) -> Value {
        try await connection.send(APICall(method: .get, path: path, query: query, limit: limit)).decoded()
    }

    func list<Resource: Codable & Sendable>(
        _ path: [String], _ query: [(name: String, value: String)] = []
    ) async throws(FoundryError) -> [Resource] {
        let answer: ListAnswer<Resource> = try await get(path, query)
        return answer.resources
    }

    /// Sends a value as JSON.
    func send(
        _ method: APICall.Method, _ path: [String], _ request: some Encodable & Sendable,
        limit: Duration = APICall.usualLimit
    ) async throws(FoundryError) -> APIAnswer {
        try await connection.send(APICall(method: method, path: path, body: try Self.body(request), limit: limit))
    }

    static func body(_ request: some Encodable) throws(FoundryError) -> APIBody {
        do { return try .json(request) } catch {
            throw FoundryError(.internalError, "The request could not be written.", detail: "\(error)")
        }
    }

    /// Every page of a list of Cloud Foundry's.
    func pages<Resource: Codable & Sendable>(
        _ path: [String], _ query: [(name: String, value: String)] = []
    ) async throws(FoundryError) -> [Resource] {
        var resources: [Resource] = []
        for number in 1... {
            let page: Page<Resource> = try await get(
                path, query + [(name: "page", value: "\(number)"), (name: "per_page", value: "\(Self.largestPage)")])
            resources += page.resources
            if page.pagination.next == nil { break }
        }
        return resources
    }

    private static let largestPage = 5_000

    func stream<Element: Decodable & Sendable>(
        _ path: [String], _ query: [(name: String, value: String)]
    ) async throws(FoundryError) -> JSONLines<Element> {
        let response = try await connection.open(APICall(method: .get, path: path, query: query))
        return JSONLines(response: response, connection: connection)
    }
}
