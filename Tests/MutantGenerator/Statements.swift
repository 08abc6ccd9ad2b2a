/// Assignments and calls that are left out.
enum Statements {
    private static let keywords: Set = [
        "let", "var", "static", "return", "if", "guard", "else", "for", "while", "switch", "case", "default", "func",
        "init",
        "public", "private", "fileprivate", "internal", "mutating", "struct", "enum", "extension", "import", "throw",
        "break",
        "continue", "try", "defer", "repeat", "nonisolated", "protocol", "typealias", "#", "@", ".",
    ]

    static func sites(in file: SourceFile) -> [Site] {
        file.tokens.indices.compactMap { index in
            guard let end = end(ofStatementAt: index, file) else { return nil }
            let (first, last) = (file.tokens[index], file.tokens[end])
            return file.site(first, ["the statement is left out"]) { number in
                [.insert("if !Mutant.is(\(number)) { ", at: first.start), .insert(" }", at: last.end)]
            }
        }
    }

    /// - Returns: the last token of a statement that begins here and stays on its line.
    private static func end(ofStatementAt index: Int, _ file: SourceFile) -> Int? {
        let token = file.tokens[index]
        guard token.kind == .word, !token.text.hasPrefix("@"), !keywords.contains(token.text), begins(index, file),
            !file.text(ofLine: token.line).contains("Planted.has"), !file.isInInitializer(index)
        else { return nil }
        var end = index
        var assigns = false
        while end < file.tokens.count, file.tokens[end].line == token.line {
            if file.tokens[end].text == ";" || file.tokens[end].text == "}" { break }
            if ["=", "+=", "-="].contains(file.tokens[end].text) { assigns = true }
            if !assigns, file.tokens[end].kind == .symbol, file.tokens[end].isAfterSpace { return nil }
            if file.tokens[end].kind == .mark, "([{".contains(file.tokens[end].text) {
                guard let close = file.partner[end], file.tokens[close].line == token.line else { return nil }
                end = close
            }
            end += 1
        }
        let last = end - 1
        guard last > index, file.tokens[last].kind != .symbol || ["!", "?"].contains(file.word(last)),
            !token.text.first!.isUppercase || assigns, assigns || file.word(last) == ")", continues(last, file) == false
        else { return nil }
        return last
    }

    private static func begins(_ index: Int, _ file: SourceFile) -> Bool {
        guard index > 0 else { return false }
        let before = file.tokens[index - 1]
        if file.tokens[index].isFirstInLine {
            if ["{", "}", ":"].contains(before.text) { return true }
            // After `in` of a closure, or after a whole statement.
            return before.text == "in"
                || ((before.kind != .symbol || ["!", "?"].contains(before.text))
                    && ![",", "(", "[", "."].contains(before.text))
        }
        // `case .a: statement`
        var first = index
        while first > 0, file.tokens[first - 1].line == file.tokens[index].line { first -= 1 }
        return file.word(first) == "case" && file.find([":"], from: first + 1) == index - 1
    }

    private static func continues(_ last: Int, _ file: SourceFile) -> Bool {
        guard last + 1 < file.tokens.count else { return false }
        let next = file.tokens[last + 1]
        return next.isFirstInLine
            && (next.text == "." || (next.kind == .symbol && next.text != "!") || next.text == "where")
    }
}
