import FoundryModel
import FoundryRules
import Testing

@Suite("How a cell takes snapshots")
struct CellSnapshotTests {
    private static let id = SnapshotID("snap")!

    private static func order(
        _ purpose: SnapshotPurpose, _ id: SnapshotID = id, volume: VolumeID = CellBench.volume
    ) -> SnapshotOrder {
        SnapshotOrder(id: id, volume: volume, lineage: LineageID("lineage-v1")!, purpose: purpose)
    }

    private static func orders(
        _ revision: Int64, _ snapshots: [SnapshotOrder], run: Bool = true, disk: ByteCount = .megabytes(100)
    ) -> CellEvent {
        var orders = CellBench.orders(revision, run: run)
        orders.snapshots = snapshots
        orders.volumes[0].size = disk
        orders.members[0].spec.disk?.size = disk
        return .orders(orders)
    }

    @Test("Taken once, told with its label, kept by a new process, and deleted by order only")
    func life() {
        var bench = CellBench.serving()
        let effects = bench.tell(Self.orders(3, [Self.order(.take)]))
        #expect(effects == [.takeSnapshot(Self.order(.take))])
        #expect(effects[0].subject == "snap" && effects[0].name == .snapshotTake)
        #expect(bench.report?.snapshots?.first?.label?.pauseMilliseconds == 40)
        #expect(bench.tell(Self.orders(4, [Self.order(.take)])) == [], "it is there")
        bench.begin()
        #expect(bench.tell(Self.orders(5, [Self.order(.keep)])) == [])
        bench.probe(true)
        #expect(bench.tell(Self.orders(6, [])) == [], "what no order names stays")
        #expect(bench.report?.snapshots?.map(\.id) == [Self.id])
        let removal = bench.tell(Self.orders(7, [Self.order(.delete)]))
        #expect(removal == [.deleteSnapshot(Self.id)] && removal[0].subject == "snap")
        #expect(bench.report?.snapshots == [] && bench.world.snapshots.isEmpty && bench.world.violations == [])
        #expect(bench.tell(Self.orders(8, [Self.order(.delete)])) == [])
    }

    @Test("While one is taken nothing is done to its volume, and the other way round; the rest goes on")
    func rests() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let take = bench.tell(Self.orders(3, [Self.order(.take)]))[0]
        #expect(bench.report?.snapshots == [SnapshotStatus(id: Self.id, label: nil)], "on its way")
        #expect(bench.tell(Self.orders(4, [Self.order(.take)], disk: .megabytes(200))) == [], "it grows later")
        let grow = bench.finish(take)
        #expect(grow.map(\.name) == [.volumeGrow])
        let second = SnapshotID("second")!
        let both = [Self.order(.keep), Self.order(.take, second)]
        #expect(bench.tell(Self.orders(5, both, disk: .megabytes(200))) == [], "taken later")
        #expect(bench.finish(grow[0]) == [.takeSnapshot(Self.order(.take, second))])
    }

    @Test("Of one volume one is taken at a time; what is planned for the volume in the same moment goes first")
    func oneAtATime() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let second = SnapshotID("two")!
        let both = [Self.order(.take), Self.order(.take, second)]
        let first = bench.tell(Self.orders(3, both))
        #expect(first == [.takeSnapshot(Self.order(.take))])
        #expect(bench.finish(first[0]) == [.takeSnapshot(Self.order(.take, second))])
        var other = CellBench.serving()
        other.isHolding = true
        let effects = other.tell(Self.orders(3, both, disk: .megabytes(200)))
        #expect(effects.map(\.name) == [.volumeGrow])
    }

    @Test("One whose order is gone while it is taken is still told: its record must not go before it")
    func orderGone() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let take = bench.tell(Self.orders(3, [Self.order(.take)]))[0]
        _ = bench.tell(Self.orders(4, []))
        #expect(bench.report?.snapshots == [SnapshotStatus(id: Self.id, label: nil)])
        _ = bench.finish(take)
        #expect(bench.report?.snapshots?.first?.label != nil)
    }

    @Test("Removed while it is taken, it is deleted when it is there")
    func removedMeanwhile() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let take = bench.tell(Self.orders(3, [Self.order(.take)]))[0]
        #expect(bench.tell(Self.orders(4, [Self.order(.delete)])) == [])
        #expect(bench.finish(take) == [.deleteSnapshot(Self.id)])
    }

    @Test("What cannot be done is told with the snapshot, not with the member, and tried again")
    func failing() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let take = bench.tell(Self.orders(3, [Self.order(.take)]))[0]
        _ = bench.fail(take)
        #expect(bench.report?.snapshots?.first?.problem?.code == .commandFailed)
        #expect(bench.status?.problem == nil && bench.status?.phase == .healthy)
        bench.isHolding = false
        #expect(bench.tick(1_000).map(\.name) == [.snapshotTake] && bench.report?.snapshots?.first?.problem == nil)
    }

    @Test("What failed and shall not be any more is told no more")
    func failedAndRemoved() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let take = bench.tell(Self.orders(3, [Self.order(.take)]))[0]
        _ = bench.fail(take)
        #expect(bench.report?.snapshots?.count == 1)
        _ = bench.tell(Self.orders(4, [Self.order(.delete)]))
        #expect(
            bench.report?.snapshots == []
                && bench.machine.nextWake(now: bench.moment).map { $0 > bench.moment.monotonic } != false)
        var other = CellBench.serving()
        other.isHolding = true
        let late = other.tell(Self.orders(3, [Self.order(.take)]))[0]
        _ = other.tell(Self.orders(4, [Self.order(.delete)]))
        _ = other.fail(late)
        #expect(other.report?.snapshots == [], "it failed after it was removed")
    }

    @Test("One that is not the one that is meant is not deleted, and told")
    func foreign() {
        var bench = CellBench.serving()
        _ = bench.tell(Self.orders(3, [Self.order(.take)]))
        let other = Self.order(.delete, volume: VolumeID("v2")!)
        #expect(bench.tell(Self.orders(4, [other])) == [])
        #expect(bench.report?.snapshots?.first?.problem?.code == .snapshotForeign)
        #expect(bench.world.snapshots.count == 1)
    }

    @Test("A disk at rest is taken as it lies; nothing is taken while the platform goes down, or by a copy of a cell")
    func atRest() {
        var bench = CellBench.serving()
        _ = bench.orders(3, run: false)
        bench.end()
        _ = bench.tell(Self.orders(4, [Self.order(.take)], run: false))
        #expect(bench.report?.snapshots?.first?.label?.source.sealed == true)
        #expect(bench.report?.snapshots?.first?.label?.pauseMilliseconds == nil)
        _ = bench.tell(.drain)
        #expect(bench.tell(Self.orders(5, [Self.order(.delete)], run: false)) == [])
        var copy = CellBench.serving()
        copy.world.homeMachineID = "another machine"
        copy.begin()
        #expect(!copy.tell(Self.orders(3, [Self.order(.take)])).contains { $0.name == .snapshotTake })
    }
}
