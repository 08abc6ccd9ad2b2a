import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundryServer
import FoundrySupervisor

struct StoreCheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Look whether the platform's records, or a backup of them, are sound.",
        discussion: """
            foundry store check
            foundry store check /mnt/backup/foundry-store

            While the platform runs, or while it is down; nothing is changed. Ends with 0 when all is sound, with 1 when something is not.
            """)

    /// Something is not sound.
    private static let unsound: Int32 = 1

    @Argument(
        help: "A backup, or a store's own file that nobody uses; the platform's store if left out.", completion: .file()
    )
    var file: String?

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try DataOptions.requireRoot()
        let paths = try place.paths()
        if let file, !AbsolutePath.isThere(AbsolutePath.of(file)) {
            throw FoundryError(.notFound, "\(file) is not there.", hint: "foundry store backup FILE makes one")
        }
        let console = Console()
        let found: StoreCare.Found
        do throws(FoundryError) { found = try StoreCare(paths).check(file.map(AbsolutePath.of)) } catch {
            // What cannot be opened at all is not sound either.
            guard [.storeUnavailable, .backupInvalid].contains(error.code) else { throw error }
            ErrorReport(error).show(on: console, as: output)
            throw ExitCode(Self.unsound)
        }
        try console.show(found, as: output) { StoreFoundView(found).lines(on: console.output) }
        if !found.isSound { throw ExitCode(Self.unsound) }
    }
}

/// What a look at a store found.
struct StoreFoundView {
    private let found: StoreCare.Found

    init(_ found: StoreCare.Found) { self.found = found }

    func lines(on terminal: Terminal) -> [String] {
        let taken = found.takenAt.map { ", taken at \($0)" } ?? ""
        let verdict =
            found.isSound
            ? TextStyle.good.applied(to: "It is sound.", on: terminal)
            : TextStyle.bad.applied(to: "It is not sound.", on: terminal)
        let what =
            "\(found.file)\(taken): revision \(found.revision), generation \(found.generation), \(found.records) records, \(found.apps == 1 ? "1 app" : "\(found.apps) apps")."
        return [what] + problems.map { TextStyle.warning.applied(to: "! \($0)", on: terminal) } + [verdict]
    }

    private var problems: [String] {
        (found.isOurs == false ? ["it is of another installation"] : []) + found.damage.map { "damaged: \($0)" }
            + found.unreadable.map { "cannot be read: \($0)" } + found.flaws.map { "\($0.key) \($0.text)" }
    }
}
