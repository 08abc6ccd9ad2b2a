import FoundryModel
import FoundryRules
import Testing

@Suite("What a cell promises to a fence")
struct CellFenceAnswerTests {
    private static let fence = FenceID("f1")!

    private static func promise(_ volume: String, _ epoch: UInt64) -> VolumePromise {
        VolumePromise(volume: VolumeID(volume)!, epoch: Epoch(epoch))
    }

    private static func fenced(_ orders: CellOrders, _ promises: [VolumePromise]) -> CellEvent {
        var orders = orders
        orders.fences = [FenceOrder(fence: fence, promises: promises)]
        return .orders(orders)
    }

    private static func without(_ revision: Int64) -> CellOrders {
        CellOrders(revision: revision, term: Term(1), members: [], volumes: [])
    }

    private static func bench() -> CellBench {
        var bench = CellBench()
        bench.world.incarnation = IncarnationID("i1")
        bench.begin()
        return bench
    }

    private static func label(_ epoch: UInt64, sealed: Bool = false) -> VolumeLabel {
        VolumeLabel(
            volume: CellBench.volume, lineage: LineageID("lineage-v1")!, branch: 1, epoch: Epoch(epoch), role: .holder,
            sealed: sealed, machineID: Samples.machineID, size: .megabytes(100))
    }

