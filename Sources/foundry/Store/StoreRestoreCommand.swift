import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryServer
import FoundrySupervisor

struct StoreRestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Put a backup of the records in place of those that there are.",
        discussion: """
            foundry down
            foundry store restore /mnt/backup/foundry-store
            foundry up

            While the platform is down. The present records are kept beside the new ones. Disks are not touched: what was written to them stays, and the
            records come to follow what the disks say of themselves. Disks that were made after the backup are left as they are; `foundry doctor` tells them.

            --present takes the present records once more: for records that are older than their disks because they were copied back by hand, or because
            their last changes were lost.
            """)

    @Argument(help: "A backup, or a store's own file.", completion: .file())
    var file: String?

    @Flag(help: "Of the present records.")
    var present = false

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func validate() throws {
        guard (file == nil) == present else { throw ValidationError("Name a file, or --present.") }
    }

    func run() async throws {
        try DataOptions.requireRoot()
        let paths = try place.paths()
        let source = file.map(AbsolutePath.of) ?? paths.store
        guard AbsolutePath.isThere(source) else {
            throw FoundryError(.notFound, "\(source) is not there.", hint: "foundry store backup FILE makes one")
        }
        let restored = try await Shutdown.whileDown(paths) { () async throws(FoundryError) in
            try await StoreCare(paths).restore(source)
        }
        try Console().show(restored, as: output) { StoreRestoredView(restored).lines }
    }
}

/// What a restore did, and what comes next.
struct StoreRestoredView {
    private let restored: StoreCare.Restored

    init(_ restored: StoreCare.Restored) { self.restored = restored }

    var lines: [String] {
        let taken = restored.takenAt.map { " of \($0)" } ?? ""
        var lines = [
            "The records\(taken) are in place, with \(restored.apps == 1 ? "1 app" : "\(restored.apps) apps"), as generation \(restored.generation)."
        ]
        if let kept = restored.kept { lines.append("Those that were there are kept in \(kept).") }
        if !restored.unreadable.isEmpty {
            lines.append(
                "These cannot be read, and were restored as they are: \(restored.unreadable.joined(separator: ", "))")
        }
        return lines + ["`foundry up` goes on with them. `foundry doctor` then tells what they do not know of."]
    }
}
