import ArgumentParser
import FoundryCommandLine

struct VersionCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "version", abstract: "Print the version of this program.",
        discussion: "foundry version --output json")

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try Console().show(["version": FoundryVersion.text], as: output) { ["foundry \(FoundryVersion.text)"] }
    }
}
