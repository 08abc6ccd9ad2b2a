/// Operators that become others: each place gets an operator of its own, with the precedence of the one that it stands for, so that no
/// expression needs to be understood.
enum Operators {
    private struct Family: Sendable {
        var precedence: String
        /// What the operator becomes, one mutant each; the first stands for the original.
        var changes: [String: [String]]
        var declare: @Sendable (_ name: String, _ original: String, _ first: Int) -> String
        /// Whether types of our own can have the operator.
        var isOurs = false
    }

    private static let families: [Family] = [comparison, equality, logic, sum, product, assignment]

    /// - Parameter types: of the target, that have a sum and a difference of their own.
    static func sites(in file: SourceFile, adding types: [String]) -> [Site] {
        file.tokens.indices.compactMap { index in
            let token = file.tokens[index]
            guard token.kind == .symbol, !file.isFixed(index) else { return nil }
            if token.text == "!" { return negation(index, file) }
            let isReference = ["(", ","].contains(file.word(index + 1)) || [")", ","].contains(file.word(index + 1))
            guard token.isAfterSpace, token.isBeforeSpace || isReference,
                let family = families.first(where: { $0.changes[token.text] != nil }), !joinsTexts(index, file)
            else { return nil }
            let changes = family.changes[token.text]!
            return file.site(
                token, changes,
                declarations: { first in
                    let name = Self.name(token.text, first)
                    return
                        "infix operator \(name): \(Self.precedence(family, token.text))\n\(family.declare(name, token.text, first))"
                },
                edits: { [Edit(start: token.start, end: token.end, text: Self.name(token.text, $0))] })
        }
    }

    private static func sums(of types: [String], _ name: String, _ original: String, _ first: Int) -> String {
        let other = original == "+" ? "-" : "+"
        let body = choice(first, ["left \(other) right", "left \(original) right"])
        return types.map { overloads(name, [("", $0, $0)], $0, body) }.joined()
    }

    private static func precedence(_ family: Family, _ original: String) -> String {
        switch original {
        case "&&": "LogicalConjunctionPrecedence"
        case "||": "LogicalDisjunctionPrecedence"
        default: family.precedence
        }
    }

    /// The number in three characters that an operator may have.
    private static func name(_ base: String, _ number: Int) -> String {
        base + String(number, radix: 3).map { ["0": "~", "1": "^", "2": "%"][$0]! }.joined()
    }

    /// The order of words in a message is nobody's rule.
    private static func joinsTexts(_ index: Int, _ file: SourceFile) -> Bool {
        file.tokens[index].text == "+"
            && [index - 1, index + 1].contains { file.tokens.indices.contains($0) && file.tokens[$0].kind == .text }
    }

    private static func negation(_ index: Int, _ file: SourceFile) -> Site? {
        let token = file.tokens[index]
        guard !token.isBeforeSpace, index > 0,
            token.isAfterSpace || ["(", "[", "{"].contains(file.word(index - 1)),
            index + 1 < file.tokens.count, file.tokens[index + 1].kind == .word || file.word(index + 1) == "("
        else { return nil }
        return file.site(
            token, ["'!' is dropped"],
            declarations: { first in
                let name = Self.name("!", first)
                return """
                    prefix operator \(name)
                    prefix func \(name) (_ value: Bool) -> Bool { Mutant.is(\(first)) ? value : !value }

                    """
            },
            edits: { [Edit(start: token.start, end: token.end, text: Self.name("!", $0))] })
    }

    private static func becomes(_ original: String, _ others: String...) -> [String] {
        others.map { "'\(original)' becomes '\($0)'" }
    }

    private static let comparison = Family(
        precedence: "ComparisonPrecedence",
        changes: [
            "<": becomes("<", "<=", ">="), "<=": becomes("<=", "<", ">"), ">": becomes(">", ">=", "<="),
            ">=": becomes(">=", ">", "<"),
        ],
        declare: { name, original, first in
            let others = ["<": ["<=", ">="], "<=": ["<", ">"], ">": [">=", "<="], ">=": [">", "<"]][original]!
            return overloads(
                name,
                [
                    ("<T: Comparable>", "T", "T"), ("<A: Comparable, B: Comparable>", "(A, B)", "(A, B)"),
                    ("<A: Comparable, B: Comparable, C: Comparable>", "(A, B, C)", "(A, B, C)"),
                ], "Bool",
                choice(first, others.map { "left \($0) right" } + ["left \(original) right"]))
        })

