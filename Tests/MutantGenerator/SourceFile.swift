/// A file's tokens, and what its finders ask about them.
struct SourceFile {
    let path: String
    let source: String
    let tokens: [Token]
    private let lines: [String]
    /// Index of the token that closes the bracket which opens at an index, and the reverse.
    let partner: [Int: Int]

    init(path: String, source: String) {
        self.path = path
        self.source = source
        tokens = Tokenizer.tokens(of: source)
        lines = source.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        var open: [Int] = []
        var partner: [Int: Int] = [:]
        for (index, token) in tokens.enumerated() where token.kind == .mark {
            if "([{".contains(token.text) {
                open.append(index)
            } else if ")]}".contains(token.text), let start = open.popLast() {
                partner[start] = index
                partner[index] = start
            }
        }
        self.partner = partner
    }

    /// Whether a token is in the body of an initializer: there nothing can be left out.
    func isInInitializer(_ index: Int) -> Bool {
        tokens.indices.contains { start in
            guard tokens[start].text == "init", start < index, word(start - 1) != ".",
                let body = find(["{"], from: start + 1), let end = partner[body]
            else { return false }
            return (body...end).contains(index)
        }
    }

    /// The type that the file is named for.
    var name: String {
        String((path.split(separator: "/").last ?? "").prefix { $0 != "." && $0 != "+" })
    }

    func text(ofLine line: Int) -> String { String(lines[line - 1].drop { $0 == " " }) }

    func word(_ index: Int) -> String { tokens.indices.contains(index) ? tokens[index].text : "" }

    func site(
        _ token: Token, _ changes: [String], declarations: @escaping (Int) -> String = { _ in "" },
        edits: @escaping (Int) -> [Edit]
    ) -> Site {
        Site(
            file: path, line: token.line, changes: changes, edits: edits, declarations: declarations,
            text: text(ofLine: token.line))
    }

    /// The first index from `start` on at which one of the marks stands outside of brackets; trailing closures count as brackets
    /// unless `{` is asked for.
    func find(_ marks: Set<String>, from start: Int) -> Int? {
        var index = start
        while index < tokens.count {
            let token = tokens[index]
            if marks.contains(token.text) { return index }
            if token.kind == .mark, "([{".contains(token.text), let close = partner[index] {
                index = close + 1
            } else if token.kind == .mark, ")]}".contains(token.text) {
                return nil
            } else {
                index += 1
            }
        }
        return nil
    }

    /// Whether a token is part of a pattern (`case .a(1):`), of an enum's raw value, of a signature's types or of a planted bug: none of these is mutated.
    func isFixed(_ index: Int) -> Bool {
        let line = tokens[index].line
        let text = text(ofLine: line)
        if text.contains("Planted.has") || text.hasPrefix("extension ") || text.contains("typealias ") { return true }
        var first = index
        while first > 0, tokens[first - 1].line == line { first -= 1 }
        if word(first) == "case" {
            guard let colon = find([":"], from: first + 1), tokens[colon].line == line else { return true }
            let guarded = (first..<colon).first { word($0) == "where" }
            return index < (guarded ?? colon)
        }
        let signature = (first..<index).first { ["func", "init", "subscript", "struct", "enum"].contains(word($0)) }
        if let signature, let body = find(["{"], from: signature + 1) { return index < body }
        return signature != nil
    }
}
