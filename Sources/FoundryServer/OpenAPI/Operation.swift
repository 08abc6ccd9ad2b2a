import FoundryModel

/// What one path and method of the API takes and answers.
struct Operation: Sendable {
    /// `GET /v3/apps/:guid`
    let call: String
    let summary: String
    var query: [Query] = []
    var body: Body?
    var answer: Answered
    /// The token is not asked for.
    var isOpen = false

    /// It is the broker's: with a name and a password of its own, and errors in its own shape.
    var isBroker: Bool { call.contains(" /v2/") }

    struct Query: Sendable {
        let name: String
        let schema: JSONNode

        static func text(_ name: String) -> Self { Self(name: name, schema: ["type": "string"]) }
        static func flag(_ name: String) -> Self { Self(name: name, schema: ["type": "boolean"]) }
        static func number(_ name: String, _ range: ClosedRange<Int>) -> Self {
            Self(
                name: name,
                schema: ["type": "integer", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)])
        }
    }

    struct Body: Sendable {
        let type: String
        let schema: @Sendable (SchemaReader) throws -> JSONNode
        var isNeeded = true

        static func json(_ type: any (Decodable & Sendable).Type) -> Self {
            Self(type: "application/json") { try $0.schema(type) }
        }

        static func json(_ schema: JSONNode) -> Self { Self(type: "application/json") { _ in schema } }
        static let bytes = Self(type: "application/octet-stream") { _ in ["type": "string", "format": "binary"] }
    }

    struct Answered: Sendable {
        let status: Int
        /// nil: there is none.
        let type: String?
        let schema: @Sendable (SchemaReader) throws -> JSONNode
        /// The header `Location` names a job.
        var hasJob = false

        static func json(_ type: any (Decodable & Sendable).Type, _ status: Int = 200, hasJob: Bool = false) -> Self {
            Self(status: status, type: "application/json", schema: { try $0.schema(type) }, hasJob: hasJob)
        }

        /// JSON of which nothing more is said.
        static func object(_ status: Int = 200) -> Self {
            Self(status: status, type: "application/json") { _ in ["type": "object"] }
        }

        static let nothing = Self(status: 204, type: nil) { _ in [:] }
        /// Accepted; the job tells.
        static let job = Self(status: 202, type: nil, schema: { _ in [:] }, hasJob: true)
        /// An answer that is no JSON, or one JSON value a line.
        static func other(_ type: String) -> Self { Self(status: 200, type: type) { _ in ["type": "string"] } }
        static let lines = other("application/x-ndjson")
    }
}