    private static let equality = Family(
        precedence: "ComparisonPrecedence",
        changes: ["==": becomes("==", "!="), "!=": becomes("!=", "==")],
        declare: { name, original, first in
            let other = original == "==" ? "!=" : "=="
            let body = choice(first, ["left \(other) right", "left \(original) right"])
            return overloads(
                name,
                [
                    ("<T: Equatable>", "T", "T"), ("<T>", "T?", "_OptionalNilComparisonType"),
                    ("<A: Equatable, B: Equatable>", "(A, B)", "(A, B)"),
                ], "Bool", body)
                + "@_disfavoredOverload "
                + overloads(name, [("<A: StringProtocol, B: StringProtocol>", "A", "B")], "Bool", body)
        })

    private static let logic = Family(
        precedence: "Logical...Precedence",
        changes: [
            "&&": becomes("&&", "||") + ["of '&&' only the left", "of '&&' only the right"],
            "||": becomes("||", "&&") + ["of '||' only the left", "of '||' only the right"],
        ],
        declare: { name, original, first in
            let other = original == "&&" ? "||" : "&&"
            let body = choice(
                first, ["try left \(other) right()", "left", "try right()", "try left \(original) right()"])
            return """
                func \(name) (_ left: Bool, _ right: @autoclosure () throws -> Bool) rethrows -> Bool {
                    \(body)
                }

                """
        })

    private static let sum = Family(
        precedence: "AdditionPrecedence",
        changes: [
            "+": ["'+' becomes '-', or the two change places"], "-": ["'-' becomes '+', or the two change places"],
        ],
        declare: { name, original, first in
            let other = original == "+" ? "-" : "+"
            let opposite = choice(first, ["left \(other) right", "left \(original) right"])
            let swapped = choice(first, ["right \(original) left", "left \(original) right"])
            var text = overloads(name, [("<T: AdditiveArithmetic>", "T", "T")], "T", opposite)
            text += overloads(name, [("", "ByteCount", "ByteCount")], "ByteCount", opposite)
            if original == "-" {
                for clock in ["MonotonicTime", "Timestamp"] {
                    text += overloads(name, [("", clock, clock)], "Int64", swapped)
                }
                return text
            }
            text += overloads(
                name, [("", "Millicores", "Millicores")], "Millicores", choice(first, ["left", "left + right"]))
            for (clock, label) in [("MonotonicTime", "milliseconds"), ("Timestamp", "millisecondsSince1970")] {
                let back = "\(clock)(\(label): left.\(label) - right)"
                text += overloads(name, [("", clock, "Int64")], clock, choice(first, [back, "left + right"]))
            }
            return text + overloads(name, [("<C: RangeReplaceableCollection>", "C", "C")], "C", swapped)
                + "@_disfavoredOverload "
                + overloads(
                    name, [("<C: RangeReplaceableCollection, S: Sequence<C.Element>>", "C", "S")], "C",
                    choice(first, ["right + left", "left + right"]))
        }, isOurs: true)

    private static let product = Family(
        precedence: "MultiplicationPrecedence",
        changes: ["*": becomes("*", "+"), "/": becomes("/", "*")],
        declare: { name, original, first in
            overloads(
                name, [("<T: BinaryInteger>", "T", "T")], "T",
                choice(first, ["left \(original == "*" ? "+" : "*") right", "left \(original) right"]))
        })

    private static let assignment = Family(
        precedence: "AssignmentPrecedence",
        changes: [
            "+=": ["'+=' becomes '-=', or puts it first"], "-=": becomes("-=", "+="),
        ],
        declare: { name, original, first in
            let other = original == "+=" ? "-=" : "+="
            let opposite = "if Mutant.is(\(first)) { left \(other) right } else { left \(original) right }"
            var text = overloads(name, [("<T: AdditiveArithmetic>", "inout T", "T")], "Void", opposite)
            guard original == "+=" else { return text }
            text += overloads(
                name, [("", "inout ByteCount", "ByteCount")], "Void",
                "if Mutant.is(\(first)) { left = left - right } else { left += right }")
            text += overloads(
                name, [("<C: RangeReplaceableCollection, S: Sequence<C.Element>>", "inout C", "S")], "Void",
                "if Mutant.is(\(first)) { left.insert(contentsOf: Array(right), at: left.startIndex) } else { left += right }"
            )
            return text
        })

    private static func overloads(
        _ name: String, _ types: [(generic: String, left: String, right: String)], _ result: String, _ body: String
    ) -> String {
        types.map {
            "func \(name) \($0.generic)(_ left: \($0.left), _ right: \($0.right)) -> \(result) {\n    \(body)\n}\n"
        }
        .joined()
    }

    /// - Parameter values: of the mutants in their order, then what is written in the source.
    private static func choice(_ first: Int, _ values: [String]) -> String {
        var text = values.last!
        for (offset, value) in values.dropLast().enumerated().reversed() {
            text = "Mutant.is(\(first + offset)) ? (\(value)) : (\(text))"
        }
        return "return \(text)"
    }
}
