import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Reads JSON of any shape.
enum ManifestJSON {
    /// - Throws: `not_json`; `bad_request` when it is too large or too deep.
    static func read(_ bytes: [UInt8]) throws(FoundryError) -> ManifestValue {
        let (values, depth) = size(bytes)
        guard values <= ManifestLimits.values, depth <= ManifestLimits.depth else { throw ManifestTooLarge.error }
        do {
            return try JSONDecoder().decode(Node.self, from: Data(bytes)).value
        } catch {
            throw FoundryError(
                .notJSON, "The body is not JSON.", detail: "\(error)".prefix(400).description,
                hint: "send JSON, or YAML as application/x-yaml")
        }
    }

    /// How many values there are at most, and how deep they lie, told from the punctuation outside of texts.
    static func size(_ bytes: [UInt8]) -> (values: Int, depth: Int) {
        var (values, depth, deepest) = (1, 0, 0)
        var isText = false
        var isEscaped = false
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "\"") where !isEscaped: isText.toggle()
            case UInt8(ascii: "\\") where isText:
                isEscaped.toggle()
                continue
            case UInt8(ascii: ",") where !isText: values += 1
            case UInt8(ascii: "["), UInt8(ascii: "{"):
                guard !isText else { break }
                values += 1
                depth += 1
                deepest = max(deepest, depth)
            case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isText { depth -= 1 }
            default: break
            }
            isEscaped = false
        }
        return (values, deepest)
    }

    private struct Node: Decodable {
        let value: ManifestValue

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if container.decodeNil() {
                value = .null
            } else if let text = try? container.decode(String.self) {
                value = .scalar(text, .text)
            } else if let flag = try? container.decode(Bool.self) {
                value = .scalar("\(flag)", .boolean)
            } else if let number = try? container.decode(Int64.self) {
                value = .scalar("\(number)", .integer)
            } else if let number = try? container.decode(Double.self) {
                value = .scalar("\(number)", .number)
            } else if let keyed = try? decoder.container(keyedBy: AnyKey.self) {
                value = .map(
                    try keyed.allKeys.sorted { $0.stringValue < $1.stringValue }.map { key in
                        .init(key: key.stringValue, value: try keyed.decode(Node.self, forKey: key).value)
                    })
            } else {
                var unkeyed = try decoder.unkeyedContainer()
                var items: [ManifestValue] = []
                while !unkeyed.isAtEnd { items.append(try unkeyed.decode(Node.self).value) }
                value = .list(items)
            }
        }
    }

    private struct AnyKey: CodingKey {
        let stringValue: String
        var intValue: Int? { nil }

        init(stringValue: String) { self.stringValue = stringValue }
        init?(intValue: Int) { nil }
    }
}

enum ManifestTooLarge {
    static let error = FoundryError(
        .badRequest,
        "The manifest has more than \(ManifestLimits.values) values, or is nested more than \(ManifestLimits.depth) deep.",
        hint: "a manifest names at most \(ManifestLimits.applications) applications")
}
