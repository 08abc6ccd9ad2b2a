import ArgumentParser
import FoundryClient
import FoundryCommandLine

/// What every command takes that talks to a platform.
struct GlobalOptions: ParsableArguments {
    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    @Option(help: ArgumentHelp("Which platform to talk to, when there are several.", valueName: "name"))
    var target: String?

    /// Does the work with the target's API.
    func withAPI(_ work: (FoundryAPI, Console) async throws -> Void) async throws {
        let api = try FoundryAPI(try TargetSelection.load(named: target))
        do {
            try await work(api, Console())
        } catch {
            await api.close()
            throw error
        }
        await api.close()
    }

    /// Does the work with all that a command that changes something needs.
    func withContext(_ waiting: WaitOptions, _ work: (CommandContext) async throws -> Void) async throws {
        try await withContext(waiting.limit, work)
    }

    /// - Parameter limit: nil: not waited for.
    func withContext(_ limit: Duration?, _ work: (CommandContext) async throws -> Void) async throws {
        try await withAPI { api, console in
            try await work(CommandContext(api, console: console, format: output, waitingFor: limit))
        }
    }
}

extension OutputFormat: ExpressibleByArgument {}
