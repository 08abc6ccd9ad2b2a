import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("How a cell sets a volume as its policy has it")
struct CellTuningTests {
    private static func orders(
        _ revision: Int64, _ sync: DiskSync = .normal, _ io: IOClass = .max, tolerates: [Tolerance] = [],
        sealedAt: UInt64? = nil
    ) -> CellOrders {
        var orders = CellBench.orders(revision, sealedAt: sealedAt)
        orders.members[0].spec.disk?.sync = sync
        orders.members[0].spec.disk?.io = io
        orders.members[0].spec.disk?.tolerates = tolerates
        return orders
    }

    private static func started(_ sync: DiskSync = .normal, _ io: IOClass = .max) -> (CellBench, [CellEffect]) {
        var bench = CellBench()
        bench.begin()
        var effects = bench.tell(.orders(orders(1, sync, io, sealedAt: 0)))
        effects += bench.tell(.orders(orders(2, sync, io)))
        return (bench, effects)
    }

    private static func tune(_ isSynchronous: Bool, _ io: IOClass) -> CellEffect {
        .tuneVolume(CellBench.volume, VolumeTuning(isSynchronous: isSynchronous, io: io))
    }

    @Test("What asks for nothing is left as it is mounted")
    func plain() {
        let (_, effects) = Self.started()
        #expect(!effects.contains { $0.name == .volumeTune })
    }

    @Test("A volume of a member that asks for no disk is left as it is")
    func diskless() {
        var bench = CellBench()
        bench.begin()
        for (revision, sealedAt) in [(1, 0), (2, nil)] as [(Int64, UInt64?)] {
            var orders = Self.orders(revision, .immediate, .low, sealedAt: sealedAt)
            orders.members[0].spec.disk = nil
            bench.tell(.orders(orders))
        }
        #expect(bench.isRunning && bench.world.done[.volumeTune] == nil)
    }

    @Test("Its pace is set before its process starts", .proves(.diskPace))
    func pace() throws {
        let (bench, effects) = Self.started(.normal, .low)
        let tuned = try #require(effects.firstIndex(of: Self.tune(false, .low)))
        let started = try #require(effects.firstIndex(of: .startContainer(CellBench.member)))
        #expect(tuned < started && bench.world.volumes[CellBench.volume]?.tuning.io == .low)
    }

    @Test(
        "It syncs every write from when it serves: it counts as healthy when that is so, not before",
        .proves(.syncImmediate))
    func immediate() {
        var (bench, effects) = Self.started(.immediate)
        #expect(!effects.contains { $0.name == .volumeTune } && bench.isRunning)
        bench.isHolding = true
        #expect(bench.probe(true) == [Self.tune(true, .max)])
        #expect(bench.status?.phase == .starting)
        effects = bench.finish(Self.tune(true, .max))
        #expect(effects == [] && bench.status?.phase == .healthy)
        bench.isHolding = false
        // Its process ends, and the next one recovers on the same mount, or on a fresh one.
        bench.end()
        bench.tick(200)
        #expect(bench.isRunning)
        bench.probe(true)
        #expect(bench.status?.phase == .healthy && bench.world.volumes[CellBench.volume]?.tuning.isSynchronous == true)
    }

    @Test("A new process of the cell leaves a volume that syncs as it is, whatever it knows of its member yet")
    func adopted() {
        var (bench, _) = Self.started(.immediate)
        bench.probe(true)
        bench.begin()
        let effects = bench.tell(.orders(Self.orders(3, .immediate)))
        #expect(effects == [] && bench.world.volumes[CellBench.volume]?.tuning.isSynchronous == true)
    }

    @Test("Limits that are none of ours, left by another use of the device, are taken away")
    func leftover() {
        var (bench, _) = Self.started()
        bench.world.limit(CellBench.volume)
        bench.begin()
        #expect(bench.tell(.orders(Self.orders(3))) == [Self.tune(false, .max)])
    }

    @Test("What cannot be set is tried again, and the member does not start meanwhile")
    func refused() {
        let tune = Self.tune(false, .low)
        var bench = CellBench()
        bench.begin()
        bench.isHolding = true
        bench.tell(.orders(Self.orders(1, .normal, .low, sealedAt: 0)))
        while let next = bench.held.first(where: { $0 != tune }) { _ = bench.finish(next) }
        _ = bench.fail(tune)
        bench.tell(.orders(Self.orders(2, .normal, .low)))
        #expect(bench.status?.problem?.code == .commandFailed && !bench.isRunning && bench.held.isEmpty)
        #expect(bench.tick(1_000) == [tune])
        bench.isHolding = false
        #expect(bench.finish(tune).contains(.startContainer(CellBench.member)) && bench.isRunning)
    }

