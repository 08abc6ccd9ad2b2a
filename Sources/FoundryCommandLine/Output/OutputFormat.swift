/// The two ways in which every command answers.
public enum OutputFormat: String, Sendable, CaseIterable {
    /// For people: tables and sentences; may change between versions.
    case table
    /// For programs: one JSON document, or one a line where the command follows something; its shape is stable.
    case json
}
