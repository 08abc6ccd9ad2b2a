import ArgumentParser
import FoundryCommandLine
import FoundryModel
import FoundrySupervisor

struct ResetCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset", abstract: "Remove the platform from this machine, with all its data.",
        discussion: """
            Members are killed, volumes deleted. Without --yes it only says what it would remove.

            foundry reset --yes
            """)

    @OptionGroup var place: DataOptions

    @Flag(help: "Really.")
    var yes = false

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    func run() async throws {
        try DataOptions.requireRoot()
        let plan = try ResetPlan.make(data: place.directory)
        let console = Console()
        guard yes else {
            console.note("This would be removed, for good:")
            for sentence in plan.sentences { console.note("  \(sentence)") }
            throw FoundryError(
                .usage, "Nothing was removed.",
                hint: "foundry reset --yes\(place.data == UpOptions.usualData ? "" : " --data \(place.data)")")
        }
        try await Progress.show(on: console, isSilent: output == .json) { progress in
            try await Reset(plan).run { await progress.begin("reset", $0) }
        }
        try console.show(["removed": place.directory], as: output) { lines(plan) }
    }

    private func lines(_ plan: ResetPlan) -> [String] {
        var lines = ["Everything of \(plan.instance ?? "it") is removed."]
        if let problem = plan.problem { lines.append("\(problem) What lay elsewhere is not known and is still there.") }
        if !plan.others.isEmpty {
            lines.append("Left in \(plan.data), because not ours: \(plan.others.joined(separator: ", "))")
        }
        return lines
    }
}
