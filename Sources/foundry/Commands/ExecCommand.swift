import ArgumentParser
import FoundryCommandLine
import FoundryModel

struct ExecCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command in an app's member, beside its process.",
        discussion: """
            foundry exec cache -- redis-cli ping
            foundry exec orders --tty -- psql
            foundry exec orders -- pg_dump > orders.sql
            foundry exec orders -- psql < orders.sql

            It runs as the app's own process does: its user (unless --user says another), environment, directory, limits. Standard input, output and error are \
            yours, and its exit code becomes ours: 127 when the member has no such program, 126 when it cannot be run, 128 and the \
            number of the signal that ended it. When you go, it ends, and all that it started. The audit log keeps the program's \
            name, not its arguments.
            """)

    @Argument(help: "Of the app.", completion: .apps)
    var name: String

    @OptionGroup var member: InstanceOption

    @Flag(name: .shortAndLong, help: "With your terminal: for shells and whatever else a person types at.")
    var tty = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "As this user of the image: a name or a number, with :GROUP if you like.", valueName: "user"))
    var user: String?

    @OptionGroup var global: GlobalOptions

    @Argument(
        parsing: .postTerminator, help: ArgumentHelp("After --: the program and its arguments.", valueName: "command"))
    var command: [String] = []

    func validate() throws {
        guard !command.isEmpty else {
            throw ValidationError("Say what to run, after --: foundry exec \(name) -- COMMAND")
        }
    }

    func run() async throws {
        try await global.withAPI { api, console in
            let code: Int32
            do {
                code = try await ExecWork(api).run(
                    app: name, instance: member.instance, command: command, user: user, hasTerminal: tty)
            } catch let error as FoundryError {
                guard let code = Self.shellCodes[error.code] else { throw error }
                ErrorReport(error).show(on: console, as: global.output)
                throw ExitCode(code)
            }
            if code != 0 { throw ExitCode(code) }
        }
    }

    /// As a shell ends for a program that it cannot run.
    private static let shellCodes: [ErrorCode: Int32] = [.programNotFound: 127, .programNotExecutable: 126]
}
