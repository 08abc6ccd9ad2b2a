import ArgumentParser
import FoundryCommandLine
import FoundryModel

struct StoreBackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write the platform's records to a file.",
        discussion: """
            foundry store backup /mnt/backup/foundry-store-$(date +%F)

            While the platform runs, or while it is down. The file is whole and on the disk when the command ends, and only its owner may read it: apps'
            variables are in it. Its first line says what it is of. `foundry store check FILE` looks whether it is good.
            """)

    @Argument(help: "Where it goes; nothing may be there yet.", completion: .file())
    var file: String

    @Flag(help: "Replace what is there.")
    var force = false

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try DataOptions.requireRoot()
        let work = StoreBackupWork(paths: try place.paths(), configuration: try place.configuration())
        let answer = try await work.run(file: file, force: force)
        try Console().show(answer, as: output) {
            [
                "\(answer.file) has the records of \(answer.takenAt), revision \(answer.revision), \(ByteCount(bytes: answer.bytes)).",
                "Keep it on another machine: it is read by its owner only, for apps' variables are in it.",
            ]
        }
    }
}
