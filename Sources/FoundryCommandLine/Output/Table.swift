/// Rows under headings, aligned to the terminal.
///
/// On a terminal that is too narrow the flexible columns are cut; everywhere else nothing is ever cut.
public struct Table: Sendable {
    public struct Column: Sendable {
        public enum Alignment: Sendable { case left, right }

        var title: String
        var alignment: Alignment
        var isFlexible: Bool

        public init(_ title: String, _ alignment: Alignment = .left, isFlexible: Bool = false) {
            self.title = title
            self.alignment = alignment
            self.isFlexible = isFlexible
        }
    }

    public struct Cell: Sendable, ExpressibleByStringInterpolation {
        var text: String
        var style: TextStyle

        public init(_ text: String, _ style: TextStyle = .plain) {
            self.text = DisplayText.harmless(text)
            self.style = style
        }

        public init(stringLiteral text: String) { self.init(text) }
    }

    /// A flexible column is never cut below this.
    static let narrowestColumn = 8
    private static let gap = 2

    private let columns: [Column]
    private var rows: [[Cell]] = []

    public init(_ columns: [Column]) { self.columns = columns }

    public var isEmpty: Bool { rows.isEmpty }

    /// - Parameter row: one cell for each column.
    public mutating func add(_ row: [Cell]) {
        precondition(row.count == columns.count, "a row has one cell for each column")
        rows.append(row)
    }

    /// The headings and the rows, without trailing blanks.
    public func lines(on terminal: Terminal) -> [String] {
        let widths = widths(within: terminal.width)
        let heading = columns.map { Cell($0.title.uppercased(), .strong) }
        return ([heading] + rows).map { line($0, widths, terminal) }
    }

    private func widths(within limit: Int?) -> [Int] {
        var widths = columns.indices.map { index in
            rows.reduce(DisplayText.width(columns[index].title)) { max($0, DisplayText.width($1[index].text)) }
        }
        guard let limit else { return widths }
        var excess = widths.reduce(0, +) + Self.gap * (columns.count - 1) - limit
        while excess > 0 {
            let candidates = columns.indices.filter { columns[$0].isFlexible && widths[$0] > Self.narrowestColumn }
            guard let widest = candidates.max(by: { widths[$0] < widths[$1] }) else { break }
            widths[widest] -= 1
            excess -= 1
        }
        return widths
    }

    private func line(_ row: [Cell], _ widths: [Int], _ terminal: Terminal) -> String {
        var line = ""
        for (index, cell) in row.enumerated() {
            let text = DisplayText.truncated(cell.text, to: widths[index])
            let padding = DisplayText.padded("", to: widths[index] - DisplayText.width(text))
            let styled = cell.style.applied(to: text, on: terminal)
            let isLast = index == row.count - 1
            switch columns[index].alignment {
            case .left: line += styled + (isLast ? "" : padding)
            case .right: line += padding + styled
            }
            if !isLast { line += DisplayText.padded("", to: Self.gap) }
        }
        while line.last == " " { line.removeLast() }
        return line
    }
}
