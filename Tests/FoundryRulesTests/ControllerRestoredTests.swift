import FoundryModel
import FoundryRules
import Testing

@Suite("A controller after a restore")
struct ControllerRestoredTests {
    private static let gone = CellID("c9")!
    private static let life = IncarnationID("life-c9")!

    /// A cell that has not been heard since the store was restored, and does not come back.
    private static func restored() -> ClusterBench {
        var bench = ClusterBench()
        let cell = CellRecord(
            id: gone, zone: "default", capacity: Samples.capacity, machineID: "m9", bootID: "b9", incarnation: life)
        bench.mustWrite([
            .put(.cell(cell), expects: .absent),
            .put(.cluster(ClusterRecord(generation: 1, unheard: [gone])), expects: .absent),
        ])
        return bench
    }

    private static func fence(_ evidence: [FenceEvidence], _ state: FenceState = .open) -> FenceRecord {
        FenceRecord(
            id: FenceID("f9")!, cell: gone, incarnation: life, cause: .asked, state: state, createdAt: Samples.start,
            createdBy: "operator", evidence: evidence)
    }

    @Test(
        "A cell that says nothing is waited for until a person says that it is off: power knows nothing of what lies on it"
    )
    func heard() {
        let expiry = FenceEvidence.expiry(session: SessionID("s")!, sequence: 1, guards: .none, isPausable: false)
        let word = FenceEvidence.word(promises: [VolumePromise(volume: VolumeID("v")!, epoch: Epoch(1))])
        let cases: [([FenceEvidence], FenceState, Bool)] = [
            ([], .open, false), ([expiry], .open, false), ([word], .open, false), ([.power(level: 0)], .open, false),
            ([expiry, .person("operator")], .open, true), ([.person("operator")], .lifted(at: Samples.start), false),
        ]
        for (evidence, state, isHeard) in cases {
            var bench = Self.restored()
            bench.mustWrite([.put(.fence(Self.fence(evidence, state)), expects: .absent)])
            bench.pass(1_000)
            #expect(bench.view.switches.unheard.isEmpty == isHeard, "\(evidence) \(state)")
        }
    }

    @Test("Evidence against one cell says nothing of another")
    func another() {
        var bench = Self.restored()
        var fence = Self.fence([.person("operator")])
        fence.cell = ClusterBench.cell(1)
        bench.mustWrite([.put(.fence(fence), expects: .absent)])
        bench.pass(1_000)
        #expect(bench.view.switches.unheard == [Self.gone])
    }

    @Test("Nothing is granted before every cell was heard; then under an epoch of the new generation")
    func grants() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let volume = try #require(bench.view.primary(of: app)?.volume)
        func turn(_ desired: DesiredState) throws {
            var record = try #require(bench.view.apps[app])
            record.value.desired = desired
            bench.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
            bench.pass(2_000)
        }
        try turn(.stopped)
        #expect(bench.view.volumes[volume]?.value.phase == .sealed)
        bench.mustWrite([.put(.cluster(ClusterRecord(generation: 1, unheard: [Self.gone])), expects: .absent)])
        try turn(.started)
        #expect(bench.view.volumes[volume]?.value.phase == .sealed)
        let revision = try #require(bench.view.cluster?.revision)
        bench.mustWrite([.put(.cluster(ClusterRecord(generation: 1)), expects: .revision(revision))])
        bench.pass(1_000)
        let record = try #require(bench.view.volumes[volume]?.value)
        #expect(record.epoch > .first(of: 1))
        guard case .held = record.phase else { return #expect(Bool(false), "\(record.phase)") }
    }

    @Test("Two fences against one cell are both led on: the one of its present life, and the one of the life before")
    func twoFences() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        var ids: [FenceID] = []
        for (id, incarnation) in [("f1", bench.incarnation(member.cell)), ("f2", IncarnationID("life-before")!)] {
            let fence = FenceRecord(
                id: FenceID(id)!, cell: member.cell, incarnation: incarnation, cause: .asked, createdAt: Samples.start,
                createdBy: "operator")
            ids.append(fence.id)
            bench.mustWrite([.put(.fence(fence), expects: .absent)])
        }
        bench.pass(1_000)
        #expect(bench.view.fences[ids[0]]?.value.evidence.count == 1, "its own word")
        #expect(bench.view.fences[ids[1]]?.value.evidence.isEmpty == true, "it says nothing of another life")
    }
}
