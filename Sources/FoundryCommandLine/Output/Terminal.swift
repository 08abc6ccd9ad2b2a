#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// What one of our output streams leads to.
public struct Terminal: Hashable, Sendable {
    public enum Stream: Int32, Sendable {
        case standardOutput = 1
        case standardError = 2
    }

    /// A person looks at it: lines may be rewritten.
    public var isInteractive: Bool
    public var hasColour: Bool
    /// In columns; nil: lines may be as long as they like, as for a file or a pipe.
    public var width: Int?
    /// In lines; nil: as many as there are.
    public var height: Int?

    public init(isInteractive: Bool, hasColour: Bool, width: Int?, height: Int? = nil) {
        self.isInteractive = isInteractive
        self.hasColour = hasColour
        self.width = width
        self.height = height
    }

    /// Not a terminal: no colour, no rewriting, no limit of width.
    public static let plain = Terminal(isInteractive: false, hasColour: false, width: nil)

    /// Looks at a stream of this process.
    ///
    /// - Source: colour follows https://no-color.org: any value of `NO_COLOR` but the empty one switches it off.
    public static func of(_ stream: Stream, environment: (String) -> String? = variable) -> Terminal {
        guard isatty(stream.rawValue) == 1 else { return .plain }
        let isDumb = environment("TERM") == "dumb"
        let isColourRefused = environment("NO_COLOR").map { !$0.isEmpty } ?? false
        let size = size(of: stream)
        return Terminal(
            isInteractive: !isDumb, hasColour: !isDumb && !isColourRefused, width: size.columns, height: size.lines)
    }

    /// A variable of this process's environment.
    public static func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static func size(of stream: Stream) -> (columns: Int, lines: Int) {
        var size = winsize()
        guard ioctl(stream.rawValue, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return (80, 24) }
        return (Int(size.ws_col), max(2, Int(size.ws_row)))
    }
}
