import FoundryModel

/// How a failure looks: words for people, the same as JSON for programs, and the exit code for scripts.
public struct ErrorReport: Sendable {
    public let error: FoundryError

    public init(_ error: FoundryError) { self.error = error }

    /// The exit code of `docs/reference/errors.md`.
    public var exitCode: Int32 { error.code.surface.exitCode }

    /// To the standard error.
    public func show(on console: Console, as format: OutputFormat) {
        switch format {
        case .table: for line in lines(on: console.errors) { console.note(line) }
        case .json: console.note((try? json()) ?? error.description)
        }
    }

    public func lines(on terminal: Terminal) -> [String] {
        var lines = [
            TextStyle.bad.applied(to: "error[\(error.code.rawValue)]", on: terminal) + ": "
                + Self.harmless(error.message)
        ]
        if let detail = error.detail {
            lines.append(TextStyle.faint.applied(to: "detail", on: terminal) + ": " + Self.harmless(detail))
        }
        if let hint = error.hint {
            lines.append(TextStyle.strong.applied(to: "hint", on: terminal) + ": " + Self.harmless(hint))
        }
        return lines
    }

    /// `{"error":{"code":…,"message":…,"hint":…,"detail":…}}`; what is not known is left out.
    public func json() throws -> String { try JSONText.line(["error": error]) }

    /// Messages may have several lines; each of them is shown without commands to the terminal.
    private static func harmless(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { DisplayText.harmless(String($0)) }.joined(
            separator: "\n")
    }
}
