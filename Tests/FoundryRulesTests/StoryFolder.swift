import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The golden stories under `Tests/Scenarios`: what a machine did, line by line, is what the story says that it does.
enum StoryFolder {
    struct Unreadable: Error, CustomStringConvertible {
        var line: String
        init(_ line: String) { self.line = line }
        var description: String { "the story's line cannot be read: \(line)" }
    }

    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Scenarios")
    /// Set to 1: a story that has become another is written anew instead of failing. Read the difference before you keep it.
    private static let acceptKey = "FOUNDRY_ACCEPT_STORIES"

    /// Names of the stories that begin so, sorted.
    static func names(_ prefix: String) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.path(percentEncoded: false))) ?? []
        return names.filter { $0.hasPrefix(prefix) && $0.hasSuffix(".txt") }.sorted()
    }

    /// Tells a story again and compares.
    static func expect(_ name: String, retold: (String) throws -> String) throws {
        let place = folder.appending(path: name)
        let text = try String(contentsOf: place, encoding: .utf8)
        let told = try retold(text)
        guard told != text else { return }
        if ProcessInfo.processInfo.environment[acceptKey] == "1" {
            return try told.write(to: place, atomically: true, encoding: .utf8)
        }
        Issue.record(
            "Tests/Scenarios/\(name) is told otherwise:\n\(difference(text, told))\n\(acceptKey)=1 swift test --filter Stor  accepts what happened"
        )
    }

    /// Plays the lines that begin with `> `, and puts the answers in the place of those that begin with `<`.
    static func retell(_ text: String, play: ([String]) throws -> [String]) throws -> String {
        var lines: [String] = []
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        where !line.hasPrefix("<") {
            lines.append(line)
            guard line.hasPrefix("> ") else { continue }
            let words = line.dropFirst(2).split(separator: " ").map(String.init)
            lines += try play(words).map { "< \($0)" }
        }
        return lines.joined(separator: "\n")
    }

    /// Line by line: `-` is in the story, `+` is what happened.
    static func difference(_ story: String, _ told: String) -> String {
        let left = story.split(separator: "\n", omittingEmptySubsequences: false)
        let right = told.split(separator: "\n", omittingEmptySubsequences: false)
        var lengths = Array(repeating: Array(repeating: 0, count: right.count + 1), count: left.count + 1)
        for i in left.indices.reversed() {
            for j in right.indices.reversed() {
                lengths[i][j] =
                    left[i] == right[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1])
            }
        }
        var (i, j, lines) = (0, 0, [String]())
        while i < left.count || j < right.count {
            if i < left.count, j < right.count, left[i] == right[j] {
                lines.append("  \(left[i])")
                (i, j) = (i + 1, j + 1)
            } else if j == right.count || (i < left.count && lengths[i + 1][j] >= lengths[i][j + 1]) {
                lines.append("- \(left[i])")
                i += 1
            } else {
                lines.append("+ \(right[j])")
                j += 1
            }
        }
        return lines.joined(separator: "\n")
    }
}
