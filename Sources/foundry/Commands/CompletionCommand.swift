import ArgumentParser
import FoundryClient
import FoundryCommandLine

/// What a shell needs so that Tab completes commands, options and the names of apps.
struct CompletionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a shell's completion script.",
        discussion: """
            foundry completion bash > /etc/bash_completion.d/foundry
            foundry completion zsh  > /usr/local/share/zsh/site-functions/_foundry
            foundry completion fish > ~/.config/fish/completions/foundry.fish

            It takes effect in the next shell.
            """)

    @Argument(help: "bash, zsh or fish.")
    var shell: ShellName

    func run() async throws {
        print(Foundry.completionScript(for: shell.shell))
    }
}

enum ShellName: String, CaseIterable, ExpressibleByArgument {
    case bash, zsh, fish

    var shell: CompletionShell {
        switch self {
        case .bash: .bash
        case .zsh: .zsh
        case .fish: .fish
        }
    }
}

/// Asked by those scripts; says nothing at all when the platform does not answer.
struct CompletionAppsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion-apps", abstract: "Print the names of all apps and services.", shouldDisplay: false)

    func run() async throws {
        try await CompletionNames.print { api in
            let apps = (try? await api.apps().map(\.name)) ?? []
            return apps + ((try? await api.serviceInstances().map(\.name)) ?? [])
        }
    }
}

struct CompletionServicesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion-services", abstract: "Print the names of all services.", shouldDisplay: false)

    func run() async throws {
        try await CompletionNames.print { api in (try? await api.serviceInstances().map(\.name)) ?? [] }
    }
}

struct CompletionOfferingsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion-offerings", abstract: "Print the names of all that is offered.",
        shouldDisplay: false)

    func run() async throws {
        try await CompletionNames.print { api in (try? await api.serviceOfferings().map(\.name)) ?? [] }
    }
}

private enum CompletionNames {
    static func print(_ names: (FoundryAPI) async -> [String]) async throws {
        guard let target = try? TargetSelection.load(named: nil) else { return }
        let api = try FoundryAPI(target)
        let found = await names(api)
        await api.close()
        for name in found { Swift.print(name) }
    }
}

extension CompletionKind {
    /// Of the current target, and its services, which most commands for apps take too.
    static var apps: Self { .shellCommand("foundry completion-apps 2>/dev/null") }
    static var services: Self { .shellCommand("foundry completion-services 2>/dev/null") }
    static var offerings: Self { .shellCommand("foundry completion-offerings 2>/dev/null") }
}
