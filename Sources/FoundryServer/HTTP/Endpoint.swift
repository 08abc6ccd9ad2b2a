import FoundryModel
import Hummingbird

/// One path and method of the API, and what answers it.
struct Endpoint: Sendable {
    typealias Handler = @Sendable (APIRequest) async throws(FoundryError) -> Response

    let method: HTTPRequest.Method
    /// `/v3/apps/:guid`
    let pattern: String
    /// Answered without a token.
    let isOpen: Bool
    /// Shows what is secret: not for tokens that only read, and written down in the audit log.
    let isSecret: Bool
    /// Reads the request's body itself, as it comes.
    let takesStream: Bool
    let limit: Duration
    let handler: Handler

    init(
        _ method: HTTPRequest.Method, _ pattern: String, isOpen: Bool = false, isSecret: Bool = false,
        takesStream: Bool = false, limit: Duration = Limits.time, handler: @escaping Handler
    ) {
        self.method = method
        self.pattern = pattern
        self.isOpen = isOpen
        self.isSecret = isSecret
        self.takesStream = takesStream
        self.limit = limit
        self.handler = handler
    }

    /// It changes nothing, and shows no secret.
    var isForReaders: Bool { [.get, .head].contains(method) && !isSecret }

    static func get(
        _ pattern: String, isOpen: Bool = false, isSecret: Bool = false, limit: Duration = Limits.time,
        _ handler: @escaping Handler
    ) -> Self {
        Self(.get, pattern, isOpen: isOpen, isSecret: isSecret, limit: limit, handler: handler)
    }

    static func post(_ pattern: String, limit: Duration = Limits.time, _ handler: @escaping Handler) -> Self {
        Self(.post, pattern, limit: limit, handler: handler)
    }

    static func patch(_ pattern: String, _ handler: @escaping Handler) -> Self {
        Self(.patch, pattern, handler: handler)
    }

    static func delete(_ pattern: String, _ handler: @escaping Handler) -> Self {
        Self(.delete, pattern, handler: handler)
    }
}

/// All endpoints of a listener. Says 404 for a path that none has, and 405 for a method that the path has not.
struct EndpointTable: Sendable {
    struct Match: Sendable {
        let endpoint: Endpoint
        let parameters: [String: String]
    }

    private enum Part: Sendable {
        case word(String)
        case parameter(String)
    }

    private struct Row: Sendable {
        let parts: [Part]
        let endpoint: Endpoint
    }

    /// By how many segments a path has; the first that fits counts.
    private let rows: [Int: [Row]]

    init(_ endpoints: [Endpoint]) {
        let rows = endpoints.map { endpoint in
            let parts = endpoint.pattern.split(separator: "/").map { part in
                part.hasPrefix(":") ? Part.parameter(String(part.dropFirst())) : .word(String(part))
            }
            return Row(parts: parts, endpoint: endpoint)
        }
        self.rows = Dictionary(grouping: rows) { $0.parts.count }
    }

    /// - Parameter segments: of the path, decoded.
    /// - Throws: `unknown_request`, `method_not_allowed`.
    func match(_ method: HTTPRequest.Method, _ segments: [String]) throws(FoundryError) -> Match {
        var allowed: [String] = []
        for row in rows[segments.count] ?? [] where Self.fits(row.parts, segments) {
            if row.endpoint.method == method {
                return Match(endpoint: row.endpoint, parameters: Self.parameters(row.parts, segments))
            }
            allowed.append(row.endpoint.method.rawValue)
        }
        guard !allowed.isEmpty else {
            throw FoundryError(.unknownRequest, "Unknown request", hint: "docs/reference/api.md lists every path")
        }
        throw FoundryError(
            .methodNotAllowed, "This path does not take \(method.rawValue.prefix(20)).",
            hint: "use \(Set(allowed).sorted().joined(separator: ", "))")
    }

    private static func fits(_ parts: [Part], _ segments: [String]) -> Bool {
        for (part, segment) in zip(parts, segments) {
            if case .word(let word) = part, word != segment { return false }
        }
        return true
    }

    private static func parameters(_ parts: [Part], _ segments: [String]) -> [String: String] {
        var parameters: [String: String] = [:]
        for (part, segment) in zip(parts, segments) {
            if case .parameter(let name) = part { parameters[name] = segment }
        }
        return parameters
    }
}
