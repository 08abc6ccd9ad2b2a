import FoundryClient

/// Lines of a log as people read them: what the program wrote, and in between what the platform did to it.
public struct LogView: Sendable {
    private let terminal: Terminal
    private let showsTimes: Bool

    public init(on terminal: Terminal, showsTimes: Bool) {
        self.terminal = terminal
        self.showsTimes = showsTimes
    }

    /// A program's line goes to a file or a pipe as it was written, to a terminal without what could command it.
    public func line(_ line: LogLine) -> String {
        let text = terminal.isInteractive ? DisplayText.harmless(line.text, tab: "\t") : line.text
        let time = showsTimes ? TextStyle.faint.applied(to: line.time.description, on: terminal) + "  " : ""
        guard line.stream == "platform" else { return time + text }
        return time
            + TextStyle.warning.applied(to: "-- \(line.member) \(DisplayText.harmless(line.text))", on: terminal)
    }
}