    @Test("Of what is not there at once; sorted, and what was promised before stays, at its newest epoch")
    func absent() {
        var bench = Self.bench()
        let effects = bench.tell(Self.fenced(Self.without(1), [Self.promise("v9", 4), Self.promise("v8", 2)]))
        #expect(effects == [.promise(Self.fence, [Self.promise("v8", 2), Self.promise("v9", 4)])])
        let next = bench.tell(Self.fenced(Self.without(2), [Self.promise("v9", 3), Self.promise("v7", 1)]))
        #expect(
            next == [.promise(Self.fence, [Self.promise("v7", 1), Self.promise("v8", 2), Self.promise("v9", 4)])])
        #expect(bench.report?.words.map(\.promises) == [bench.world.promises[Self.fence] ?? []])
    }

    @Test("Nothing while a container exists that nobody ordered: to what it writes is not known")
    func strangers() {
        var bench = CellBench.serving()
        bench.world.incarnation = IncarnationID("i1")
        bench.begin()
        let effects = bench.tell(Self.fenced(Self.without(9), [Self.promise("v9", 4)]))
        #expect(effects.map(\.name) == [.containerStop])
        #expect(bench.report?.words.isEmpty == true)
        #expect(bench.end().map(\.name).contains(.promiseWrite))
        #expect(bench.report?.words.map(\.promises) == [[Self.promise("v9", 4)]])
    }

    @Test("Of a volume whose label cannot be read once it is let go of: whoever wrote to it is gone then")
    func unreadable() {
        let id = VolumeID("v7")!
        var machine = CellMachine(subnet: "10.77.3", limits: RestartLimits())
        let mounted = VolumeObservation(id: id, label: .unreadable("noise"), inner: .absent)
        let found = CellObservation(
            machineID: Samples.machineID, bootID: "boot", capacity: Samples.capacity, volumes: [mounted],
            incarnation: IncarnationID("i1"))
        _ = machine.handle(.observed(found), now: Samples.moment())
        let ordered = machine.handle(Self.fenced(Self.without(1), [Self.promise("v7", 3)]), now: Samples.moment())
        #expect(ordered == .success([.unmountVolume(id)]))
        let rest = VolumeObservation(id: id, label: .unreadable("noise"))
        let done = machine.handle(.done(.unmountVolume(id), .volume(rest)), now: Samples.moment())
        #expect(done == .success([.promise(Self.fence, [Self.promise("v7", 3)])]))
    }

    @Test("A member whose volume is not ordered at all is stopped for it, too")
    func withoutOrder() {
        var bench = CellBench.serving()
        bench.world.incarnation = IncarnationID("i1")
        bench.begin()
        var orders = CellBench.orders(9)
        orders.volumes = []
        #expect(bench.tell(.orders(orders)).isEmpty, "what runs goes on")
        orders.revision = 10
        let effects = bench.tell(Self.fenced(orders, [Self.promise("v1", 1)]))
        #expect(effects.map(\.name) == [.containerStop])
    }

    @Test("A volume that is kept is sealed under the epoch of the order; under an older one only when a fence bars it")
    func sealedForFence() {
        var bench = Self.bench()
        bench.world.place(CellBench.volume, label: .label(Self.label(1)), inside: .label(Self.label(1)))
        bench.begin()
        #expect(bench.orders(1, run: false, epoch: 2).isEmpty, "whoever is granted epoch 2 expects the label it has")
        let effects = bench.tell(Self.fenced(CellBench.orders(2, run: false, epoch: 2), [Self.promise("v1", 2)]))
        #expect(
            effects == [.sealVolume(Self.label(1, sealed: true)), .promise(Self.fence, [Self.promise("v1", 2)])])
        var other = Self.bench()
        other.world.place(CellBench.volume, label: .label(Self.label(2)), inside: .label(Self.label(2)))
        other.begin()
        #expect(other.orders(1, run: false, epoch: 2) == [.sealVolume(Self.label(2, sealed: true))])
    }

    @Test("A volume that shall serve, and whose inside is not its own, is refused and left as it is, mounted nowhere")
    func refusedStays() {
        var bench = Self.bench()
        bench.world.place(CellBench.volume, label: .label(Self.label(1)), inside: .absent)
        bench.begin()
        let effects = bench.orders(1).map(\.name)
        #expect(effects.contains(.volumeUnmount) && !effects.contains(.volumeSeal))
        guard case .refused(let error)? = bench.status?.phase else {
            Issue.record("it was not refused")
            return
        }
        #expect(error.code == .volumeEmpty && !bench.isRunning)
        #expect(bench.report?.volumes.first?.label == Self.label(1))
    }

    @Test("Nothing of a volume that something is being done to, or that was held later than the fence knows of")
    func busy() {
        var bench = Self.bench()
        let label = Self.label(1, sealed: true)
        bench.world.place(CellBench.volume, label: .label(label), inside: .label(label))
        bench.begin()
        bench.isHolding = true
        #expect(bench.orders(1, epoch: 2, sealedAt: 1).contains(.mountVolume(CellBench.volume)))
        let fenced = Self.fenced(CellBench.orders(2, epoch: 2, sealedAt: 1), [Self.promise("v1", 2)])
        #expect(bench.tell(fenced).isEmpty)
        #expect(bench.finish(.mountVolume(CellBench.volume)) == [.unmountVolume(CellBench.volume)])
        #expect(
            bench.finish(.unmountVolume(CellBench.volume)) == [.promise(Self.fence, [Self.promise("v1", 2)])])
        var later = Self.bench()
        later.world.place(CellBench.volume, label: .label(Self.label(3, sealed: true)), inside: .absent)
        later.begin()
        let orders = CellBench.orders(1, run: false, epoch: 3)
        #expect(later.tell(Self.fenced(orders, [Self.promise("v1", 2)])).isEmpty)
        #expect(later.tell(Self.fenced(orders, [Self.promise("v1", 3)])).map(\.name) == [.promiseWrite])
    }

    @Test("A replica's volume is let go of first; one that cannot be sealed is promised without")
    func lettingGo() {
        var replica = Self.bench()
        var follows = CellBench.orders(1, purpose: .follow(CellBench.member, mayCreate: true))
        follows.members[0].role = .replica
        replica.tell(.orders(follows))
        #expect(replica.isRunning)
        replica.isHolding = true
        follows.revision = 2
        let stops = replica.tell(Self.fenced(follows, [Self.promise("v1", 1)]))
        #expect(stops.map(\.name) == [.containerStop] && replica.finish(stops[0]).isEmpty)
        #expect(replica.end() == [.deleteContainer(CellBench.member)])
        #expect(!replica.finish(.deleteContainer(CellBench.member)).map(\.name).contains(.promiseWrite))
        #expect(replica.finish(.unmountVolume(CellBench.volume)).map(\.name).contains(.promiseWrite))

        var stuck = Self.bench()
        stuck.world.place(CellBench.volume, label: .label(Self.label(1)), inside: .label(Self.label(1)))
        stuck.begin()
        stuck.isHolding = true
        let fenced = Self.fenced(CellBench.orders(1, run: false), [Self.promise("v1", 1)])
        #expect(stuck.tell(fenced) == [.sealVolume(Self.label(1, sealed: true))])
        #expect(stuck.fail(stuck.held[0]) == [.promise(Self.fence, [Self.promise("v1", 1)])])
    }
}
