/// A place in the source, and what may be changed there.
struct Site {
    /// Below the sources: `Push/SpecRule.swift`.
    var file: String
    var line: Int
    /// Each is one mutant: `'<' becomes '<='`.
    var changes: [String]
    /// Numbers of the changes are not known before all sites are: these make the edits from the first one's.
    var edits: (_ first: Int) -> [Edit]
    /// Declarations that the edits need.
    var declarations: (_ first: Int) -> String = { _ in "" }

    /// Stable while the line is: numbers are not.
    var key: String { "\(file) | \(text) | \(changes[0])\(ordinal == 0 ? "" : " #\(ordinal + 1)")" }
    /// The line, trimmed.
    var text: String
    /// Of those on the same line with the same first change.
    var ordinal = 0
}

/// Replaces bytes of the source.
struct Edit {
    var start: Int
    var end: Int
    var text: String

    static func insert(_ text: String, at place: Int) -> Edit { Edit(start: place, end: place, text: text) }
}
