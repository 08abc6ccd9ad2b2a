import FoundryClient
import FoundryModel

/// The API as OpenAPI describes it. What is read and written is taken from the types themselves.
///
/// - Source: the OpenAPI specification, version 3.0.3.
enum OpenAPIDocument {
    /// - Throws: when a type does not tell its schema: a test makes sure that each does.
    static func make() throws -> JSONNode {
        let reader = SchemaReader()
        let problem = try reader.schema(ErrorBody.self)
        let brokerProblem: JSONNode = [
            "type": "object", "properties": ["error": ["type": "string"], "description": ["type": "string"]],
        ]
        var paths: [String: [String: JSONNode]] = [:]
        for operation in Operations.all {
            let parts = operation.call.split(separator: " ")
            paths[path(parts[1]), default: [:]][parts[0].lowercased()] = try node(
                operation, parts[1], operation.isBroker ? brokerProblem : problem, reader)
        }
        return [
            "openapi": "3.0.3",
            "info": [
                "title": "Service Foundry", "version": .text(Platform.version),
                "description": "Cloud Foundry's v3 API under /v3, and what it has no word for under /foundry/v1.",
            ],
            "paths": .object(paths.mapValues { .object($0) }),
            "components": [
                "schemas": .object(reader.named),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer"], "broker": ["type": "http", "scheme": "basic"],
                ],
            ],
            "security": [["token": []]],
        ]
    }

    private static func node(
        _ operation: Operation, _ pattern: Substring, _ problem: JSONNode, _ reader: SchemaReader
    ) throws -> JSONNode {
        var node: [String: JSONNode] = ["summary": .text(operation.summary)]
        let names = pattern.split(separator: "/").filter { $0.hasPrefix(":") }.map { String($0.dropFirst()) }
        let parameters: [JSONNode] =
            names.map { ["name": .text($0), "in": "path", "required": true, "schema": ["type": "string"]] }
            + operation.query.map { ["name": .text($0.name), "in": "query", "schema": $0.schema] }
            + (operation.isBroker ? [brokerVersion] : [])
        if !parameters.isEmpty { node["parameters"] = .list(parameters) }
        if let body = operation.body {
            node["requestBody"] = [
                "required": .flag(body.isNeeded), "content": [body.type: ["schema": try body.schema(reader)]],
            ]
        }
        if operation.isOpen { node["security"] = [] }
        if operation.isBroker { node["security"] = [["broker": []]] }
        node["responses"] = [
            "\(operation.answer.status)": try answer(operation.answer, reader),
            "default": ["description": "An error.", "content": ["application/json": ["schema": problem]]],
        ]
        return .object(node)
    }

    private static let brokerVersion: JSONNode = [
        "name": .text(BrokerHead.versionHeader), "in": "header", "required": true,
        "schema": ["type": "string", "pattern": "^2\\.(1[3-9]|[2-9][0-9])$"],
    ]

    private static func answer(_ answered: Operation.Answered, _ reader: SchemaReader) throws -> JSONNode {
        var node: [String: JSONNode] = [
            "description": answered.hasJob ? "Taken on; `Location` names the job." : "Done."
        ]
        if let type = answered.type { node["content"] = [type: ["schema": try answered.schema(reader)]] }
        if answered.hasJob { node["headers"] = ["Location": ["schema": ["type": "string"]]] }
        return .object(node)
    }

    /// `/v3/apps/:guid` is `/v3/apps/{guid}` there.
    private static func path(_ pattern: Substring) -> String {
        pattern.split(separator: "/", omittingEmptySubsequences: false)
            .map { $0.hasPrefix(":") ? "{\($0.dropFirst())}" : String($0) }.joined(separator: "/")
    }
}
