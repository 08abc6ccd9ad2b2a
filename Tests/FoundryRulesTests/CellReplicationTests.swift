import FoundryModel
import FoundryRules
import Testing

@Suite("What a member's engine says of its replication")
struct CellReplicationTests {
    private static let said = ReplicationReport.replica(epoch: Epoch(1), position: 7, hasAll: false)

    private static func says(_ pid: Int32, _ report: ReplicationReport?) -> CellEvent {
        .replicates(CellBench.member, pid: pid, report)
    }

    @Test("It is reported at once, and until the engine says nothing any more")
    func told() {
        var bench = CellBench.serving()
        let before = bench.machine.changes
        bench.tell(Self.says(101, Self.said))
        #expect(bench.status?.replication == Self.said)
        #expect(bench.machine.changes > before, "there is something new to report")
        bench.tell(Self.says(101, nil))
        #expect(bench.status?.replication == nil)
    }

    @Test("With the process its word is gone: the next one may follow another holder")
    func ended() {
        var bench = CellBench.serving()
        bench.tell(Self.says(101, Self.said))
        bench.isHolding = true
        bench.end()
        #expect(bench.status?.replication == nil)
        bench.isHolding = false
        var next = CellBench.serving()
        next.tell(Self.says(101, Self.said))
        next.end()
        next.tick(next.now + 1_000)
        #expect(next.isRunning && next.status?.replication == nil)
    }

    @Test("What another process says than the one that runs is rejected")
    func late() {
        var bench = CellBench.serving()
        let rejection = CellRejection.notRunning(CellBench.member)
        #expect(bench.rejection(Self.says(100, Self.said)) == rejection)
        #expect(
            bench.rejection(.replicates(MemberID("other")!, pid: 101, Self.said)) == .notRunning(MemberID("other")!))
        bench.isHolding = true
        bench.end()
        #expect(bench.rejection(Self.says(101, Self.said)) == rejection)
        #expect(bench.status?.replication == nil)
    }
}
