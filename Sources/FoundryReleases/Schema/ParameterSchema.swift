import FoundryModel
import FoundryRules

/// The JSON schema of parameters, as a broker's catalog carries it.
///
/// - Source: Open Service Broker API 2.17, "Input Parameters Schema Object"; JSON schema draft 4.
public enum ParameterSchema {
    /// - Parameter defaults: of a plan, which win.
    public static func document(
        _ parameters: [ReleaseParameter], defaults: [String: ParameterValue] = [:]
    ) -> JSONNode {
        var properties: [String: JSONNode] = [:]
        for parameter in parameters {
            properties[parameter.name] = schema(parameter, defaults[parameter.name] ?? parameter.defaultValue)
        }
        return [
            "$schema": "http://json-schema.org/draft-04/schema#", "type": "object", "additionalProperties": false,
            "properties": .object(properties),
        ]
    }

    private static func schema(_ parameter: ReleaseParameter, _ value: ParameterValue?) -> JSONNode {
        var more: [String: JSONNode] = [:]
        if !parameter.description.isEmpty { more["description"] = .text(parameter.description) }
        more["default"] = value.map { JSONNode($0) }
        return schema(parameter.kind).with(more)
    }

    private static func schema(_ kind: ParameterKind) -> JSONNode {
        switch kind {
        case .integer(let minimum, let maximum) where minimum <= maximum: ReleaseSchema.integer(minimum...maximum)
        case .integer: ["type": "integer"]
        case .boolean: ["type": "boolean"]
        case .text(let longest):
            [
                "type": "string", "maxLength": .number(longest),
                "pattern": .text("^[A-Za-z0-9\(ParameterRule.textMarks)]*$"),
            ]
        case .choice(let choices): ["type": "string", "enum": .list(choices.map(JSONNode.text))]
        }
    }
}
