/// Literals, and calls whose result becomes another.
enum Values {
    static func sites(in file: SourceFile) -> [Site] {
        file.tokens.indices.compactMap { index in
            guard !file.isFixed(index) else { return nil }
            let token = file.tokens[index]
            switch token.kind {
            case .number: return number(index, file)
            case .word: return truth(index, file) ?? call(index, file)
            case .symbol: return token.text == "?" ? ternary(index, file) : nil
            case .mark: return token.text == "[" ? list(index, file) : nil
            case .text: return nil
            }
        }
    }

    private static func number(_ index: Int, _ file: SourceFile) -> Site? {
        let token = file.tokens[index]
        let isMember = file.word(index - 1) == "." && !(index > 1 && file.tokens[index - 2].kind == .number)
        guard token.text.allSatisfy({ $0.isNumber || $0 == "_" }), file.word(index + 1) != ".", !isMember,
            file.word(index - 1) != "."
        else { return nil }
        return replaced(token, "'\(token.text)' becomes one more", "Mutant.more", file)
    }

    private static func truth(_ index: Int, _ file: SourceFile) -> Site? {
        let token = file.tokens[index]
        guard token.text == "true" || token.text == "false" else { return nil }
        return replaced(token, "'\(token.text)' becomes the other", "Mutant.other", file)
    }

    private static func replaced(_ token: Token, _ change: String, _ name: String, _ file: SourceFile) -> Site {
        file.site(token, [change]) { [Edit(start: token.start, end: token.end, text: "\(name)(\($0), \(token.text))")] }
    }

    /// `.append(x)` puts it first; `min` and `max` change places; `allSatisfy` becomes `contains`, and `filter` passes all.
    private static func call(_ index: Int, _ file: SourceFile) -> Site? {
        let token = file.tokens[index]
        let isMember = file.word(index - 1) == "."
        let next = file.word(index + 1)
        guard !token.isBeforeSpace || next == "{", ["(", "{"].contains(next) else { return nil }
        if !isMember {
            guard ["min", "max"].contains(token.text), next == "(" else { return nil }
            let other = token.text == "min" ? "max" : "min"
            return called(index, "'\(token.text)' becomes '\(other)'", "Mutant.\(token.text)", file)
        }
        let isLabelled = file.word(index + 3) == ":"
        switch token.text {
        case "append" where next == "(" && !isLabelled:
            return called(index, "'append' puts it first", "mutantAppend", file)
        case "sorted" where next == "(" && file.word(index + 2) == ")":
            return called(index, "'sorted' sorts the other way", "mutantSorted", file)
        case "allSatisfy": return called(index, "'allSatisfy' becomes 'contains'", "mutantAllSatisfy", file)
        case "contains" where next == "{" || file.word(index + 2) == "where":
            return called(index, "'contains' becomes 'allSatisfy'", "mutantContains", file)
        case "filter": return called(index, "'filter' passes all", "mutantFilter", file)
        case "first" where next == "{": return called(index, "'first' becomes 'last'", "mutantFirst", file)
        default: return nil
        }
    }

    /// The number goes before the arguments: `.filter { ... }` becomes `.mutantFilter(17) { ... }`.
    private static func called(_ index: Int, _ change: String, _ name: String, _ file: SourceFile) -> Site {
        let token = file.tokens[index]
        let open = file.tokens[index + 1]
        let hasArguments = file.word(index + 2) != ")"
        return file.site(token, [change]) { first in
            open.text == "{"
                ? [Edit(start: token.start, end: token.end, text: "\(name)(\(first))")]
                : [Edit(start: token.start, end: open.end, text: "\(name)(\(first)\(hasArguments ? ", " : "")")]
        }
    }

    /// The condition of `a.b(c) ? d : e`, when it is one name or call: comparisons are mutated by themselves.
    private static func ternary(_ index: Int, _ file: SourceFile) -> Site? {
        let token = file.tokens[index]
        guard token.isAfterSpace, token.isBeforeSpace else { return nil }
        var first = index
        var expectsName = true
        while first > 0 {
            let before = file.tokens[first - 1]
            if expectsName, before.text == ")" || before.text == "]", let open = file.partner[first - 1] {
                first = open
                expectsName = first > 0 && file.tokens[first - 1].kind == .word && !file.tokens[first].isAfterSpace
            } else if expectsName, before.kind == .word, !keywords.contains(before.text) {
                first -= 1
                expectsName = false
            } else if !expectsName, before.text == "." {
                first -= 1
                expectsName = true
            } else {
                break
            }
        }
        let starts = ["=", "(", ",", "[", "{", ":", "return", "in", "??"]
        guard first < index, !expectsName || file.word(first) == "(", first > 0, starts.contains(file.word(first - 1)),
            !file.isFixed(first)
        else { return nil }
        return file.site(token, ["the two sides of '?' change places"]) { number in
            [
                .insert("Mutant.other(\(number), ", at: file.tokens[first].start),
                .insert(")", at: file.tokens[index - 1].end),
            ]
        }
    }

    private static let keywords: Set = ["return", "in", "case", "try", "if", "guard", "else", "let", "var", "is", "as"]

    /// A list of cases, such as effects: the other way round.
    private static func list(_ index: Int, _ file: SourceFile) -> Site? {
        guard let close = file.partner[index], file.word(index + 1) == ".", file.word(index - 2) != "formUnion",
            file.tokens[index].isAfterSpace || file.word(index - 1) == "(",
            let comma = file.find([","], from: index + 1), comma < close, file.word(comma + 1) == ".",
            file.find([":"], from: index + 1).map({ $0 > close }) ?? true
        else { return nil }
        let (open, end) = (file.tokens[index], file.tokens[close])
        return file.site(open, ["the list is turned round"]) { number in
            [.insert("Mutant.turned(\(number), ", at: open.start), .insert(")", at: end.end)]
        }
    }
}
