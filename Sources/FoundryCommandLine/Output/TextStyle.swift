/// How a piece of text looks on a terminal with colour.
public enum TextStyle: Sendable {
    case plain
    case strong
    case faint
    case good
    case warning
    case bad

    private var code: String? {
        switch self {
        case .plain: nil
        case .strong: "1"
        case .faint: "2"
        case .good: "32"
        case .warning: "33"
        case .bad: "1;31"
        }
    }

    /// The text with the escape sequences of this style around it; unchanged without colour.
    public func applied(to text: String, on terminal: Terminal) -> String {
        guard terminal.hasColour, let code, !text.isEmpty else { return text }
        return "\u{1b}[\(code)m\(text)\u{1b}[0m"
    }
}
