import ArgumentParser
import FoundryCommandLine
import FoundryModel

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Runs one command line from its words to its exit code.
enum CommandRun {
    /// As a shell has it for what SIGINT ended.
    private static let interrupted: Int32 = 130
    private static let optionsOfAllCommands: Set<String> = ["--output", "-o", "--target"]

    static func main(_ words: [String]) async -> Never {
        let words = CommandWords.verbFirst(words, withValue: optionsOfAllCommands)
        exit(await run(words, console: Console()))
    }

    private static func run(_ words: [String], console: Console) async -> Int32 {
        var command: any ParsableCommand
        do {
            try CommandWords.check(words, verbs: verbs)
            command = try Foundry.parseAsRoot(words)
        } catch {
            return unparsed(error, words, console)
        }
        do {
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
            return 0
        } catch {
            return failed(error, words, console)
        }
    }

    /// Every verb that can be written, the hidden ones and the parser's own among them.
    static var verbs: [String] {
        Foundry.configuration.subcommands.flatMap { [$0._commandName] + $0.configuration.aliases } + ["help"]
    }

    /// A word of the parser's own: help that was asked for, or an argument that cannot be understood.
    private static func unparsed(_ error: any Error, _ words: [String], _ console: Console) -> Int32 {
        if let error = error as? FoundryError { return report(error, words, console) }
        guard Foundry.exitCode(for: error) != .success else {
            console.print(Foundry.fullMessage(for: error, columns: console.output.width))
            return 0
        }
        let command = (["foundry"] + named(words)).joined(separator: " ")
        return report(FoundryError(.usage, Foundry.message(for: error), hint: "\(command) --help"), words, console)
    }

    /// The words that name a command: `release install` of `release install ./store`.
    static func named(_ words: [String]) -> [String] {
        var command: any ParsableCommand.Type = Foundry.self
        let names = words.prefix { word in
            let next = command.configuration.subcommands.first {
                $0._commandName == word || $0.configuration.aliases.contains(word)
            }
            if let next { command = next }
            return next != nil
        }
        return Array(names)
    }

    private static func failed(_ error: any Error, _ words: [String], _ console: Console) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if error is Interrupted { return interrupted }
        let isParsers = error is FoundryError || Foundry.exitCode(for: error) != .failure
        guard !isParsers else { return unparsed(error, words, console) }
        return report(FoundryError(.internalError, "The command failed.", detail: "\(error)"), words, console)
    }

    private static func report(_ error: FoundryError, _ words: [String], _ console: Console) -> Int32 {
        let report = ErrorReport(error)
        report.show(on: console, as: CommandWords.format(in: words))
        return report.exitCode
    }
}
