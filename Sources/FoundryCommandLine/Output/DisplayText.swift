/// Text as a terminal shows it.
public enum DisplayText {
    /// Columns that the text takes; wide East Asian characters and emoji take two.
    public static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in sum + width(of: character) }
    }

    /// The text, cut to a number of columns with an ellipsis when it is longer.
    public static func truncated(_ text: String, to columns: Int) -> String {
        guard width(text) > columns else { return text }
        guard columns > 0 else { return "" }
        var result = ""
        var used = 0
        for character in text {
            let next = width(of: character)
            if used + next > columns - 1 { break }
            result.append(character)
            used += next
        }
        return result + "…"
    }

    /// The text with blanks behind it, up to a number of columns.
    public static func padded(_ text: String, to columns: Int) -> String {
        text + String(repeating: " ", count: max(0, columns - width(text)))
    }

    /// The text in lines of at most a number of columns, broken between words.
    public static func wrapped(_ text: String, to columns: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if width(line) + 1 + width(String(word)) <= columns {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }

    /// The text without what could command a terminal: escape sequences of colour and cursor are left out, other control characters and
    /// overrides of direction become `?`.
    ///
    /// Names, messages and logs come from servers, images and programs; none of them may move the cursor.
    /// - Parameter tab: stands for a tab; tables want a blank.
    /// - Source: ECMA-48, 5.4: a control sequence is `ESC [`, parameters and intermediates up to 0x3f, one final byte.
    public static func harmless(_ text: String, tab: Unicode.Scalar = " ") -> String {
        guard text.unicodeScalars.contains(where: isCommand) else { return text }
        var result = String.UnicodeScalarView()
        var scalars = text.unicodeScalars[...]
        while let scalar = scalars.popFirst() {
            if scalar == "\u{1b}", scalars.first == "[" {
                scalars = scalars.dropFirst().drop { (0x20...0x3f).contains($0.value) }.dropFirst()
            } else if scalar == "\t" {
                result.append(tab)
            } else {
                result.append(isCommand(scalar) ? "?" : scalar)
            }
        }
        return String(result)
    }

    private static func isCommand(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x00..<0x20, 0x7f..<0xa0, 0x202a...0x202e, 0x2066...0x2069: true
        default: false
        }
    }

    private static func width(of character: Character) -> Int {
        guard let scalar = character.unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0x1100...0x115f, 0x2e80...0x303e, 0x3041...0xa4cf, 0xac00...0xd7a3, 0xf900...0xfaff, 0xfe30...0xfe6f,
            0xff00...0xff60,
            0xffe0...0xffe6, 0x1f300...0x1f64f, 0x1f900...0x1f9ff, 0x20000...0x3fffd:
            return 2
        case 0x200b...0x200f, 0xfe00...0xfe0f:
            return 0
        default:
            return 1
        }
    }
}
