import FoundryModel

/// Prepares the words of a command line before they are parsed.
public enum CommandWords {
    /// Moves global options that were written before the verb behind it, so that both orders mean the same.
    ///
    /// - Parameter withValue: the options that take a value: `--output`.
    public static func verbFirst(_ words: [String], withValue: Set<String>) -> [String] {
        var moved: [String] = []
        var rest = words[...]
        while let word = rest.first {
            if withValue.contains(word), rest.count > 1 {
                moved += rest.prefix(2)
                rest = rest.dropFirst(2)
            } else if let equals = word.firstIndex(of: "="), withValue.contains(String(word[..<equals])) {
                moved.append(word)
                rest = rest.dropFirst()
            } else {
                break
            }
        }
        guard let verb = rest.first, !verb.hasPrefix("-") else { return words }
        return [verb] + moved + rest.dropFirst()
    }

    /// Refuses a verb that is none, and says which was probably meant.
    ///
    /// - Throws: `usage`.
    public static func check(_ words: [String], verbs: [String]) throws(FoundryError) {
        guard let verb = words.first, !verb.hasPrefix("-"), !verbs.contains(verb) else { return }
        let nearest = NearestName.find(verb, among: verbs)
        throw FoundryError(
            .usage, "'\(verb)' is not a command.",
            hint: nearest.map { "did you mean `foundry \($0)`?" } ?? "`foundry --help` lists the commands")
    }

    /// The format that was asked for, read without parsing: also errors of parsing are shown in it.
    public static func format(in words: [String]) -> OutputFormat {
        for (index, word) in words.enumerated() {
            if word == "--" { break }
            if word == "--output" || word == "-o", index + 1 < words.count {
                return OutputFormat(rawValue: words[index + 1]) ?? .table
            }
            if word.hasPrefix("--output=") { return OutputFormat(rawValue: String(word.dropFirst(9))) ?? .table }
        }
        return .table
    }
}
