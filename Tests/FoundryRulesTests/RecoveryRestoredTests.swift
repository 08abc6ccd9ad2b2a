import FoundryModel
import FoundryRules
import Testing

@Suite("Why nothing starts after a restore")
struct RecoveryRestoredTests {
    private static func world(_ cluster: ClusterRecord) -> RecoveryWorld {
        var world = RecoveryWorld()
        world.cluster = cluster
        for index in 0...1 { world.cells.append(.init(id: CellID("c\(index)")!)) }
        world.copies.append(.init(index: 0, cell: CellID("c0")!, role: .primary, epoch: Epoch(5)))
        return world
    }

    private static func reasons(
        _ world: RecoveryWorld, timing: SessionTiming? = .normal, _ change: (inout PlatformView) -> Void = { _ in }
    ) -> [WhyLine] {
        var view = world.view
        change(&view)
        let facts = RecoveryFacts(
            view: view, sights: world.facts.sights, reports: world.facts.reports, timing: timing,
            now: RecoveryWorld.now)
        return RecoveryRule.plan(app: world.appRecord, facts: facts).reasons
    }

    @Test("The cells that were not heard are named, five of them")
    func unheard() {
        for (count, names) in [(2, "u1, u2"), (5, "u1, u2, u3, u4, u5"), (6, "u1, u2, u3, u4, u5, ...")] {
            let unheard = Set((1...count).map { CellID("u\($0)")! })
            let lines = Self.reasons(Self.world(ClusterRecord(generation: 1, unheard: unheard)))
            #expect(
                lines == [
                    WhyLine(
                        subject: "volume demo/0",
                        text:
                            "the store was restored, and not every cell has said yet what lies on it (\(names)); what runs goes on",
                        hint: "foundry fence confirm u1, if it will not come back: what only it has is left behind")
                ])
        }
    }

    @Test("A platform of one machine waits for itself: there is nothing to be done")
    func alone() {
        let lines = Self.reasons(Self.world(ClusterRecord(generation: 1, unheard: [CellID("u1")!])), timing: nil)
        #expect(lines.count == 1 && lines[0].hint == nil)
    }

    @Test("A lost holder is not followed by an older copy while a later one may turn up")
    func lost() {
        var world = Self.world(ClusterRecord(generation: 1, unheard: [CellID("u1")!]))
        world.policy = .available
        world.cells[0].sight = .expired(FenceID("f")!)
        world.copies.append(.init(index: 1, cell: CellID("c1")!, epoch: Epoch(5), follows: Epoch(5)))
        world.fences.append(
            FenceRecord(
                id: FenceID("f")!, cell: CellID("c0")!, incarnation: IncarnationID("i1")!, cause: .silence,
                createdAt: Samples.start, createdBy: "controller"))
        let plan = RecoveryRule.plan(app: world.appRecord, facts: world.facts)
        #expect(plan.steps.isEmpty)
        #expect(plan.reasons.contains { $0.text.contains("not every cell has said yet") })
        world.cluster = ClusterRecord(generation: 1)
        #expect(RecoveryRule.plan(app: world.appRecord, facts: world.facts).steps.count == 1)
    }

    @Test("A later copy elsewhere is a person's to decide on")
    func overtaken() {
        let id = VolumeID("later")!
        let label = VolumeLabel(
            volume: id, lineage: LineageID("line")!, branch: 1, epoch: Epoch(6), role: .holder, sealed: true,
            machineID: "machine", size: .megabytes(100))
        let status = VolumeStatus(id: id, label: label, mounted: false, refusal: nil, used: nil)
        let restored = Self.reasons(Self.world(ClusterRecord(generation: 1))) {
            $0.put(.volumeStatus(status), revision: 20)
        }
        #expect(restored.map(\.hint) == ["foundry volumes"])
        #expect(restored.first?.text.contains("another copy was written to later than this one") == true)
        let never = Self.reasons(Self.world(ClusterRecord())) { $0.put(.volumeStatus(status), revision: 20) }
        #expect(never.isEmpty, "no store was restored")
        #expect(Self.reasons(Self.world(ClusterRecord(generation: 1))).isEmpty)
    }
}
