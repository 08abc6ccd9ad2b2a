import ArgumentParser

struct ReferenceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reference", abstract: "Print docs/reference/cli.md.",
        discussion: "foundry reference > docs/reference/cli.md",
        shouldDisplay: false)

    func run() { print(CommandReference.text, terminator: "") }
}
