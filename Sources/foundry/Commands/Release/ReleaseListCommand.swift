import ArgumentParser
import FoundryClient
import FoundryCommandLine
import FoundryEffects

struct ReleaseListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the releases that are installed, every version of them.",
        discussion: "foundry release ls")

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let releases = try await api.releases()
            try console.show(ListAnswer(resources: releases), as: global.output) {
                ReleasesView(releases, now: SystemClock.timestamp()).lines(on: console.output)
            }
        }
    }
}

struct ReleaseShowCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an installed release: image, signer, plans, instances.",
        discussion: "foundry release show postgresql")

    @Argument(help: "Of the release.", completion: .offerings)
    var name: String

    @Option(help: ArgumentHelp("The one that is offered otherwise.", valueName: "version"))
    var version: String?

    @OptionGroup var global: GlobalOptions

    func run() async throws {
        try await global.withAPI { api, console in
            let release = try await ReleaseLookup(api).release(name, version: version)
            try console.show(release, as: global.output) { ReleaseView(release).lines(on: console.output) }
        }
    }
}
