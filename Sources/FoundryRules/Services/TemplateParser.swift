import FoundryModel

/// Takes a template's text apart. Errors name the file and the line, and what was meant.
struct TemplateParser {
    private let name: String
    private let bytes: [UInt8]
    private var position = 0
    private var line = 1
    private var open: [Section] = []
    private(set) var uses: [Template.Use] = []

    private struct Section {
        var name: String
        var line: Int
        var isInverted: Bool
        /// What stood before it on its level.
        var before: [TemplatePart]
    }

    private enum Tag {
        case place(String)
        case open(String, isInverted: Bool)
        case close(String)
        case remark
    }

    init(_ text: String, name: String) {
        bytes = Array(text.utf8)
        self.name = name
    }

    mutating func parse() throws(FoundryError) -> [TemplatePart] {
        var parts: [TemplatePart] = []
        while let start = next("{{", from: position) {
            let opensAt = line + newlines(position, start)
            let (tag, end) = try readTag(at: start, line: opensAt)
            let edge = lonely(tag, from: start, to: end) ?? (start, end)
            append(text: position, edge.0, to: &parts)
            line = opensAt + newlines(start, edge.1)
            position = edge.1
            try take(tag, line: opensAt, into: &parts)
        }
        append(text: position, bytes.count, to: &parts)
        if let section = open.last {
            throw error("{{\(section.isInverted ? "^" : "#")\(section.name)}} is not closed", line: section.line)
        }
        return parts
    }

    private mutating func take(_ tag: Tag, line: Int, into parts: inout [TemplatePart]) throws(FoundryError) {
        switch tag {
        case .remark: break
        case .place(let name):
            use(name, line: line, isSection: false)
            parts.append(.place(name, line: line))
        case .open(let name, let isInverted):
            guard open.count < Template.deepest else {
                throw error("sections are nested more than \(Template.deepest) deep", line: line)
            }
            use(name, line: line, isSection: true)
            open.append(Section(name: name, line: line, isInverted: isInverted, before: parts))
            parts = []
        case .close(let name):
            guard let section = open.popLast() else { throw error("{{/\(name)}} closes nothing", line: line) }
            guard section.name == name else {
                throw error(
                    "{{/\(name)}} closes {{#\(section.name)}} of line \(section.line)", line: line)
            }
            parts = section.before + [.section(name, line: section.line, isInverted: section.isInverted, parts)]
        }
    }

    private mutating func use(_ name: String, line: Int, isSection: Bool) {
        let around = open.filter { !$0.isInverted }.map(\.name)
        uses.append(Template.Use(name: name, line: line, isSection: isSection, sections: around))
    }

    // MARK: Bytes

    private static let newline = UInt8(ascii: "\n")

    /// - Returns: the tag, and where the text goes on behind it.
    private func readTag(at start: Int, line: Int) throws(FoundryError) -> (Tag, end: Int) {
        guard let close = next("}}", from: start + 2),
            bytes[start + 2] == UInt8(ascii: "!") || !bytes[start..<close].contains(Self.newline)
        else { throw error("{{ without }} on its line", line: line) }
        let inside = String(decoding: bytes[(start + 2)..<close], as: UTF8.self)
        return (try tag(inside, line: line), close + 2)
    }

    private func tag(_ inside: String, line: Int) throws(FoundryError) -> Tag {
        switch inside.first {
        case "!": return .remark
        case "#": return .open(try checked(inside.dropFirst(), line: line), isInverted: false)
        case "^": return .open(try checked(inside.dropFirst(), line: line), isInverted: true)
        case "/": return .close(try checked(inside.dropFirst(), line: line))
        case "{", "&": throw error("{{\(inside)}}: nothing is escaped here; write {{name}}", line: line)
        case ">": throw error("{{\(inside)}}: there are no partials", line: line)
        case "=": throw error("{{\(inside)}}: the braces cannot be changed", line: line)
        default: return .place(try checked(Substring(inside), line: line))
        }
    }

    private func checked(_ text: Substring, line: Int) throws(FoundryError) -> String {
        let name = String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        if name == "." { return name }
        let words = name.split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 128, words.allSatisfy(Self.isWord) else {
            throw error(
                "'\(name.prefix(80))' is not a name; letters, digits and _, with dots between them", line: line)
        }
        return name
    }

    private static func isWord(_ word: Substring) -> Bool {
        guard let first = word.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return word.utf8.allSatisfy {
            (0x61...0x7a).contains($0) || (0x41...0x5a).contains($0) || (0x30...0x39).contains($0) || $0 == 0x5f
        }
    }

    /// A tag that is alone on its line takes the line with it.
    private func lonely(_ tag: Tag, from start: Int, to end: Int) -> (Int, Int)? {
        if case .place = tag { return nil }
        var first = start
        while first > 0, Self.isBlank(bytes[first - 1]) { first -= 1 }
        guard first >= position, first == 0 || bytes[first - 1] == Self.newline else { return nil }
        var last = end
        while last < bytes.count, Self.isBlank(bytes[last]) || bytes[last] == 0x0d { last += 1 }
        guard last < bytes.count else { return (first, last) }
        return bytes[last] == Self.newline ? (first, last + 1) : nil
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    private func next(_ pair: StaticString, from start: Int) -> Int? {
        let byte = pair.utf8Start.pointee
        var index = start
        while index + 1 < bytes.count {
            if bytes[index] == byte, bytes[index + 1] == byte { return index }
            index += 1
        }
        return nil
    }

    private func newlines(_ from: Int, _ to: Int) -> Int {
        bytes[from..<to].reduce(0) { $0 + ($1 == Self.newline ? 1 : 0) }
    }

    private func append(text from: Int, _ to: Int, to parts: inout [TemplatePart]) {
        if from < to { parts.append(.text(String(decoding: bytes[from..<to], as: UTF8.self))) }
    }

    private func error(_ message: String, line: Int) -> FoundryError {
        FoundryError(.releaseInvalid, "\(name):\(line): \(message).")
    }
}
