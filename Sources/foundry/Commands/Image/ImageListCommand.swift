import ArgumentParser

struct ImageListCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ls", abstract: "List the images that lie here: the same as `foundry images`.",
        discussion: "foundry image ls")

    @OptionGroup var global: GlobalOptions

    func run() async throws { try await ImagesCommand.show(global) }
}
