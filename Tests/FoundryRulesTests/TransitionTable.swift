/// A table of what a machine becomes, and does, in each state upon each event: filled in by running the machine.
struct TransitionTable {
    struct Row: Hashable {
        var state: String
        var event: String
        var next: String
        var effects: String

        var markdown: String { "| \(state) | \(event) | \(next == state ? "" : next) | \(effects) |" }
    }

    var title: String
    /// What the table is of, and where it comes from.
    var words: String
    private(set) var rows: [Row] = []

    init(_ title: String, _ words: String) {
        self.title = title
        self.words = words
    }

    /// An event that changes nothing and causes nothing is left out.
    mutating func add(_ state: String, _ event: String, _ next: String, _ effects: [String]) {
        guard state != next || !effects.isEmpty else { return }
        let row = Row(state: state, event: event, next: next, effects: effects.joined(separator: ", "))
        if !rows.contains(row) { rows.append(row) }
    }

    mutating func sort(by states: [String]) {
        func rank(_ row: Row) -> (Int, String, String) {
            (states.firstIndex(of: row.state) ?? states.count, row.state + row.next, row.event)
        }
        rows.sort { rank($0) < rank($1) }
    }

    var markdown: String {
        return
            (["## \(title)", "", words, "", "| in | upon | becomes | does |", "|---|---|---|---|"]
            + rows.map(\.markdown)).joined(
                separator: "\n")
    }
}
