import FoundryModel
import FoundryRules
import Testing

@Suite("What a controller counts, and from when")
struct ControllerClockTests {
    /// When the cell is expired, when nothing is heard of the store from second to second but for one gap.
    private static func expired(after gap: Int64, _ timing: SessionTiming) -> Int64? {
        var bench = ClusterBench(cells: 1, timing: timing)
        bench.living = []
        bench.now = gap
        bench.tell(.tick)
        bench.tell(.caughtUp)
        while bench.now < 2 * timing.expiryMilliseconds + gap {
            bench.now += 500
            bench.tell(.caughtUp)
            bench.tell(.tick)
            if bench.names.contains(.sessionExpire) { return bench.now }
        }
        return nil
    }

    @Test(
        "While it heard nothing of the store for 3 s, or 3 R, no silence of a cell counts",
        arguments: [(SessionTiming.normal, 3_000), (.fast, 3_000), (.calm, 9_000)] as [(SessionTiming, Int64)])
    func news(timing: SessionTiming, limit: Int64) throws {
        let before = try #require(Self.expired(after: limit - 1, timing))
        #expect((timing.expiryMilliseconds..<timing.expiryMilliseconds + 500).contains(before))
        #expect(Self.expired(after: limit, timing) == timing.expiryMilliseconds + limit)
    }

    private static func release(_ bench: inout ClusterBench) throws {
        var cluster = try #require(bench.view.cluster)
        #expect(cluster.value.brake != nil)
        cluster.value.brake = nil
        bench.mustWrite([.put(.cluster(cluster.value), expects: .revision(cluster.revision))])
    }

    private static func lose(_ cells: ClosedRange<Int>, _ bench: inout ClusterBench) {
        bench.living.subtract(cells.map(ClusterBench.cell))
        bench.pass(SessionTiming.normal.expiryMilliseconds + 1_000)
    }

    private static func expiries(_ bench: ClusterBench) -> Int { bench.names.count { $0 == .sessionExpire } }

    @Test("When the brake is released, those that are silent then are fenced; others engage it anew")
    func waived() throws {
        var bench = ClusterBench(cells: 7)
        Self.lose(1...3, &bench)
        #expect(Self.expiries(bench) == 0)
        try Self.release(&bench)
        bench.pass(1_000)
        #expect(Self.expiries(bench) == 3 && bench.view.switches.brake == nil)
        Self.lose(4...5, &bench)
        #expect(bench.view.switches.brake?.cells == [4, 5].map(ClusterBench.cell))
        #expect(Self.expiries(bench) == 3)
    }

    @Test("A cell that was silent then, and came back, engages it when it falls silent again")
    func cameBack() throws {
        var bench = ClusterBench(cells: 5)
        Self.lose(1...2, &bench)
        try Self.release(&bench)
        bench.pass(1_000)
        #expect(Self.expiries(bench) == 2)
        bench.living = Set((1...5).map(ClusterBench.cell))
        bench.pass(2_000)
        #expect(bench.view.sessions.values.allSatisfy { $0.value.state == .alive })
        Self.lose(1...2, &bench)
        #expect(bench.view.switches.brake?.cells == [1, 2].map(ClusterBench.cell))
        #expect(Self.expiries(bench) == 2)
    }

    @Test("A change-over that does not end is given up after 30 s, and tried again after 5 min")
    func standDown() throws {
        var bench = ClusterBench()
        let app = bench.push("db") { $0.recovery = RecoverySpec(replicas: 1) }
        bench.pass(3_000)
        let primary = try #require(bench.view.primary(of: app))
        bench.deaf.insert(primary.cell)
        var record = try #require(bench.view.cells[primary.cell])
        record.value.duty = .drained
        bench.mustWrite([.put(.cell(record.value), expects: .revision(record.revision))])
        let begun = bench.now
        func stands() -> Bool? { bench.view.members[primary.id]?.value.standsDown }
        #expect(stands() == true)
        bench.pass(29_500)
        #expect(stands() == true)
        bench.pass(500)
        #expect(stands() == false)
        bench.pass(begun + 299_500 - bench.now)
        #expect(stands() == false)
        bench.pass(500)
        #expect(stands() == true)
        bench.deaf = []
        bench.pass(3_000)
        #expect(bench.names.contains(.memberChangeOver))
    }
}
