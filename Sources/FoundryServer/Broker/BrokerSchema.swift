import FoundryModel
import FoundryRules

/// A release's parameters as a JSON schema.
///
/// - Source: JSON Schema draft 4; Open Service Broker API 2.17, "Schemas Object".
enum BrokerSchema {
    /// - Parameter plan: its defaults, over the release's.
    /// - Parameter isUpdate: nothing has to be given again.
    static func parameters(
        _ parameters: [ReleaseParameter], plan: [String: ParameterValue] = [:], isUpdate: Bool = false
    ) -> JSONNode {
        var properties: [String: JSONNode] = [:]
        var needed: [JSONNode] = []
        for parameter in parameters {
            let given = plan[parameter.name] ?? parameter.defaultValue
            properties[parameter.name] = property(parameter, given)
            if given == nil, !isUpdate { needed.append(.text(parameter.name)) }
        }
        let schema: JSONNode = [
            "$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "additionalProperties": false,
            "properties": .object(properties),
        ]
        return needed.isEmpty ? schema : schema.with(["required": .list(needed)])
    }

    private static func property(_ parameter: ReleaseParameter, _ given: ParameterValue?) -> JSONNode {
        var fields = kind(parameter.kind)
        if !parameter.description.isEmpty { fields["description"] = .text(parameter.description) }
        if let given { fields["default"] = JSONNode(given) }
        return .object(fields)
    }

    private static func kind(_ kind: ParameterKind) -> [String: JSONNode] {
        switch kind {
        case .integer(let minimum, let maximum):
            ["type": "integer", "minimum": .number(Int(minimum)), "maximum": .number(Int(maximum))]
        case .boolean: ["type": "boolean"]
        case .text(let longest):
            ["type": "string", "maxLength": .number(longest), "pattern": "^[A-Za-z0-9 _.,:;/@+=%-]*$"]
        case .choice(let choices): ["type": "string", "enum": .list(choices.map { .text($0) })]
        }
    }
}

extension JSONNode {
    init(_ value: ParameterValue) {
        switch value {
        case .integer(let number): self = .number(Int(number))
        case .boolean(let flag): self = .flag(flag)
        case .text(let text): self = .text(text)
        }
    }

    init(_ values: [String: ParameterValue]) { self = .object(values.mapValues { JSONNode($0) }) }

    init(_ credentials: [String: CredentialValue]) {
        self = .object(
            credentials.mapValues { value in
                switch value {
                case .text(let text): .text(text)
                case .number(let number): .number(number)
                }
            })
    }
}
