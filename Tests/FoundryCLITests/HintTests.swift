import Foundation
import Testing

@testable import foundry

/// A hint is a promise: what it says to type is typed here, as far as the command line's own check.
@Suite("Hints")
struct HintTests {
    /// Of the platform of several machines, whose rules exist already and whose command line does not.
    private static let later = ["cells", "fence", "fences", "brake", "maintenance", "drain", "undrain", "unfence"]
    /// What a person replaces, and by what.
    private static let placeholders = [
        "IMAGE": "redis", "ANOTHER-NAME": "other", "NAME": "demo", "SIZE": "1G", "FILE": "image.tar", "ID": "abcdef",
        "REFERENCE": "registry.example/team/name:tag", "COMMAND": "true",
    ]

    private struct Hint {
        var file: String
        var text: String
        /// What to type.
        var commands: [String]
    }

    private static func hints() throws -> [Hint] {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)
        var hints: [Hint] = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: #/hint: *"((?:[^"\\]|\\\([^"]*?\)|\\.)*)"/#) {
                let hint = String(match.1)
                hints.append(
                    Hint(file: file.lastPathComponent, text: hint, commands: plain(hint).map(commands) ?? []))
            }
        }
        return hints
    }

    /// With a name, or a number, for each part that is filled in at run time; nil for a text that goes on inside one of these.
    private static func plain(_ hint: String) -> String? {
        var (result, depth) = ("", 0)
        var rest = hint[...]
        while let next = rest.first {
            if depth == 0, rest.hasPrefix("\\(") {
                (depth, rest) = (1, rest.dropFirst(2))
                result += rest.prefix { $0 != ")" }.hasSuffix("index") ? "0" : "demo"
                continue
            }
            if depth > 0 { depth += next == "(" ? 1 : next == ")" ? -1 : 0 } else { result.append(next) }
            rest = rest.dropFirst()
        }
        return depth == 0 ? result : nil
    }

    private static func commands(_ hint: String) -> [String] {
        let quoted = hint.matches(of: #/`(foundry [^`]*)`/#).map { String($0.1) }
        guard quoted.isEmpty, let start = hint.range(of: #"(^|[?:,] )(sudo )?foundry "#, options: .regularExpression)
        else {
            return quoted
        }
        var command = hint[start.lowerBound...].drop { !$0.isLetter }
        if command.hasPrefix("sudo ") { command = command.dropFirst(5) }
        for end in [", or ", ", if ", ", ", "; ", " makes ", " stops ", " writes "] {
            if let range = command.range(of: end) { command = command[..<range.lowerBound] }
        }
        return [String(command)]
    }

    private static func words(_ command: String) -> [String] {
        command.split(separator: " ").dropFirst().map { placeholders[String($0)] ?? String($0) }
    }

    @Test("what a hint says to type is a command of ours, with its arguments")
    func parse() throws {
        let hints = try Self.hints()
        #expect(hints.count > 100, "they are found by their form: `hint: \"…\"`")
        var typed = 0
        for hint in hints {
            for command in hint.commands {
                let words = Self.words(command)
                if let first = words.first, Self.later.contains(first) { continue }
                typed += 1
                // Help and usage end the parse, as they end the program.
                if words.contains("--help") { continue }
                #expect(throws: Never.self, "\(hint.file): \(hint.text): \(command)") {
                    _ = try Foundry.parseAsRoot(words)
                }
            }
        }
        #expect(typed > 60)
    }
}
