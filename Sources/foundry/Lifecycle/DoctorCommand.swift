import ArgumentParser
import FoundryCommandLine
import FoundryEffects
import FoundryModel
import FoundrySupervisor

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what this machine can and cannot do for the platform.",
        discussion: """
            Some things are tried for real, and cleaned up. Ends with 6 only when something is missing that the platform cannot do without.

            foundry doctor
            """)

    @OptionGroup var place: DataOptions

    @Option(name: [.short, .long], help: "How to answer: table for people, json for programs.")
    var output: OutputFormat = .table

    private struct Answer: Codable {
        var isFit: Bool
        var findings: [Finding]
    }

    func run() async throws {
        ProgramPath.adopt()
        let console = Console()
        let directory = place.directory
        let findings = try await Progress.show(on: console, isSilent: output == .json) { progress in
            await progress.begin("doctor", "looking at this machine")
            return await MachineChecks.all(data: directory) + StoreFindings.of(directory)
        }
        let isFit = !findings.contains(where: \.isFatal)
        try console.show(Answer(isFit: isFit, findings: findings), as: output) {
            FindingsView(findings).lines(on: console.output)
        }
        if !isFit { throw ExitCode(ErrorCode.machineUnfit.surface.exitCode) }
    }
}

/// What doctor found, as a table, and what to do about it.
struct FindingsView {
    private let findings: [Finding]

    init(_ findings: [Finding]) { self.findings = findings }

    func lines(on terminal: Terminal) -> [String] {
        var table = Table([
            .init("check"), .init("state"), .init("found", isFlexible: true), .init("consequence", isFlexible: true),
        ])
        for finding in findings {
            table.add([
                .init(finding.check), .init(finding.state.rawValue, style(finding)), .init(finding.found),
                .init(finding.consequence ?? ""),
            ])
        }
        return table.lines(on: terminal) + verdict(terminal)
    }

    private func verdict(_ terminal: Terminal) -> [String] {
        let fatal = findings.filter(\.isFatal)
        guard !fatal.isEmpty else {
            return ["", TextStyle.good.applied(to: "This machine can run Service Foundry.", on: terminal)]
        }
        return ["", TextStyle.bad.applied(to: "This machine cannot run Service Foundry yet.", on: terminal)]
            + fatal.map { "  \($0.check): \($0.remedy ?? $0.found)" }
    }

    private func style(_ finding: Finding) -> TextStyle {
        switch finding.state {
        case .ok: .good
        case .degraded: .warning
        case .missing: finding.isNecessary ? .bad : .warning
        }
    }
}
