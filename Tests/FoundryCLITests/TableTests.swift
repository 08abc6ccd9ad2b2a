import Testing

@testable import FoundryCommandLine

@Suite("Tables")
struct TableTests {
    private let narrow = Terminal(isInteractive: true, hasColour: false, width: 24)

    private func table() -> Table {
        var table = Table([.init("name"), .init("size", .right), .init("remark", isFlexible: true)])
        table.add(["a", "5 MiB", "a remark that is rather long"])
        table.add(["longer", "500 MiB", "short"])
        return table
    }

    @Test("columns are as wide as their widest cell, numbers to the right, and no line ends in blanks")
    func aligned() {
        #expect(
            table().lines(on: .plain) == [
                "NAME       SIZE  REMARK",
                "a         5 MiB  a remark that is rather long",
                "longer  500 MiB  short",
            ])
    }

    @Test("on a narrow terminal the flexible column is cut, and the others are whole")
    func cut() {
        let lines = table().lines(on: narrow)
        #expect(lines == ["NAME       SIZE  REMARK", "a         5 MiB  a remar…", "longer  500 MiB  short"])
        #expect(lines.allSatisfy { DisplayText.width($0) <= 25 })
    }

    @Test("a flexible column keeps eight columns, however narrow the terminal")
    func floor() {
        let lines = table().lines(on: Terminal(isInteractive: true, hasColour: false, width: 5))
        #expect(lines[1].hasSuffix("a remar…"))
    }

    @Test("colour is put around the text, not around the blanks, and does not change the columns")
    func coloured() {
        var table = Table([.init("state"), .init("n", .right)])
        table.add([.init("ok", .good), "1"])
        let lines = table.lines(on: Terminal(isInteractive: true, hasColour: true, width: 80))
        #expect(lines[1] == "\u{1b}[32mok\u{1b}[0m     1")
    }

    @Test("a cell cannot command the terminal")
    func harmless() {
        var table = Table([.init("name")])
        table.add(["a\u{1b}[2Jb\u{7}c\nd"])
        #expect(table.lines(on: .plain)[1] == "ab?c?d")
    }

    @Test("wide characters count twice")
    func wide() {
        #expect(DisplayText.width("数据") == 4)
        #expect(DisplayText.truncated("数据库", to: 5) == "数据…")
    }

    @Test("text is wrapped between words")
    func wrapped() {
        #expect(DisplayText.wrapped("one two three", to: 7) == ["one two", "three"])
        #expect(DisplayText.wrapped("averylongword x", to: 4) == ["averylongword", "x"])
    }
}
