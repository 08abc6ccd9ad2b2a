import FoundryModel
import FoundryRules
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("The tables of transitions")
struct TransitionTableTests {
    private static let page = URL(filePath: #filePath).resolvingSymlinksInPath().deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/internals/transitions.md")

    private static let head = """
        # Transitions

        Printed from the machines by `TransitionTableTests`: they are put into each state, and given each event. What changes nothing and causes
        nothing is left out. The tables of records are what a controller and its cells did while they were run through everything that operators and
        faults do; a way from one state to another that is not here fails the test. `FOUNDRY_ACCEPT_STORIES=1 swift test --filter TransitionTable`
        writes the page anew.
        """

    private static var machines: [TransitionTable] {
        [
            TransitionMachines.session, TransitionMachines.sentinel, TransitionMachines.watcher,
            TransitionMachines.labels,
        ]
    }

    private static var isAccepting: Bool { ProcessInfo.processInfo.environment["FOUNDRY_ACCEPT_STORIES"] == "1" }

    private static func text() throws -> String { try String(contentsOf: page, encoding: .utf8) }

    @Test("docs/internals/transitions.md says what the machines do")
    func machines() throws {
        if Self.isAccepting {
            let tables = Self.machines + TransitionRecords.run(1..<9)
            let told = ([Self.head] + tables.map(\.markdown)).joined(separator: "\n\n") + "\n"
            return try told.write(to: Self.page, atomically: true, encoding: .utf8)
        }
        let text = try Self.text()
        for table in Self.machines {
            #expect(text.contains(table.markdown), "\(table.title) is told otherwise:\n\(table.markdown)")
        }
    }

    @Test("What becomes of volumes, guards, fences and rollouts is on the page")
    func records() throws {
        guard !Self.isAccepting else { return }
        let text = try Self.text()
        for table in TransitionRecords.run(20..<22) {
            let part = text.components(separatedBy: "\n## ").first { $0.hasPrefix(table.title + "\n") } ?? ""
            #expect(!table.rows.isEmpty)
            for row in table.rows {
                #expect(part.contains(row.markdown), "\(table.title): not on the page: \(row.markdown)")
            }
        }
    }

    @Test("Every state of the sentinel and of its watcher has a row, and so has every phase of a volume")
    func complete() throws {
        guard !Self.isAccepting else { return }
        let sentinel = Set(TransitionMachines.sentinel.rows.map(\.state))
        for state in SentinelState.allCases { #expect(sentinel.contains("\(state)")) }
        let watcher = Set(TransitionMachines.watcher.rows.map(\.state))
        for state in GuardWatchState.allCases { #expect(watcher.contains("\(state)")) }
        let part = try Self.text().components(separatedBy: "\n## ").first { $0.hasPrefix("A volume's record\n") } ?? ""
        for phase in ["removed", "allotted", "held", "sealed", "follows", "forked", "kept", "purging"] {
            #expect(part.contains("\n| \(phase) |"), "no way leads out of \(phase)")
        }
    }
}
