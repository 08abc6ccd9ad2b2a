#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A page of `docs/reliability/` with tables of which some columns are written from the code.
struct ReliabilityPage {
    /// Set: pages are written anew instead of failing.
    static let writes = ProcessInfo.processInfo.environment["FOUNDRY_WRITE_DOCS"] != nil

    let name: String
    private(set) var lines: [String]
    private let before: [String]

    init(_ name: String) throws {
        self.name = name
        lines = try String(contentsOf: Self.place(name), encoding: .utf8).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map(String.init)
        before = lines
    }

    /// Lines that are not as they were, with what they should be; when it is asked for they are written instead.
    func settle() throws -> [String] {
        guard lines != before else { return [] }
        if Self.writes {
            try lines.joined(separator: "\n").write(to: Self.place(name), atomically: true, encoding: .utf8)
            return []
        }
        return lines.difference(from: before).insertions.map { change in
            guard case .insert(let line, let text, _) = change else { return name }
            return "docs/reliability/\(name):\(line + 1): \(text)"
        }
    }

    /// Puts a text into a column, counted from 0, of the row that begins with a name in backquotes.
    ///
    /// - Parameter text: of the row's name; nil: the row stays as it is.
    mutating func set(column: Int, _ text: (String) -> String?) {
        for (place, line) in lines.enumerated() where line.hasPrefix("| `") {
            var cells = line.split(separator: "|", omittingEmptySubsequences: false).dropFirst().dropLast().map {
                $0.split(separator: " ").joined(separator: " ")
            }
            guard cells.count > column, let new = text(String(cells[0].dropFirst().dropLast())) else { continue }
            cells[column] = new
            lines[place] = "| " + cells.joined(separator: " | ") + " |"
        }
    }

    /// Puts lines between `<!-- name -->` and `<!-- end -->`.
    mutating func set(section: String, _ text: [String]) {
        guard let begin = lines.firstIndex(of: "<!-- \(section) -->"),
            let end = lines[begin...].firstIndex(of: "<!-- end -->")
        else { return }
        lines.replaceSubrange((begin + 1)..<end, with: [""] + text + [""])
    }

    /// The tests can be reached through a link, when only some of the targets are built.
    private static func place(_ name: String) -> URL {
        URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
            .appending(path: "docs/reliability/\(name)")
    }
}
