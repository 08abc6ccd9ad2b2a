import FoundryModel

/// One entry of a PostgreSQL connection service file: everything that `psql service=NAME` needs.
public struct PostgresService: Hashable, Sendable {
    public var name: String
    public var host: String
    public var port: Int
    public var database: String
    public var user: String
    public var password: String

    public init(name: String, host: String, port: Int, database: String, user: String, password: String) {
        self.name = name
        self.host = host
        self.port = port
        self.database = database
        self.user = user
        self.password = password
    }

    /// The file's text with this entry in it: in the place of the first entry of its name, otherwise at the end.
    /// Every other line stays as it is.
    ///
    /// - Throws: `bad_request` when a value has a line break, which the format cannot carry.
    /// - Source: PostgreSQL's documentation, "The Connection Service File"; `parseServiceFileInfo` of libpq takes the first entry of a name.
    public func merged(into text: String) throws(FoundryError) -> String {
        let entry = try entryLines()
        var lines = TextLines.of(text)
        if lines.last?.isEmpty == true { lines.removeLast() }
        if let start = lines.firstIndex(where: { Self.heading(of: $0) == name }) {
            var end = lines[(start + 1)...].firstIndex { Self.heading(of: $0) != nil } ?? lines.count
            while end > start + 1, Self.isRemark(lines[end - 1]) { end -= 1 }
            lines.replaceSubrange(start..<end, with: entry)
        } else {
            if let last = lines.last, !Self.isBlank(last) { lines.append("") }
            lines += entry
        }
        return lines.joined(separator: "\n") + "\n"
    }

    private func entryLines() throws(FoundryError) -> [String] {
        let values = [
            ("host", host), ("port", "\(port)"), ("dbname", database), ("user", user), ("password", password),
        ]
        for (key, value) in values where value.contains(where: \.isNewline) {
            throw FoundryError(.badRequest, "The \(key) has a line break, which a service file cannot carry.")
        }
        return ["[\(name)]"] + values.map { "\($0)=\($1)" }
    }

    /// The name between the brackets, if the line is a heading.
    private static func heading(of line: String) -> String? {
        let line = line.drop(while: \.isWhitespace)
        guard line.first == "[", let end = line.firstIndex(of: "]") else { return nil }
        return String(line[line.index(after: line.startIndex)..<end])
    }

    private static func isBlank(_ line: String) -> Bool { line.allSatisfy(\.isWhitespace) }
    private static func isRemark(_ line: String) -> Bool {
        isBlank(line) || line.drop(while: \.isWhitespace).first == "#"
    }
}
