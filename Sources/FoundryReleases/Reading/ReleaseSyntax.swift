import FoundryModel
import FoundryRules
import Yams

/// Reads `release.yml` against the table of its fields, and goes on behind each mistake.
struct ReleaseSyntax {
    static let file = "release.yml"
    private static let deepest = 16
    private static let longestIndent = 100

    private(set) var mistakes: [ReleaseMistake] = []

    /// - Returns: nil when it is no YAML at all.
    mutating func read(_ bytes: [UInt8]) -> ReleaseNode? {
        guard let text = String(validating: bytes, as: UTF8.self) else { return refuse(1, "it is not UTF-8") }
        guard YAMLBounds.deepestFlow(bytes) <= Self.deepest, YAMLBounds.longestIndent(bytes) <= Self.longestIndent
        else { return refuse(1, "it is nested too deep") }
        guard YAMLBounds.aliases(bytes) == 0 else {
            return refuse(1, "aliases (*name) are not known here; write the values out")
        }
        do {
            guard let node = try Yams.compose(yaml: text, .basic) else { return refuse(1, "it is empty") }
            return read(node, .init(kind: ReleaseTable.root, path: ""))
        } catch let error as YamlError {
            return refuse(Self.line(of: error), "it is not YAML: \(Self.words(of: error))")
        } catch {
            return refuse(1, "it is not YAML")
        }
    }

    private struct Place {
        var kind: ReleaseKind
        /// `plans.small.disk`; empty at the top.
        var path: String
        /// Of its key; nil: it has none.
        var line: Int?

        func inside(_ key: String, _ kind: ReleaseKind, line: Int? = nil) -> Place {
            Place(kind: kind, path: path.isEmpty ? key : "\(path).\(key)", line: line)
        }
    }

    private mutating func read(_ node: Node, _ place: Place) -> ReleaseNode? {
        let line = line(of: node, place)
        switch (place.kind, node) {
        case (.list(let kind, let count), .sequence(let sequence)):
            guard count.contains(sequence.count) else {
                return refuse(line, place, "has \(sequence.count) entries; \(Self.words(count)) are taken")
            }
            let items = sequence.enumerated().compactMap { index, item in
                read(item, Place(kind: kind, path: "\(place.path)[\(index)]"))
            }
            return ReleaseNode(line: line, value: .list(items))
        case (.group(let fields, let one), .mapping(let mapping)):
            return group(mapping, fields, one, line: line, place)
        case (.map(let shape, let kind, let count), .mapping(let mapping)):
            return map(mapping, shape, kind, count, line: line, place)
        case (.list, _): return refuse(line, place, "is \(Self.noun(node)); a list is expected")
        case (.group, _), (.map, _): return refuse(line, place, "is \(Self.noun(node)); fields are expected")
        case (_, .scalar(let scalar)):
            return self.scalar(scalar, line: line, place).map { ReleaseNode(line: line, value: $0) }
        default: return refuse(line, place, "is \(Self.noun(node)); a single value is expected")
        }
    }

    private mutating func whole(_ node: Node, _ place: Place) -> ReleaseNode {
        read(node, place) ?? ReleaseNode(line: line(of: node, place), value: .unreadable)
    }

    /// What holds others begins with its key.
    private func line(of node: Node, _ place: Place) -> Int {
        if case .scalar = node { return node.mark?.line ?? place.line ?? 1 }
        return place.line ?? node.mark?.line ?? 1
    }

    private mutating func group(
        _ mapping: Node.Mapping, _ fields: [ReleaseField], _ one: [String], line: Int, _ place: Place
    ) -> ReleaseNode {
        var entries: [ReleaseNode.Entry] = []
        let keys = keys(of: mapping, place)
        for (key, keyLine, node) in keys {
            guard let field = fields.first(where: { $0.name == key }) else {
                let nearest = NearestName.find(key, among: fields.map(\.name)).map { "did you mean \($0)?" }
                let path = place.inside(String(key.prefix(80)), .flag).path
                add(
                    keyLine,
                    "\(path) is not known; \(nearest ?? "known: \(fields.map(\.name).joined(separator: ", "))")")
                continue
            }
            entries.append(.init(key: key, node: whole(node, place.inside(key, field.kind, line: keyLine))))
        }
        for field in fields where field.isRequired && !keys.contains(where: { $0.key == field.name }) {
            add(line, "\(place.inside(field.name, .flag).path) is missing")
        }
        let said = keys.map(\.key).filter(one.contains)
        if !one.isEmpty, said.count != 1 {
            let found = said.isEmpty ? "none is there" : "there are \(said.joined(separator: " and "))"
            add(line, "\(place.path): exactly one of \(one.joined(separator: ", ")) is expected; \(found)")
        }
        return ReleaseNode(line: line, value: .group(entries))
    }

    private mutating func map(
        _ mapping: Node.Mapping, _ shape: ReleaseShape, _ kind: ReleaseKind, _ count: ClosedRange<Int>, line: Int,
        _ place: Place
    ) -> ReleaseNode? {
        guard count.contains(mapping.count) else {
            return refuse(line, place, "has \(mapping.count) entries; \(Self.words(count)) are taken")
        }
        var entries: [ReleaseNode.Entry] = []
        for (key, keyLine, node) in keys(of: mapping, place) {
            if let problem = shape.problem(key) {
                add(keyLine, "\(place.path): \(Self.words(problem, of: shape, key))")
                continue
            }
            entries.append(.init(key: key, node: whole(node, place.inside(key, kind, line: keyLine))))
        }
        return ReleaseNode(line: line, value: .group(entries))
    }