    @Test(
        "Volumes whose syncs the platform defers are told with their process, as long as it runs",
        .proves(.syncDeferredByPlatform))
    func deferred() throws {
        var bench = CellBench()
        bench.begin()
        let sync = DiskSync.deferred(milliseconds: 50)
        bench.tell(.orders(Self.orders(1, sync, tolerates: [.reorder], sealedAt: 0)))
        #expect(bench.machine.deferredVolumes() == [] && CellBench().machine.deferredVolumes() == [])
        bench.tell(.orders(Self.orders(2, sync, tolerates: [.reorder])))
        let told = try #require(bench.machine.deferredVolumes().first)
        #expect(told.volume == CellBench.volume && told.member == CellBench.member && told.milliseconds == 50)
        bench.end()
        #expect(bench.machine.deferredVolumes() == [])
    }

    @Test("A process that is to be made anew without a deferral is flushed as before until it ends")
    func noLongerDeferred() throws {
        var bench = CellBench()
        bench.begin()
        let sync = DiskSync.deferred(milliseconds: 50)
        bench.tell(.orders(Self.orders(1, sync, tolerates: [.reorder], sealedAt: 0)))
        bench.tell(.orders(Self.orders(2, sync, tolerates: [.reorder])))
        let told = bench.machine.deferredVolumes()
        for revision in [Int64(3), 4] {
            var changed = Self.orders(revision, .normal)
            changed.members[0].generation += 2
            bench.isHolding = true
            bench.tell(.orders(changed))
            #expect(bench.machine.deferredVolumes() == told && told.count == 1)
        }
        bench.end()
        #expect(bench.machine.deferredVolumes() == [])
    }

    @Test("Of several they come in the order of their members")
    func several() {
        var bench = CellBench()
        bench.begin()
        func both(_ revision: Int64, _ sealedAt: UInt64?) -> CellOrders {
            let sync = DiskSync.deferred(milliseconds: 50)
            var orders = Self.orders(revision, sync, tolerates: [.reorder], sealedAt: sealedAt)
            var (member, volume) = (orders.members[0], orders.volumes[0])
            (member.id, member.slot, member.volume) = (MemberID("another")!, 3, VolumeID("v0"))
            volume.id = VolumeID("v0")!
            volume.purpose = .serve(member.id, sealedAt: Epoch(sealedAt ?? 1), mayCreate: sealedAt == 0)
            orders.members.append(member)
            orders.volumes.append(volume)
            return orders
        }
        bench.tell(.orders(both(1, 0)))
        bench.tell(.orders(both(2, nil)))
        #expect(bench.machine.deferredVolumes().map(\.member.description) == ["another", "demo"])
    }

    @Test("What runs is told for its measurement, with its volume while that is mounted")
    func running() {
        var bench = CellBench()
        #expect(bench.machine.running.isEmpty)
        bench.begin()
        bench.tell(.orders(Self.orders(1, sealedAt: 0)))
        #expect(bench.machine.running.isEmpty)
        bench.tell(.orders(Self.orders(2)))
        #expect(bench.machine.running.map(\.member) == [CellBench.member])
        #expect(bench.machine.running.map(\.volume) == [CellBench.volume])
        var diskless = CellBench.serving(hasVolume: false)
        #expect(diskless.machine.running.map(\.volume) == [nil] && diskless.status?.phase == .healthy)
        diskless.end()
        #expect(diskless.machine.running.isEmpty)
    }

    @Test(
        "A flush that fails ends the process at once, with the reason, and its volume is mounted anew",
        .proves(.deferredHolds))
    func failedFlush() throws {
        var bench = CellBench()
        bench.begin()
        let sync = DiskSync.deferred(milliseconds: 50)
        bench.tell(.orders(Self.orders(1, sync, tolerates: [.reorder], sealedAt: 0)))
        bench.tell(.orders(Self.orders(2, sync, tolerates: [.reorder])))
        let told = try #require(bench.machine.deferredVolumes().first)
        let error = FoundryError(.internalError, "The system refused.", detail: "I/O error")
        #expect(bench.rejection(.flushFailed(told.member, pid: told.pid + 1, error)) == .notRunning(told.member))
        let effects = bench.tell(.flushFailed(told.member, pid: told.pid, error))
        #expect(effects.first == .killContainer(told.member))
        #expect(bench.tell(.flushFailed(told.member, pid: told.pid, error)) == [], "once")
        bench.end()
        bench.tick(200)
        #expect(bench.status?.lastExit?.reason.contains("could not be flushed") == true)
        #expect(bench.status?.lastExit?.reason.contains("I/O error") == true)
        #expect(bench.world.done[.volumeMount] == 2 && bench.isRunning)
    }
}
