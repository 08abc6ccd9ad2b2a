/// Steps of a piece of work as text: on a terminal the running step is one line that is written over, with a spinner and its time;
/// elsewhere each step is one line when it ends.
struct StepPrinter: Sendable {
    enum Outcome: Sendable { case done, failed }

    private struct Running {
        var label: String
        var text: String
    }

    private static let frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]
    private static let clearLine = "\r\u{1b}[2K"
    private static let labelWidth = 8

    private let terminal: Terminal
    private var running: Running?
    private var frame = 0

    init(terminal: Terminal) { self.terminal = terminal }

    /// The text that shows a step as running.
    mutating func begin(_ label: String, _ text: String) -> String {
        running = Running(label: label, text: DisplayText.harmless(text))
        return redraw(elapsedMilliseconds: 0)
    }

    /// The text that shows a step's end, for good.
    mutating func end(_ outcome: Outcome, _ label: String, _ text: String) -> String {
        running = nil
        let text = DisplayText.harmless(text)
        guard terminal.isInteractive else { return "\(label): \(text)\n" }
        let mark =
            switch outcome {
            case .done: TextStyle.good.applied(to: "✓", on: terminal)
            case .failed: TextStyle.bad.applied(to: "✗", on: terminal)
            }
        return "\(Self.clearLine)\(mark) \(Self.padded(label)) \(text)\n"
    }

    /// The next picture of the running step; empty when there is none, or nobody looks.
    mutating func redraw(elapsedMilliseconds: Int64) -> String {
        guard terminal.isInteractive, let running else { return "" }
        frame = (frame + 1) % Self.frames.count
        let time = elapsedMilliseconds < 1000 ? "" : "  \(elapsedMilliseconds / 1000)s"
        let room = (terminal.width ?? 80) - Self.labelWidth - time.count - 4
        let line =
            "\(Self.frames[frame]) \(Self.padded(running.label)) \(DisplayText.truncated(running.text, to: max(0, room)))"
        return Self.clearLine + line + TextStyle.faint.applied(to: time, on: terminal)
    }

    /// Takes the running step off the screen.
    mutating func clear() -> String {
        defer { running = nil }
        return terminal.isInteractive && running != nil ? Self.clearLine : ""
    }

    private static func padded(_ label: String) -> String { DisplayText.padded(label, to: labelWidth) }
}
