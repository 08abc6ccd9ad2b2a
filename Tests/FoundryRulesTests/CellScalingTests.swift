import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("How a member gets more room while it runs")
struct CellScalingTests {
    private static let large = ByteCount.megabytes(200)

    private static func orders(
        _ revision: Int64, generation: Int = 1, memory: ByteCount? = nil, disk: ByteCount = large,
        sealedAt: UInt64? = nil
    ) -> CellOrders {
        var orders = CellBench.orders(revision, generation: generation, sealedAt: sealedAt)
        if let memory { orders.members[0].spec.memory = memory }
        orders.members[0].spec.disk?.size = disk
        orders.volumes[0].size = disk
        return orders
    }

    private static func size(_ bench: CellBench) -> ByteCount? {
        guard case .label(let label)? = bench.world.volumes[CellBench.volume]?.label else { return nil }
        return label.size
    }

    @Test("Limits change under a running process, once, and are told")
    func limits() {
        var bench = CellBench.serving()
        let pid = bench.status?.pid
        let limits = ContainerLimits(memory: .gigabytes(2), cpu: bench.status?.limits?.cpu ?? Millicores(0))
        let effects = bench.tell(.orders(Self.orders(3, memory: .gigabytes(2), disk: .megabytes(100))))
        #expect(effects == [.limitContainer(CellBench.member, limits)])
        #expect(bench.status?.limits == limits && bench.status?.pid == pid && bench.isRunning)
        #expect(bench.tell(.orders(Self.orders(4, memory: .gigabytes(2), disk: .megabytes(100)))) == [])
    }

    @Test("A container of which nobody knows the limits is left alone, and one that waits is made with the new ones")
    func unknown() {
        var bench = CellBench.serving()
        bench.world.forgetLimits(CellBench.member)
        bench.begin()
        let effects = bench.tell(.orders(Self.orders(3, memory: .gigabytes(2), disk: .megabytes(100))))
        #expect(!effects.contains { $0.name == .containerLimit } && bench.status?.limits == nil)
    }

    @Test("A disk grows under a running process; a smaller order changes nothing")
    func disk() {
        var bench = CellBench.serving()
        #expect(bench.tell(.orders(Self.orders(3))).map(\.name) == [.volumeGrow])
        #expect(Self.size(bench) == Self.large && bench.isRunning && bench.world.violations == [])
        #expect(bench.tell(.orders(Self.orders(4, disk: .megabytes(50)))) == [])
        #expect(Self.size(bench) == Self.large)
    }

    @Test("What cannot be done is told with the member, and tried again")
    func failing() {
        var bench = CellBench.serving()
        bench.isHolding = true
        let effects = bench.tell(.orders(Self.orders(3)))
        _ = bench.fail(effects[0])
        #expect(bench.status?.problem?.code == .commandFailed && bench.status?.phase == .healthy)
        bench.isHolding = false
        #expect(bench.tick(1_000).map(\.name) == [.volumeGrow] && bench.status?.problem == nil)
    }

    @Test("Where the kernel lets it grow only while nothing uses it, it waits for the next start, and the start for it")
    func atRest() {
        var bench = CellBench.serving()
        bench.world.growsAtRest = true
        bench.begin()
        _ = bench.tell(.orders(Self.orders(3)))
        bench.probe(true)
        #expect(bench.report?.growsAtRest == true)
        #expect(Self.size(bench) == .megabytes(100) && bench.isRunning, "not under a process")
        _ = bench.tell(.orders(Self.orders(4, generation: 2)))
        bench.end()
        #expect(Self.size(bench) == Self.large && bench.isRunning && bench.world.violations == [])
        #expect(bench.status?.generation == 2)
    }

    @Test("A start does not wait for a growth that failed")
    func atRestFailing() throws {
        var bench = CellBench.serving()
        bench.world.growsAtRest = true
        bench.begin()
        _ = bench.tell(.orders(Self.orders(3)))
        bench.probe(true)
        _ = bench.tell(.orders(Self.orders(4, generation: 2)))
        bench.isHolding = true
        bench.end()
        var grow: CellEffect?
        while let next = bench.held.first(where: { $0.name != .volumeGrow }) { _ = bench.finish(next) }
        grow = bench.held.first { $0.name == .volumeGrow }
        #expect(!bench.isRunning)
        _ = bench.fail(try #require(grow))
        while let next = bench.held.first { _ = bench.finish(next) }
        #expect(bench.isRunning && Self.size(bench) == .megabytes(100) && bench.world.violations == [])
        bench.isHolding = false
        bench.tick(60_000)
        #expect(Self.size(bench) == .megabytes(100), "not under a process")
    }
}
