#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Which sentences of the contract the tests' sources say that they prove.
struct ContractBindings {
    /// The case's name, and the tests that carry it: `FoundryRulesTests/VolumeRuleTests.swift`.
    private(set) var places: [String: Set<String>] = [:]
    /// Bindings of tests that never run, or that are no tests.
    private(set) var idle: [String] = []

    private static let quotes = String(repeating: "\"", count: 3)

    /// Reads every Swift file below the folder of tests.
    static func read() throws -> ContractBindings {
        let tests = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
            .deletingLastPathComponent()
        var bindings = ContractBindings()
        let root = tests.path(percentEncoded: false)
        for name in try FileManager.default.subpathsOfDirectory(atPath: root) where name.hasSuffix(".swift") {
            bindings.read(try String(contentsOf: tests.appending(path: name), encoding: .utf8), name)
        }
        return bindings
    }

    /// - Parameter name: of the file, for messages.
    mutating func read(_ source: String, _ name: String) {
        // Without comments, and without texts of several lines: those are somebody else's source.
        let lines = source.split(separator: "\n").filter { !$0.drop { $0 == " " }.hasPrefix("//") }.joined(
            separator: "\n")
        let code = lines.split(separator: Self.quotes, omittingEmptySubsequences: false).enumerated().filter {
            $0.offset % 2 == 0
        }
        .map(\.element).joined()
        var rest = Substring(code)
        while let next = rest.firstMatch(of: /@(?:Test|Suite)\(/) {
            let (attribute, after) = Self.parentheses(rest[next.range.upperBound...])
            rest = after
            for binding in attribute.matches(of: /\.proves\(([^)]*)\)/) {
                let clauses = binding.output.1.split(separator: ",").compactMap {
                    $0.split(separator: ".").last.map(String.init)
                }
                guard !attribute.contains(".disabled") else {
                    idle += clauses.map { "\($0) in \(name)" }
                    continue
                }
                for clause in clauses { places[clause, default: []].insert(name) }
            }
        }
    }

    /// What is between an attribute's parentheses, and what comes after.
    private static func parentheses(_ text: Substring) -> (inside: String, after: Substring) {
        var (depth, isQuoted, isEscaped) = (1, false, false)
        for index in text.indices {
            let character = text[index]
            if isEscaped {
                isEscaped = false
            } else if isQuoted {
                if character == "\\" { isEscaped = true }
                if character == "\"" { isQuoted = false }
            } else if character == "\"" {
                isQuoted = true
            } else if character == "(" {
                depth += 1
            } else if character == ")" {
                depth -= 1
                if depth == 0 { return (String(text[..<index]), text[text.index(after: index)...]) }
            }
        }
        return (String(text), "")
    }
}
