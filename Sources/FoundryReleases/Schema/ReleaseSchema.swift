import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The JSON schema of `release.yml`, for editors: docs/reference/release.schema.json.
///
/// It says what single fields may hold; `foundry release check` also says what does not go together.
public enum ReleaseSchema {
    public static var document: JSONNode {
        schema(ReleaseTable.root).with([
            "$schema": "http://json-schema.org/draft-07/schema#", "title": "release.yml of Service Foundry",
        ])
    }

    /// Sorted, so that it is the same each time.
    static func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
    }

    private static func schema(_ kind: ReleaseKind) -> JSONNode {
        switch kind {
        case .text(let longest): ["type": "string", "minLength": 1, "maxLength": .number(longest)]
        case .word(let words): ["type": "string", "enum": .list(words.map(JSONNode.text))]
        case .shaped(let shape): self.shape(shape)
        case .integer(let limits): integer(limits)
        case .flag: ["type": "boolean"]
        case .scalar: ["type": ["string", "integer", "boolean"]]
        case .list(let kind, let count):
            .object(
                ["type": "array", "items": schema(kind), "maxItems": .number(count.upperBound)].merging(
                    count.lowerBound > 0 ? ["minItems": .number(count.lowerBound)] : [:]
                ) { $1 })
        case .group(let fields, let one): group(fields, one)
        case .map(let shape, let kind, let count):
            .object([
                "type": "object", "propertyNames": self.shape(shape), "additionalProperties": schema(kind),
                "minProperties": .number(count.lowerBound), "maxProperties": .number(count.upperBound),
            ])
        }
    }

    /// A size, a share or a time may be written as a bare number.
    private static func shape(_ shape: ReleaseShape) -> JSONNode {
        let isQuantity = ["a size", "an amount of cores", "a length of time"].contains(shape.noun)
        let node: JSONNode = [
            "type": isQuantity ? ["string", "number"] : "string", "examples": .list(examples(shape)),
        ]
        return shape.pattern.map { node.with(["pattern": .text($0)]) } ?? node
    }

    private static func examples(_ shape: ReleaseShape) -> [JSONNode] {
        shape.example.split(separator: ",").map { .text(String($0.drop { $0 == " " })) }
    }

    static func integer(_ limits: ClosedRange<Int64>) -> JSONNode {
        var fields: [String: JSONNode] = ["type": "integer"]
        if limits.lowerBound != Int64.min { fields["minimum"] = .number(Int(limits.lowerBound)) }
        if limits.upperBound != Int64.max { fields["maximum"] = .number(Int(limits.upperBound)) }
        return .object(fields)
    }

    private static func group(_ fields: [ReleaseField], _ one: [String]) -> JSONNode {
        var properties: [String: JSONNode] = [:]
        for field in fields { properties[field.name] = schema(field.kind).with(["description": .text(field.says)]) }
        var node: [String: JSONNode] = [
            "type": "object", "additionalProperties": false, "properties": .object(properties),
        ]
        let required = fields.filter(\.isRequired).map { JSONNode.text($0.name) }
        if !required.isEmpty { node["required"] = .list(required) }
        if !one.isEmpty { node["oneOf"] = .list(one.map { ["required": [.text($0)]] }) }
        return .object(node)
    }
}
