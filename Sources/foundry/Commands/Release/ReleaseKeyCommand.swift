import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryReleases

struct ReleaseKeyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key", abstract: "Show the public part of the key that you sign releases with.",
        discussion: """
            foundry release key

            Give the fingerprint to those who shall trust your releases. The first `foundry release pack` makes the key.
            """)

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    private struct Answer: Encodable {
        var fingerprint: String
        var publicKey: String
        var file: String

        enum CodingKeys: String, CodingKey {
            case fingerprint
            case publicKey = "public_key"
            case file
        }
    }

    func run() async throws {
        guard let key = try ReleaseKey.read(ReleaseHome.key) else {
            throw FoundryError(
                .notFound, "You have no key to sign releases with yet.", hint: "foundry release pack DIRECTORY")
        }
        let answer = Answer(fingerprint: key.fingerprint, publicKey: key.publicKey, file: ReleaseHome.key)
        try Console().show(answer, as: output) {
            ["fingerprint  \(answer.fingerprint)", "public key   \(answer.publicKey)", "file         \(answer.file)"]
        }
    }
}
