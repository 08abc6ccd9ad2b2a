import FoundryClient
import FoundryEffects
import FoundryModel

/// Runs a command in a member of an app, as if it ran here.
public struct ExecWork: Sendable {
    private static let input: Int32 = 0

    private let api: FoundryAPI

    public init(_ api: FoundryAPI) { self.api = api }

    /// - Parameter instance: the member's number; nil: the only one, or the primary.
    /// - Parameter user: of the image; nil: the member's own.
    /// - Parameter hasTerminal: hands over this process's terminal.
    /// - Returns: the command's exit code, or 128 and the number of the signal that ended it.
    /// - Throws: `usage` when there is no terminal to hand over; `member_not_running`, `program_not_found`, `exec_broken` among others.
    public func run(
        app name: String, instance: Int?, command: [String], user: String?, hasTerminal: Bool
    ) async throws -> Int32 {
        let terminal = hasTerminal ? try Self.terminal() : nil
        let app = try await AppLookup(api).app(name)
        let connection = try await api.exec(
            in: app.guid, instance: instance, ExecRequest(command: command, terminal: terminal, user: user))
        defer { RawTerminal.end() }
        return try await ExecConversation(connection: connection, input: Self.input, hasTerminal: hasTerminal).run()
    }

    private static func terminal() throws(FoundryError) -> ExecTerminal {
        guard RawTerminal.isTerminal(input) else {
            throw FoundryError(
                .usage, "--tty needs a terminal, and the standard input is none.",
                hint: "leave --tty out where a file or a pipe is read")
        }
        let size = RawTerminal.size(of: input) ?? TerminalSize(rows: 24, columns: 80)
        return ExecTerminal(
            type: Terminal.variable("TERM") ?? "dumb", rows: size.rows, columns: size.columns)
    }
}
