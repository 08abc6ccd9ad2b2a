import FoundryModel
import FoundryRules
import Testing

@Suite("How a cell makes volumes")
struct CellMakingTests {
    private static let snapshot = SnapshotID("snap")!
    private static let copy = VolumeID("v2")!

    private static func orders(
        _ revision: Int64, _ purpose: VolumePurpose?, snapshot: SnapshotPurpose = .keep, run: Bool = true
    ) -> CellEvent {
        var orders = CellBench.orders(revision, run: run)
        orders.snapshots = [
            SnapshotOrder(
                id: Self.snapshot, volume: CellBench.volume, lineage: LineageID("lineage-v1")!, purpose: snapshot)
        ]
        if let purpose {
            orders.volumes.append(
                VolumeOrder(
                    id: copy, lineage: LineageID("lineage-v2")!, branch: 1, epoch: .none, size: .megabytes(100),
                    directories: [], purpose: purpose))
        }
        return .orders(orders)
    }

    private static func bench() -> CellBench {
        var bench = CellBench.serving()
        _ = bench.tell(orders(3, nil, snapshot: .take))
        return bench
    }

    private static func status(_ bench: CellBench) -> VolumeStatus? {
        bench.report?.volumes.first { $0.id == copy }
    }

    @Test("Made once, with labels of its own, while its source goes on; then it is used like any other")
    func life() {
        var bench = Self.bench()
        let effects = bench.tell(Self.orders(4, .make(from: Self.snapshot)))
        #expect(effects.map(\.name) == [.volumeClone] && effects[0].subject == "v2")
        let label = Self.status(bench)?.label
        #expect(label?.volume == Self.copy && label?.epoch == Epoch.none && label?.sealed == true)
        #expect(bench.tell(Self.orders(5, .make(from: Self.snapshot))) == [], "it is there")
        #expect(bench.tell(Self.orders(6, .keep)) == [])
        #expect(bench.isRunning && bench.world.violations == [])
        bench.begin()
        #expect(bench.tell(Self.orders(7, .make(from: Self.snapshot))).isEmpty, "a new process finds it")
        #expect(bench.tell(Self.orders(8, .delete)).map(\.name) == [.volumeDelete])
    }

    @Test("While it is made it is told, so that its record does not go before it; then it goes as it was ordered")
    func orderGone() {
        var bench = Self.bench()
        bench.isHolding = true
        let clone = bench.tell(Self.orders(4, .make(from: Self.snapshot)))[0]
        let underway = VolumeStatus(id: Self.copy, label: nil, mounted: false, refusal: nil, used: nil)
        #expect(Self.status(bench) == underway)
        #expect(bench.tell(Self.orders(5, .delete)) == [])
        #expect(Self.status(bench) == underway)
        #expect(bench.finish(clone).map(\.name) == [.volumeDelete])
    }

    @Test("An empty one whose member was taken away meanwhile, too: no record goes before what may still come to be")
    func memberGone() throws {
        var bench = CellBench()
        bench.begin()
        bench.isHolding = true
        bench.orders(1, sealedAt: 0)
        while let before = bench.held.first(where: { $0.name != .volumeCreate }) { _ = bench.finish(before) }
        let create = try #require(bench.held.first)
        #expect(bench.report?.volumes == [], "the member's phase says it")
        var gone = CellBench.orders(2, purpose: .delete)
        gone.members = []
        #expect(!bench.tell(.orders(gone)).contains { $0.name == .volumeDelete })
        let underway = VolumeStatus(id: CellBench.volume, label: nil, mounted: false, refusal: nil, used: nil)
        #expect(bench.report?.volumes == [underway])
        #expect(bench.finish(create).map(\.name) == [.volumeDelete])
    }

    @Test("A snapshot is not deleted under it, and nothing is made of one that is being deleted")
    func snapshotStays() {
        var bench = Self.bench()
        bench.isHolding = true
        let clone = bench.tell(Self.orders(4, .make(from: Self.snapshot)))[0]
        #expect(bench.tell(Self.orders(5, .make(from: Self.snapshot), snapshot: .delete)) == [])
        let removal = bench.finish(clone)
        #expect(removal == [.deleteSnapshot(Self.snapshot)])
        var other = Self.bench()
        other.isHolding = true
        let first = other.tell(Self.orders(4, nil, snapshot: .delete))[0]
        #expect(other.tell(Self.orders(5, .make(from: Self.snapshot))) == [])
        #expect(other.fail(first).map(\.name) == [.volumeClone])
    }

    @Test("What cannot be made is told with its reason, tried again later, and forgotten when it shall not be any more")
    func failing() {
        var bench = Self.bench()
        bench.isHolding = true
        let clone = bench.tell(Self.orders(4, .make(from: Self.snapshot)))[0]
        _ = bench.fail(clone)
        #expect(Self.status(bench)?.problem?.code == .commandFailed)
        #expect(bench.status?.problem == nil && bench.status?.phase == .healthy)
        #expect(bench.tell(Self.orders(5, .make(from: Self.snapshot))) == [], "not at once")
        _ = bench.tell(Self.orders(6, .delete))
        #expect(Self.status(bench) == nil)
        let again = bench.tell(Self.orders(7, .make(from: Self.snapshot)))
        #expect(again.map(\.name) == [.volumeClone])
        _ = bench.fail(again[0])
        _ = bench.tell(Self.orders(8, nil))
        #expect(Self.status(bench) == nil)
        #expect(bench.tell(Self.orders(9, .make(from: Self.snapshot))).map(\.name) == [.volumeClone])
    }

    @Test("Nothing is made while the platform goes down, or by a copy of a cell; and one that is made serves nobody")
    func rests() {
        var bench = Self.bench()
        bench.isHolding = true
        _ = bench.tell(.drain)
        #expect(!bench.tell(Self.orders(4, .make(from: Self.snapshot))).contains { $0.name == .volumeClone })
        var copy = Self.bench()
        copy.world.homeMachineID = "another machine"
        copy.begin()
        #expect(!copy.tell(Self.orders(4, .make(from: Self.snapshot))).contains { $0.name == .volumeClone })
        let order = VolumeOrder(
            id: Self.copy, lineage: LineageID("lineage-v2")!, branch: 1, epoch: .none, size: .megabytes(100),
            directories: [], purpose: .make(from: Self.snapshot))
        let label = VolumeLabel(
            volume: Self.copy, lineage: order.lineage, branch: 1, epoch: .none, role: .replica, sealed: true,
            machineID: Samples.machineID, size: .megabytes(100))
        let site = VolumeSite(machineID: Samples.machineID)
        let found = VolumeObservation(id: Self.copy, label: .label(label))
        guard case .refuse(let error) = VolumeRule.decide(order, observation: found, site: site) else {
            return #expect(Bool(false), "it serves nobody")
        }
        #expect(error.code == .conflict)
        #expect(VolumeRule.label(label, for: order, machineID: Samples.machineID).role == .holder)
        guard case .refuse(let missing) = VolumeRule.decide(order, observation: nil, site: site) else {
            return #expect(Bool(false), "it is not made empty")
        }
        #expect(missing.code == .volumeMissing)
    }
}
