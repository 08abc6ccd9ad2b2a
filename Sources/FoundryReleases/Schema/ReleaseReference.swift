/// The table of the fields, for docs/reference/release.md.
enum ReleaseReference {
    static let begin = "<!-- fields: written from the table of the reader by a test -->\n"
    static let end = "<!-- end of fields -->\n"

    static var table: String {
        "| field | holds | | |\n|---|---|---|---|\n" + rows(ReleaseTable.root, "").map { $0 + "\n" }.joined()
    }

    /// The page with the table as it is now.
    ///
    /// - Returns: nil when the page has no place for it.
    static func page(_ text: String) -> String? {
        guard let first = text.firstRange(of: begin), let last = text.firstRange(of: end),
            first.upperBound <= last.lowerBound
        else { return nil }
        return text[..<first.upperBound] + table + text[last.lowerBound...]
    }

    private static func rows(_ kind: ReleaseKind, _ path: String) -> [String] {
        switch kind {
        case .group(let fields, _):
            fields.flatMap { field in
                let place = path.isEmpty ? field.name : "\(path).\(field.name)"
                let row =
                    "| `\(place)` | \(words(field.kind)) | \(field.isRequired ? "required" : "") | \(field.says) |"
                return [row] + rows(field.kind, place)
            }
        case .map(_, let kind, _): rows(kind, path + ".NAME")
        default: []
        }
    }

    private static func words(_ kind: ReleaseKind) -> String {
        switch kind {
        case .text(let longest): "a text, at most \(longest) bytes"
        case .word(let words): words.map { "`\($0)`" }.joined(separator: ", ")
        case .shaped(let shape): "\(shape.noun): `\(shape.example)`"
        case .integer(let limits) where limits.lowerBound == Int64.min: "a whole number"
        case .integer(let limits) where limits.lowerBound == limits.upperBound: "`\(limits.lowerBound)`"
        case .integer(let limits): "\(limits.lowerBound) to \(limits.upperBound)"
        case .flag: "`true`, `false`"
        case .scalar: "a text, a whole number, `true`, `false`"
        case .list(let kind, let count): "a list, at most \(count.upperBound): \(words(kind))"
        case .group(_, let one) where !one.isEmpty: "fields; one of \(one.map { "`\($0)`" }.joined(separator: ", "))"
        case .group: "fields"
        case .map(_, .group, let count): "at most \(count.upperBound) names, each with fields"
        case .map(_, let kind, let count): "at most \(count.upperBound) names, each with \(words(kind))"
        }
    }
}
