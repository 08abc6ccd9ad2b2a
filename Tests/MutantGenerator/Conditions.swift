/// Conditions that hold always, or never.
enum Conditions {
    static func sites(in file: SourceFile) -> [Site] {
        file.tokens.indices.flatMap { index -> [Site] in
            let token = file.tokens[index]
            guard token.kind == .word, file.word(index - 1) != ".",
                !file.text(ofLine: token.line).contains("Planted.has")
            else { return [] }
            switch token.text {
            case "guard": return clauses(from: index + 1, to: ["else"], file).map { dropped($0, "guard", file) }
            case "if", "while":
                return clauses(from: index + 1, to: ["{"], file).map { forced($0, token.text, file) }
            case "where" where file.word(index + 1) != ":" && !file.text(ofLine: token.line).hasPrefix("extension"):
                guard let end = file.find(["{", ":", ","], from: index + 1) else { return [] }
                return [dropped(index + 1..<end, "where", file)]
            default: return []
            }
        }
    }

    /// Those that are plain expressions: what binds a name cannot be left out.
    private static func clauses(from start: Int, to ends: Set<String>, _ file: SourceFile) -> [Range<Int>] {
        var clauses: [Range<Int>] = []
        var first = start
        while let stop = file.find(ends.union([","]), from: first) {
            let binds = ["let", "var", "case", "#", "try"].contains(file.word(first))
            if !binds, stop > first { clauses.append(first..<stop) }
            guard file.word(stop) == "," else { break }
            first = stop + 1
        }
        return clauses
    }

    private static func dropped(_ clause: Range<Int>, _ what: String, _ file: SourceFile) -> Site {
        let words = short(clause, file)
        return file.site(file.tokens[clause.lowerBound], ["\(what) '\(words)' is dropped"]) { first in
            wrap(clause, "(Mutant.is(\(first)) || (", "))", file)
        }
    }

    private static func forced(_ clause: Range<Int>, _ what: String, _ file: SourceFile) -> Site {
        let words = short(clause, file)
        let changes = ["\(what) '\(words)' holds always", "\(what) '\(words)' never holds"]
        return file.site(file.tokens[clause.lowerBound], changes) { first in
            wrap(clause, "(Mutant.is(\(first)) || (!Mutant.is(\(first + 1)) && (", ")))", file)
        }
    }

    private static func wrap(_ clause: Range<Int>, _ before: String, _ after: String, _ file: SourceFile) -> [Edit] {
        [
            .insert(before, at: file.tokens[clause.lowerBound].start),
            .insert(after, at: file.tokens[clause.upperBound - 1].end),
        ]
    }

    private static func short(_ clause: Range<Int>, _ file: SourceFile) -> String {
        let bytes = Array(file.source.utf8)[
            file.tokens[clause.lowerBound].start..<file.tokens[clause.upperBound - 1].end]
        let text = String(decoding: bytes, as: UTF8.self).split(separator: "\n").map { $0.drop { $0 == " " } }
            .joined(separator: " ")
        return text.count <= 60 ? text : text.prefix(57) + "..."
    }
}
