import FoundryModel

/// Decides whether a value is one that a parameter may have.
public enum ParameterRule {
    /// - Returns: why not, as the end of a sentence: `is 5; it has to be 10 to 5000`; nil: it may.
    public static func problem(_ value: ParameterValue, _ kind: ParameterKind) -> String? {
        switch (kind, value) {
        case (.integer(let minimum, let maximum), .integer(let number)):
            number < minimum || number > maximum ? "is \(number); it has to be \(minimum) to \(maximum)" : nil
        case (.integer, _): "is not a whole number"
        case (.boolean, .boolean): nil
        case (.boolean, _): "is not true or false"
        case (.text(let longest), .text(let text)): problem(text, longest: longest)
        case (.text, _): "is not a text"
        case (.choice(let choices), .text(let text)):
            choices.contains(text)
                ? nil : "is '\(text.prefix(40))'; it has to be one of \(choices.joined(separator: ", "))"
        case (.choice(let choices), _): "has to be one of \(choices.joined(separator: ", "))"
        }
    }

    private static func problem(_ text: String, longest: Int) -> String? {
        guard text.utf8.count <= longest else {
            return "has \(text.utf8.count) characters; at most \(longest) are taken"
        }
        guard text.utf8.allSatisfy(isPlain) else {
            return "has characters other than letters, digits, space and _.,:;/@+=%-"
        }
        return nil
    }

    /// Whatever a template makes of it stays one word, or words, of text.
    private static func isPlain(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x39).contains(byte)
            || " _.,:;/@+=%-".utf8.contains(byte)
    }
}
