import ArgumentParser
import FoundryClient
import FoundryCommandLine

struct ImagesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "images", abstract: "List the images that lie here, and which short names mean them.",
        discussion: "foundry images")

    @OptionGroup var global: GlobalOptions

    func run() async throws { try await Self.show(global) }

    static func show(_ global: GlobalOptions) async throws {
        try await global.withAPI { api, console in
            let images = try await api.images()
            let aliases = try await api.aliases()
            try console.show(ImagesAnswer(images: images, aliases: aliases), as: global.output) {
                ImagesView(images, aliases: aliases).lines(on: console.output)
            }
        }
    }
}

private struct ImagesAnswer: Encodable {
    var images: [ImageSummary]
    var aliases: [AliasSummary]
}
