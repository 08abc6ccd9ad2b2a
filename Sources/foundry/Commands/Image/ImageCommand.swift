import ArgumentParser

/// Images of registries and archives: what lies here, and how it comes and goes.
struct ImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "image", abstract: "Pull, import, build and remove images.",
        discussion: """
            foundry image pull registry.example/team/name:1.2
            foundry image import name.tar --name team/name:1.2
            foundry image rm team/name:1.2
            """,
        subcommands: [
            ImageListCommand.self, ImagePullCommand.self, ImageImportCommand.self, ImageBuildCommand.self,
            ImageRemoveCommand.self,
        ])
}
