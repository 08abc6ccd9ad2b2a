import FoundryRules
import Testing

@testable import FoundrySimulation

/// That each case has a row, and each row a case, is checked by `script/lint`.
@Suite("The pages on reliability say what the code says; FOUNDRY_WRITE_DOCS=1 writes it")
struct ReliabilityDocsTests {
    @Test("Each promise with its invariants")
    func promises() throws {
        var page = try ReliabilityPage("promises.md")
        page.set(column: 2) { name in
            Promise(rawValue: name).map { $0.invariants.map { "`\($0.rawValue)`" }.joined(separator: ", ") }
        }
        #expect(try page.settle() == [])
    }

    @Test("Each invariant with its sentence")
    func invariants() throws {
        var page = try ReliabilityPage("invariants.md")
        page.set(column: 1) { Invariant(rawValue: $0)?.sentence }
        #expect(try page.settle() == [])
    }

    @Test("Each fault with whom it hits and how long, and its rates")
    func faults() throws {
        var page = try ReliabilityPage("faults.md")
        page.set(column: 2) { name in FaultKind.allCases.first { "\($0)" == name }.map { Self.words($0.shape) } }
        page.set(section: "rates", Self.rates())
        #expect(try page.settle() == [])
    }

    @Test("Each planted bug with the worlds in which it is looked for")
    func plantedBugs() throws {
        var page = try ReliabilityPage("planted-bugs.md")
        page.set(column: 3) { name in
            PlantedBug(rawValue: name).map { BugPlan.templates(for: $0).map(Self.words).joined(separator: "; or ") }
        }
        #expect(try page.settle() == [])
    }

    @Test("Every promise is judged by an invariant, and every invariant stands for a promise")
    func everyInvariantCounts() {
        #expect(Promise.allCases.filter { $0.invariants.isEmpty } == [])
        #expect(Set(Promise.allCases.flatMap(\.invariants)) == Set(Invariant.allCases))
    }

    /// `fast, messageDelayed=30`
    private static func words(_ template: RunRequest) -> String {
        let pace = template.pace?.rawValue ?? "any"
        let profile = template.profile == .calm ? [] : [template.profile.rawValue]
        return ([pace] + profile + template.stress.map(\.description)).joined(separator: ", ")
    }

    private static func words(_ shape: FaultShape) -> String {
        guard shape.isScheduled else { return "a consequence of others" }
        let victim =
            switch shape.victim {
            case .cluster: "the cluster"
            case .cell: "a cell"
            case .machine: "a machine"
            case .server: "a server"
            case .app: "an app"
            }
        guard let duration = shape.duration else { return "\(victim), at once" }
        return "\(victim), \(words(duration.lowerBound)) to \(words(duration.upperBound))"
    }

    private static func words(_ duration: SimulationDuration) -> String {
        let milliseconds = duration.microseconds / 1_000
        if milliseconds < 1_000 { return "\(milliseconds) ms" }
        return milliseconds % 60_000 == 0 ? "\(milliseconds / 60_000) min" : "\(milliseconds / 1_000) s"
    }

    private static func rates() -> [String] {
        let profiles = ProfileName.allCases
        let head = [
            "| | " + profiles.map(\.rawValue).joined(separator: " | ") + " |",
            "|---|" + profiles.map { _ in "---:|" }.joined(),
        ]
        let drawn = profiles.map { FaultProfile($0) }
        return head
            + FaultKind.allCases.filter(\.shape.isScheduled).map { kind in
                "| \(kind) | " + drawn.map { number($0.rate(of: kind)) }.joined(separator: " | ") + " |"
            }
    }

    /// With at most three decimals.
    private static func number(_ rate: Double) -> String {
        let thousandths = Int((rate * 1_000).rounded())
        guard thousandths > 0 else { return "" }
        var fraction = String(String(thousandths % 1_000 + 1_000).dropFirst())
        while fraction.hasSuffix("0") { fraction.removeLast() }
        return "\(thousandths / 1_000)" + (fraction.isEmpty ? "" : ".\(fraction)")
    }
}
