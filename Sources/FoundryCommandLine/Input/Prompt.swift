import FoundryModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Asks the person at the terminal before something that cannot be taken back.
public struct Prompt: Sendable {
    /// Between looks at whether anybody still waits for the answer.
    private static let turnMilliseconds: Int32 = 100

    private let console: Console

    public init(_ console: Console) { self.console = console }

    /// Somebody can be asked: both the questions and the answers go through a terminal.
    public static var isPossible: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDERR_FILENO) == 1 }

    /// - Returns: true only for an answer that begins with y.
    public func confirm(_ question: String) -> Bool {
        console.writeNote("\(question) [y/N] ")
        guard let answer = line()?.lowercased() else { return false }
        return answer == "y" || answer == "yes"
    }

    /// Asks for a text.
    ///
    /// - Parameter usual: what an empty answer means.
    public func ask(_ question: String, usual: String) -> String {
        console.writeNote(usual.isEmpty ? "\(question): " : "\(question) [\(usual)]: ")
        guard let answer = line()?.trimmingBlanks(), !answer.isEmpty else { return usual }
        return answer
    }

    /// Asks for a word to be typed.
    public func confirm(_ question: String, byTyping word: String) -> Bool {
        console.writeNote("\(question) ")
        return line()?.trimmingBlanks() == word
    }

    /// - Returns: nil at the end of the input, and when the task is cancelled: what waits for an answer can be interrupted.
    private func line() -> String? {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        while poll(&input, 1, Self.turnMilliseconds) == 0 || input.revents == 0 {
            if Task.isCancelled { return nil }
        }
        return readLine()
    }
}

extension String {
    fileprivate func trimmingBlanks() -> String {
        var text = self[...]
        while text.first == " " { text.removeFirst() }
        while text.last == " " { text.removeLast() }
        return String(text)
    }
}
