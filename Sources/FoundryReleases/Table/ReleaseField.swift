/// A field of `release.yml`. The reader, the JSON schema and the reference page are all made of these.
struct ReleaseField: Sendable {
    var name: String
    var kind: ReleaseKind
    var isRequired = false
    /// One sentence for authors, in Markdown.
    var says: String

    init(_ name: String, _ kind: ReleaseKind, required: Bool = false, _ says: String) {
        self.name = name
        self.kind = kind
        self.isRequired = required
        self.says = says
    }
}

/// What a field may hold.
indirect enum ReleaseKind: Sendable {
    case text(longest: Int)
    case word([String])
    case shaped(ReleaseShape)
    case integer(ClosedRange<Int64>)
    case flag
    /// A text, a whole number, true or false, as it is written.
    case scalar
    case list(ReleaseKind, count: ClosedRange<Int>)
    /// - one: of these fields there is exactly one.
    case group([ReleaseField], one: [String] = [])
    /// Names of the author's choice.
    case map(ReleaseShape, ReleaseKind, count: ClosedRange<Int>)
}

/// Text of a certain shape.
struct ReleaseShape: Sendable {
    /// Completes "is not ...": `a size`.
    var noun: String
    /// What would be right: `512M, 2G`.
    var example: String
    /// Of the JSON schema: as near as a regular expression comes.
    var pattern: String?
    /// - Returns: why not, in place of the usual words; nil: it has the shape.
    var problem: @Sendable (String) -> Problem?

    enum Problem: Hashable, Sendable {
        case shape
        case other(String)
    }

    init(_ noun: String, _ example: String, pattern: String? = nil, _ problem: @escaping @Sendable (String) -> Problem?)
    {
        self.noun = noun
        self.example = example
        self.pattern = pattern
        self.problem = problem
    }

    init(_ noun: String, _ example: String, pattern: String? = nil, is fits: @escaping @Sendable (String) -> Bool) {
        self.init(noun, example, pattern: pattern) { fits($0) ? nil : .shape }
    }
}
