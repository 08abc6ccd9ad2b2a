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

    func stream<Element: Decodable & Sendable>(
        _ path: [String], _ query: [(name: String, value: String)]
    ) async throws(FoundryError) -> JSONLines<Element> {
        let response = try await connection.open(APICall(method: .get, path: path, query: query))
        return JSONLines(response: response, connection: connection)
    }
}
