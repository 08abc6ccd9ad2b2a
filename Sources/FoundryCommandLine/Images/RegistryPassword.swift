import FoundryModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A login for a registry. The password never stands in an argument list.
public struct RegistryPassword: Sendable {
    static let longest = 4 << 10

    public let username: String
    public let password: String

    /// - Parameter fromInput: the password is the first line of the standard input; otherwise a person types it, unseen.
    /// - Throws: `usage` when nobody can be asked; `bad_request` when there is none.
    public static func read(
        for username: String, fromInput: Bool, _ console: Console
    ) throws(FoundryError) -> RegistryPassword {
        let text = fromInput ? try InputFile.text(of: "-", limit: longest) : try ask(username, console)
        let line = String(text.prefix { !$0.isNewline })
        guard !line.isEmpty else { throw FoundryError(.badRequest, "The password is empty.") }
        return RegistryPassword(username: username, password: line)
    }

    private static func ask(_ username: String, _ console: Console) throws(FoundryError) -> String {
        guard Prompt.isPossible else {
            throw FoundryError(
                .usage, "Nobody can be asked for the password of \(username).", hint: "--password-stdin <FILE")
        }
        var before = termios()
        guard tcgetattr(STDIN_FILENO, &before) == 0 else {
            throw FoundryError(.usage, "The terminal cannot hide a password.", hint: "--password-stdin <FILE")
        }
        var hidden = before
        hidden.c_lflag &= ~tcflag_t(ECHO)
        tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            tcsetattr(STDIN_FILENO, TCSAFLUSH, &before)
            console.writeNote("\n")
        }
        console.writeNote("Password of \(username): ")
        return readLine() ?? ""
    }
}
