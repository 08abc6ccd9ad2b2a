/// A text's lines by its line feeds.
///
/// Not by characters: in Swift a carriage return and its line feed are one character, and that is no line feed.
enum TextLines {
    /// Also the empty ones, and what follows the last line feed; a carriage return stays where it is.
    static func of(_ text: String) -> [String] {
        text.utf8.split(separator: 0x0a, omittingEmptySubsequences: false).map { String(Substring($0)) }
    }
}
