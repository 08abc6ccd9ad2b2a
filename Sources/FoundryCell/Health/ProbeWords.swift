/// What a member said, as it may be shown: one line, short, of printable characters.
enum ProbeWords {
    private static let longest = 160

    static func harmless(_ bytes: some Sequence<UInt8>) -> String { String(printable(bytes).prefix(longest)) }

    /// All lines, each of printable characters.
    static func shown(_ bytes: [UInt8]) -> String {
        bytes.split(separator: UInt8(ascii: "\n")).map { printable($0) }.joined(separator: "\n")
    }

    private static func printable(_ bytes: some Sequence<UInt8>) -> String {
        let text = String(decoding: Array(bytes), as: UTF8.self)
        let shown = text.unicodeScalars.map { scalar in
            scalar.value < 0x20 || scalar.value == 0x7f || scalar.properties.generalCategory == .control
                ? " " : Character(scalar)
        }
        return String(shown)
    }

    /// The last line that is not empty. runc's own is unwrapped of its log's fields.
    static func lastLine(_ bytes: [UInt8]) -> String {
        let lines = bytes.split(separator: UInt8(ascii: "\n")).map { harmless($0) }
        let line = lines.last { !$0.allSatisfy(\.isWhitespace) } ?? ""
        guard let runc = line.firstRange(of: "exec failed: ") else { return line }
        return unquoted(line[runc.upperBound...])
    }

    /// To the end of the field: its own quotes have a backslash before them.
    private static func unquoted(_ words: Substring) -> String {
        var text = ""
        var isEscaped = false
        for character in words {
            if character == "\"", !isEscaped { break }
            isEscaped = character == "\\" && !isEscaped
            if !isEscaped { text.append(character) }
        }
        return text
    }
}