    /// Each once; a second one of a name is a mistake.
    private mutating func keys(of mapping: Node.Mapping, _ place: Place) -> [(key: String, line: Int, node: Node)] {
        var keys: [(key: String, line: Int, node: Node)] = []
        for (key, node) in mapping {
            let line = key.mark?.line ?? node.mark?.line ?? 1
            guard case .scalar(let scalar) = key else {
                add(line, "\(place.path.isEmpty ? "a field's name" : "\(place.path): a field's name") is not a text")
                continue
            }
            if keys.contains(where: { $0.key == scalar.string }) {
                add(line, "\(place.inside(String(scalar.string.prefix(80)), .flag).path) is there twice")
            } else {
                keys.append((scalar.string, line, node))
            }
        }
        return keys
    }

    private mutating func scalar(_ scalar: Node.Scalar, line: Int, _ place: Place) -> ReleaseNode.Value? {
        let text = scalar.string
        let isPlain = scalar.style == .plain || scalar.style == .any
        if isPlain, ["", "~", "null"].contains(text) { return refuse(line, place, "is empty") }
        switch place.kind {
        case .text(let longest):
            guard text.utf8.count <= longest, !text.utf8.contains(0) else {
                return refuse(line, place, "is longer than \(longest) bytes")
            }
            guard !text.isEmpty else { return refuse(line, place, "is empty") }
            return .text(text)
        case .word(let words):
            if words.contains(text) { return .text(text) }
            let nearest = NearestName.find(text, among: words).map { "did you mean \($0)?" }
            return refuse(
                line, place,
                "'\(text.prefix(40))' is not known; \(nearest ?? "one of \(words.joined(separator: ", "))")",
                isSentence: true)
        case .shaped(let shape):
            guard let problem = shape.problem(text) else { return .text(text) }
            return refuse(line, place, Self.words(problem, of: shape, text), isSentence: true)
        case .integer(let limits):
            guard isPlain, let number = Int64(text) else {
                return refuse(line, place, "'\(text.prefix(40))' is not a whole number", isSentence: true)
            }
            guard limits.contains(number) else {
                return refuse(
                    line, place, "\(number) is outside its limits, \(limits.lowerBound) to \(limits.upperBound)",
                    isSentence: true)
            }
            return .integer(number)
        case .flag:
            guard isPlain, let flag = Bool(text) else {
                return refuse(line, place, "'\(text.prefix(40))' is not true or false", isSentence: true)
            }
            return .flag(flag)
        case .scalar:
            guard text.utf8.count <= 4_096, !text.utf8.contains(0) else {
                return refuse(line, place, "is longer than 4096 bytes")
            }
            if isPlain, let flag = Bool(text) { return .scalar(.boolean(flag)) }
            if isPlain, let number = Int64(text) { return .scalar(.integer(number)) }
            return .scalar(.text(text))
        case .list, .group, .map: preconditionFailure("what holds others is read elsewhere")
        }
    }

    // MARK: Words

    private mutating func add(_ line: Int, _ message: String) {
        mistakes.append(ReleaseMistake(Self.file, line: line, message))
    }

    private mutating func refuse<Value>(_ line: Int, _ message: String) -> Value? {
        add(line, message)
        return nil
    }

    private mutating func refuse<Value>(
        _ line: Int, _ place: Place, _ message: String, isSentence: Bool = false
    ) -> Value? {
        refuse(line, place.path.isEmpty ? "it \(message)" : "\(place.path)\(isSentence ? ":" : "") \(message)")
    }

    private static func words(_ problem: ReleaseShape.Problem, of shape: ReleaseShape, _ text: String) -> String {
        switch problem {
        case .shape: "'\(text.prefix(80))' is not \(shape.noun); \(shape.example)"
        case .other(let words): words
        }
    }

    private static func words(_ count: ClosedRange<Int>) -> String {
        count.lowerBound == 0 ? "at most \(count.upperBound)" : "\(count.lowerBound) to \(count.upperBound)"
    }

    private static func noun(_ node: Node) -> String {
        switch node {
        case .scalar(let scalar): scalar.string.isEmpty ? "empty" : "a single value"
        case .sequence: "a list"
        case .mapping: "a group of fields"
        case .alias: "an alias"
        }
    }

    private static func line(of error: YamlError) -> Int {
        switch error {
        case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _): mark.line
        case .duplicatedKeysInMapping(_, let context): context.mark.line
        default: 1
        }
    }

    private static func words(of error: YamlError) -> String {
        switch error {
        case .scanner(_, let problem, _, _), .parser(_, let problem, _, _), .composer(_, let problem, _, _): problem
        case .duplicatedKeysInMapping(let keys, _):
            "a field is there twice: \(keys.map { "\($0)" }.sorted().joined(separator: ", "))".prefix(200).description
        default: "it cannot be parsed"
        }
    }
}
