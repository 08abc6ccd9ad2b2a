import FoundryModel

/// A text with places for values: `{{name}}`, `{{#name}}...{{/name}}`, `{{^name}}...{{/name}}`, `{{.}}`, `{{! a remark}}`.
///
/// Nothing is escaped; there are no partials and no lambdas. A section repeats for each item of a list, shows once where a
/// flag is true or a text is not empty; `^` turns that around. A line that holds nothing but a section's tag, or a remark,
/// leaves no line behind.
/// - Source: docs/reference/release.md, "Templates"; mustache(5) for standalone lines.
public struct Template: Hashable, Sendable {
    /// Of the text that is read, and of what comes out of it.
    public static let mostBytes = 64 << 10
    public static let mostRenderedBytes = 256 << 10
    public static let deepest = 8
    /// Lists within lists that render nothing are stopped too.
    public static let mostSteps = 100_000

    /// Where a name is used, for those who know which names there are.
    public struct Use: Hashable, Sendable {
        public var name: String
        public var line: Int
        public var isSection: Bool
        /// The sections around it, outermost first; those that show where the name is not (`^`) are left out.
        public var sections: [String]

        public init(name: String, line: Int, isSection: Bool, sections: [String]) {
            self.name = name
            self.line = line
            self.isSection = isSection
            self.sections = sections
        }
    }

    /// What errors call it: its path.
    public let name: String
    /// In the order of the text.
    public let uses: [Use]
    let parts: [TemplatePart]

    /// - Parameter name: what errors call it: `templates/redis.conf`.
    /// - Throws: `release_invalid`, with the name and the line.
    public init(_ text: String, name: String) throws(FoundryError) {
        guard text.utf8.count <= Self.mostBytes else {
            throw FoundryError(
                .releaseInvalid, "\(name): \(text.utf8.count) bytes; a template has at most \(Self.mostBytes).")
        }
        var parser = TemplateParser(text, name: name)
        parts = try parser.parse()
        uses = parser.uses
        self.name = name
    }

    /// All names, those within sections too; `.` is none.
    public var names: Set<String> { Set(uses.map(\.name)).subtracting(["."]) }

    /// - Throws: `release_invalid` where a name has no value, a list stands where a text should, or too much comes out.
    public func render(_ values: TemplateValues) throws(FoundryError) -> String {
        var renderer = TemplateRenderer(name: name)
        try renderer.render(parts, in: [values])
        return renderer.output
    }
}

/// A text, a place, or a section with what is in it.
indirect enum TemplatePart: Hashable, Sendable {
    case text(String)
    case place(String, line: Int)
    case section(String, line: Int, isInverted: Bool, [TemplatePart])
}
