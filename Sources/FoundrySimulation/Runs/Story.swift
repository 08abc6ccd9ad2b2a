/// What happened, in lines that a person can read; kept only when somebody asked, and then only the newest.
final class Story {
    private var lines: [String] = []
    private var next = 0
    private let limit: Int

    /// - Parameter limit: 0: nothing is kept, and no text is made.
    init(limit: Int) { self.limit = limit }

    var isKept: Bool { limit > 0 }

    func tell(_ time: SimulationTime, _ subject: @autoclosure () -> String, _ text: @autoclosure () -> String) {
        guard limit > 0 else { return }
        keep(Self.line(time, subject(), text()))
    }

    /// Oldest first.
    var told: [String] { Array(lines[next...] + lines[..<next]) }

    private func keep(_ line: String) {
        guard lines.count >= limit else { return lines.append(line) }
        lines[next] = line
        next = (next + 1) % limit
    }

    /// `   12.310 s  cell c3     lost power`
    static func line(_ time: SimulationTime, _ subject: String, _ text: String) -> String {
        let milliseconds = time.microseconds / 1_000
        let fraction = String(milliseconds % 1_000)
        let moment = "\(milliseconds / 1_000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
        return padded(moment, 9, left: true) + " s  " + padded(subject, 10, left: false) + "  " + text
    }

    private static func padded(_ text: String, _ width: Int, left: Bool) -> String {
        let space = String(repeating: " ", count: max(0, width - text.utf8.count))
        return left ? space + text : text + space
    }
}
