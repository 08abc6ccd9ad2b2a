import Foundation
import Testing

@Suite("The list of the broker's conformance")
struct ConformanceTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path()

    @Test("names a test for each demand, and each of them exists")
    func named() throws {
        let text = try String(
            contentsOfFile: Self.root + "docs/reference/osb-conformance.md", encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| the broker") }
        #expect(rows.count > 40)
        for row in rows {
            let named = row.matches(of: /`([A-Za-z]+Tests)\.([a-zA-Z]+)`/)
            #expect(!named.isEmpty, "\(row)")
            for test in named {
                let file = Self.root + "Tests/FoundryServerTests/\(test.1).swift"
                let source = try String(contentsOfFile: file, encoding: .utf8)
                #expect(
                    source.contains(/@Test\([^\n]*\)\n    func \w+/) && source.contains("func \(test.2)() "), "\(row)")
            }
        }
    }
}
