import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("The brake, over time")
struct ControllerBrakeTests {
    private static let expiry = SessionTiming.normal.expiryMilliseconds

    private static func lose(_ index: Int, _ bench: inout ClusterBench) {
        bench.living.remove(ClusterBench.cell(index))
        bench.pass(expiry + 1_000)
    }

    @Test("A second cell that is lost within 3 T of the first engages it; the first alone does not")
    func together() throws {
        var bench = ClusterBench(cells: 5)
        Self.lose(1, &bench)
        #expect(bench.names.filter { $0 == .sessionExpire }.count == 1)
        Self.lose(2, &bench)
        #expect(bench.names.contains(.clusterBrake))
        #expect(bench.names.filter { $0 == .sessionExpire }.count == 1)
        #expect(bench.view.switches.brake?.cells == [1, 2].map(ClusterBench.cell))
    }

    @Test("A cell that is lost for longer is no part of the sum")
    func apart() {
        var bench = ClusterBench(cells: 5)
        Self.lose(1, &bench)
        bench.pass(3 * Self.expiry)
        Self.lose(2, &bench)
        #expect(bench.names.filter { $0 == .sessionExpire }.count == 2)
        #expect(!bench.names.contains(.clusterBrake))
    }

    @Test("One that was silent when it was released, and renewed since, counts again")
    func released() throws {
        var bench = ClusterBench(cells: 5)
        Self.lose(1, &bench)
        bench.living.remove(ClusterBench.cell(3))
        bench.pass(1_000)
        Self.lose(2, &bench)
        #expect(bench.view.switches.brake != nil)
        bench.living.insert(ClusterBench.cell(3))
        bench.pass(2_000)
        bench.living.remove(ClusterBench.cell(3))
        bench.pass(2_500)
        var random = Seeded(3)
        bench.mustWrite(OperatorVerbs.releaseBrake(view: bench.view, now: bench.moment.wall, using: &random).writes)
        // It renews, and says nothing else.
        for _ in 0..<80 {
            let session = try #require(bench.view.sessions[ClusterBench.cell(3)])
            var next = session.value
            next.sequence += 1
            bench.mustWrite([.put(.session(next), expects: .revision(session.revision))])
            bench.pass(500)
        }
        let before = bench.names.filter { $0 == .sessionExpire }.count
        #expect(before == 2, "those that it had held back")
        bench.living.remove(ClusterBench.cell(4))
        bench.pass(Self.expiry + 1_000)
        #expect(bench.view.switches.brake?.cells == [3, 4].map(ClusterBench.cell))
        #expect(bench.names.filter { $0 == .sessionExpire }.count == before + 1, "the first of the two, alone")
    }

    @Test("It changes nothing else of the cluster's record, and only the one that it was decided on")
    func record() throws {
        var bench = ClusterBench(cells: 3)
        let before = ClusterRecord(generation: 4)
        bench.mustWrite([.put(.cluster(before), expects: .absent)])
        let revision = try #require(bench.view.cluster?.revision)
        bench.living = [ClusterBench.cell(3)]
        bench.pass(Self.expiry + 1_000)
        let effect = try #require(bench.done.first { $0.name == .clusterBrake })
        var after = before
        after.brake = bench.view.switches.brake
        #expect(after.brake != nil)
        #expect(effect.writes.first == .put(.cluster(after), expects: .revision(revision)))
    }
}
