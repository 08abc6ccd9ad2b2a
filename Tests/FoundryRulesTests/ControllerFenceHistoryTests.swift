import FoundryModel
import FoundryRules
import Testing

@Suite("Fences that are over")
struct ControllerFenceHistoryTests {
    private static func lifted(
        _ number: Int, _ cell: CellID, _ bench: ClusterBench, evidence: [FenceEvidence] = []
    ) -> FenceRecord {
        FenceRecord(
            id: FenceID("lifted\(number)")!, cell: cell, incarnation: bench.incarnation(cell), cause: .silence,
            state: .lifted(at: bench.moment.wall), createdAt: bench.moment.wall + Int64(number),
            createdBy: "controller",
            evidence: evidence)
    }

    @Test("The oldest of more than a hundred go")
    func pruned() {
        var bench = ClusterBench()
        let cell = ClusterBench.cell(1)
        bench.mustWrite((0..<130).map { .put(.fence(Self.lifted($0, cell, bench)), expects: .absent) })
        _ = bench.push("db")
        bench.pass(3_000)
        #expect(bench.view.fences.count == 100)
        #expect(bench.view.fences[FenceID("lifted29")!] == nil && bench.view.fences[FenceID("lifted30")!] != nil)
    }

    /// A volume that runs, of which the next epoch is about to be recorded; its cell hears nothing of that.
    private static func untaken() throws -> (ClusterBench, held: Revised<VolumeRecord>, granted: VolumeRecord) {
        var bench = ClusterBench()
        let app = bench.push("db")
        bench.pass(3_000)
        let id = try #require(bench.view.primary(of: app)?.volume)
        let held = try #require(bench.view.volumes[id])
        bench.deaf.insert(held.value.cell)
        var granted = held.value
        granted.sealedAt = granted.epoch
        granted.epoch = granted.epoch.next(in: 0)
        return (bench, held, granted)
    }

    @Test("What a cell promised away before it began is granted anew; without a promise it may still begin")
    func promisedAway() throws {
        for isPromised in [true, false] {
            let (start, held, granted) = try Self.untaken()
            let id = granted.id
            var bench = start
            let word = FenceEvidence.word(promises: [VolumePromise(volume: id, epoch: granted.epoch)])
            bench.mustWrite([
                .put(.volume(granted), expects: .revision(held.revision)),
                .put(
                    .fence(Self.lifted(1, granted.cell, bench, evidence: isPromised ? [word] : [])), expects: .absent),
            ])
            bench.pass(500)
            let after = bench.view.volumes[id]?.value.epoch
            #expect(isPromised ? (after ?? .none) > granted.epoch : after == granted.epoch)
        }
    }

    @Test("So is what its cell promised for a fence that was lifted before that was recorded; not while one is open")
    func promisedUnrecorded() throws {
        for isOpen in [false, true] {
            let (start, held, granted) = try Self.untaken()
            let id = granted.id
            var bench = start
            bench.promised[id] = granted.epoch
            var fence = Self.lifted(1, granted.cell, bench, evidence: [])
            fence.cause = .asked
            if isOpen { fence.state = .open }
            bench.mustWrite([
                .put(.volume(granted), expects: .revision(held.revision)), .put(.fence(fence), expects: .absent),
            ])
            bench.pass(500)
            let after = bench.view.volumes[id]?.value.epoch
            #expect(isOpen ? after == granted.epoch : (after ?? .none) > granted.epoch)
        }
    }
}
