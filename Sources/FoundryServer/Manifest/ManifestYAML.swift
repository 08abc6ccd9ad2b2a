import FoundryModel
import FoundryRules
import Yams

/// Reads YAML of any shape, with anchors, aliases and merge keys, as far as the limits allow.
enum ManifestYAML {
    /// - Throws: `not_json` with the parser's words; `bad_request` when it is too large or too deep.
    static func read(_ bytes: [UInt8]) throws(FoundryError) -> ManifestValue {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw FoundryError(.notJSON, "The manifest is not UTF-8.")
        }
        guard YAMLBounds.deepestFlow(bytes) <= ManifestLimits.depth else { throw ManifestTooLarge.error }
        guard YAMLBounds.aliases(bytes) <= ManifestLimits.aliases else {
            throw FoundryError(
                .badRequest, "The manifest has more than \(ManifestLimits.aliases) aliases.",
                hint: "write the values out")
        }
        let node: Node?
        do {
            node = try Yams.compose(yaml: text, .basic)
        } catch {
            throw FoundryError(
                .notJSON, "The manifest is not YAML.", detail: "\(error)".prefix(400).description,
                hint: "check its indentation")
        }
        guard let node else { return .null }
        var remaining = ManifestLimits.values
        return try value(node, depth: 0, &remaining)
    }

    private static func value(_ node: Node, depth: Int, _ remaining: inout Int) throws(FoundryError) -> ManifestValue {
        remaining -= 1
        guard remaining >= 0, depth <= ManifestLimits.depth else { throw ManifestTooLarge.error }
        switch node {
        case .scalar(let scalar): return self.scalar(scalar)
        case .sequence(let sequence):
            var items: [ManifestValue] = []
            for item in sequence { items.append(try value(item, depth: depth + 1, &remaining)) }
            return .list(items)
        case .mapping(let mapping): return .map(try entries(mapping, depth: depth, &remaining))
        case .alias: throw FoundryError(.notJSON, "The manifest has an alias that leads nowhere.")
        }
    }

    /// Fields of merged maps count only where the map has none of that name.
    private static func entries(
        _ mapping: Node.Mapping, depth: Int, _ remaining: inout Int
    ) throws(FoundryError) -> [ManifestValue.Entry] {
        var own: [ManifestValue.Entry] = []
        var merged: [ManifestValue.Entry] = []
        for (key, item) in mapping {
            guard case .scalar(let name) = key else {
                throw FoundryError(.wrongType, "A field's name in the manifest is not a text.")
            }
            let content = try value(item, depth: depth + 1, &remaining)
            if name.string == "<<", name.style == .plain {
                merged += try fields(of: content)
            } else if own.contains(where: { $0.key == name.string }) {
                throw FoundryError(
                    .notJSON, "The manifest has the field '\(name.string.prefix(80))' twice in one place.")
            } else {
                own.append(.init(key: name.string, value: content))
            }
        }
        for entry in merged where !own.contains(where: { $0.key == entry.key }) { own.append(entry) }
        return own
    }

    private static func fields(of value: ManifestValue) throws(FoundryError) -> [ManifestValue.Entry] {
        switch value {
        case .map(let entries): return entries
        case .list(let items):
            var all: [ManifestValue.Entry] = []
            for item in items { all += try fields(of: item) }
            return all
        case .null, .scalar:
            throw FoundryError(.wrongType, "'<<' in the manifest must lead to fields, and leads to \(value.kindName).")
        }
    }

    private static func scalar(_ scalar: Node.Scalar) -> ManifestValue {
        switch scalar.tag.rawValue {
        case "":
            scalar.style == .plain || scalar.style == .any
                ? YAMLShape.plain(scalar.string) : .scalar(scalar.string, .text)
        case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool", "tag:yaml.org,2002:null":
            YAMLShape.plain(scalar.string)
        default: .scalar(scalar.string, .text)
        }
    }
}

enum YAMLShape {
    /// What a scalar without quotes is.
    ///
    /// - Source: YAML 1.1, as Cloud Foundry's manifests are read; numbers in the forms that JSON has.
    static func plain(_ text: String) -> ManifestValue {
        if ["", "~", "null", "Null", "NULL"].contains(text) { return .null }
        if ["true", "false", "yes", "no", "on", "off"].contains(text.lowercased()) { return .scalar(text, .boolean) }
        guard let first = text.first, first.isNumber || "+-.".contains(first) else { return .scalar(text, .text) }
        if Int64(text) != nil { return .scalar(text, .integer) }
        let isNumber = Double(text).map(\.isFinite) ?? false
        return .scalar(text, isNumber ? .number : .text)
    }
}
