import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What a cell does")
struct CellMachineTests {
    private static func names(_ effects: [CellEffect]) -> [CellEffectName] { effects.map(\.name) }

    @Test("An event that cannot be is rejected with a reason, and changes nothing")
    func rejections() {
        var bench = CellBench()
        let container = ContainerObservation(
            member: CellBench.member, generation: 1, phase: .created, isMonitored: true)
        #expect(bench.rejection(.tick) == .notObservedYet)
        #expect(bench.rejection(.containerChanged(container)) == .notObservedYet)
        bench.begin()
        #expect(bench.rejection(.observed(bench.world.observe())) == .observedTwice)
        #expect(bench.rejection(.done(.sealVolume(Self.label(1)), .done)) == .notInFlight(.volumeSeal))
        #expect(
            bench.rejection(.failed(.killContainer(CellBench.member), FoundryError(.usage, "")))
                == .notInFlight(.containerKill))
        bench.orders(5, term: 2)
        #expect(bench.rejection(.orders(CellBench.orders(4, term: 2))) == .ordersOlder(has: 5, got: 4))
        #expect(bench.rejection(.orders(CellBench.orders(9, term: 1))) == .termOlder(has: Term(2), got: Term(1)))
        #expect(bench.report?.ordersRevision == 5)
        #expect(bench.rejection(.orders(CellBench.orders(5, term: 2))) == nil)
        #expect(bench.rejection(.orders(CellBench.orders(1, term: 3))) == nil)
    }

    @Test("Until it has orders nothing is changed, whatever is found, however long")
    func withoutOrders() {
        var bench = CellBench.serving()
        bench.world.place(VolumeID("stranger")!, label: .unreadable("noise"), inside: .absent)
        #expect(bench.begin().isEmpty)
        for minute in Int64(1)...60 { #expect(bench.tick(minute * 60_000).isEmpty) }
        #expect(bench.isRunning)
    }

    @Test(
        "With the control plane gone a cell runs on: nothing is stopped, and what ends is started again",
        .proves(.partitionRunsOn))
    func partition() {
        var bench = CellBench.serving()
        for minute in Int64(1)...600 {
            #expect(bench.tick(minute * 60_000).isEmpty)
            bench.probe(true)
        }
        #expect(bench.isRunning)
        bench.end()
        #expect(!bench.isRunning)
        bench.tick(bench.now + 200)
        #expect(bench.isRunning)
    }

    @Test("A process is started only on a volume of which the control plane knows that it was taken")
    func knownFirst() {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, sealedAt: 0)
        bench.tick(60_000)
        #expect(bench.report?.volumes.first?.label?.epoch == Epoch(1))
        #expect(!bench.isRunning && bench.status?.phase == .preparing)
        bench.orders(2, epoch: 1)
        #expect(bench.isRunning)
        // Under the next epoch it is the same, though the volume was made long ago.
        bench.orders(3, run: false, purpose: .keep)
        bench.end()
        bench.orders(4, generation: 2, epoch: 2, sealedAt: 1)
        bench.tick(120_000)
        #expect(bench.report?.volumes.first?.label?.epoch == Epoch(2))
        #expect(!bench.isRunning)
        bench.orders(5, generation: 2, epoch: 2)
        #expect(bench.isRunning)
    }

    @Test(
        "Each start begins with the image as it was built: an overlay that was used is never used again",
        .proves(.nothingKept))
    func freshOverlay() {
        var bench = CellBench.serving(hasVolume: false)
        for round in Int64(1)...5 {
            let effects = bench.end() + bench.tick(round * 100_000)
            #expect(
                Self.names(effects) == [
                    .historyWrite, .containerDelete, .rootfsUnmount, .rootfsMount, .containerCreate, .containerStart,
                ])
            bench.probe(true)
        }
        // One that was found may have been used.
        bench.end()
        bench.begin()
        bench.now += 100_000
        let effects = bench.orders(3, hasVolume: false)
        #expect(Self.names(effects).contains(.rootfsMount) && bench.isRunning)
    }

    @Test("A container that no order names is stopped in order, its traces of running removed, its volume kept")
    func unknownMember() {
        var bench = CellBench.serving()
        let effects = bench.tell(.orders(CellOrders(revision: 3, term: Term(1), members: [], volumes: [])))
        #expect(Self.names(effects) == [.containerStop])
        let rest = Self.names(bench.end())
        #expect(Set(rest) == [.containerDelete, .rootfsUnmount, .networkRemove, .volumeUnmount, .memberForget])
        #expect(bench.world.volumes[CellBench.volume] != nil && bench.world.deleted.isEmpty)
        #expect(bench.tick(100_000).isEmpty)
    }

    @Test("While anything runs that nobody ordered, no volume is let go of and no network removed")
    func strangers() {
        var bench = CellBench.serving()
        bench.isHolding = true
        bench.tell(.orders(CellOrders(revision: 3, term: Term(1), members: [], volumes: [])))
        #expect(Self.names(bench.held) == [.containerStop])
        bench.tick(1_000)
        #expect(Self.names(bench.held) == [.containerStop])
    }

    @Test("A member has 30 s to end after its stop signal, then it is killed, again every 2 s")
    func grace() {
        var bench = CellBench.serving()
        #expect(Self.names(bench.orders(3, run: false)) == [.containerStop])
        #expect(bench.status?.phase == .stopping)
        #expect(bench.tick(29_999).isEmpty)
        #expect(Self.names(bench.tick(30_000)) == [.containerKill])
        #expect(bench.tick(31_999).isEmpty)
        #expect(Self.names(bench.tick(32_000)) == [.containerKill])
        let rest = Self.names(bench.end())
        #expect(rest.last == .volumeSeal && !rest.contains(.historyWrite), "its end was ordered, and is no restart")
        #expect(bench.status?.phase == .stopped)
    }

    @Test("The image says by which signal it is stopped")
    func signal() {
        var bench = CellBench()
        bench.begin()
        var orders = CellBench.orders(1, hasVolume: false)
        orders.members[0].spec.image.configuration.stopSignal = "SIGINT"
        bench.tell(.orders(orders))
        orders.revision = 2
        orders.members[0].run = false
        #expect(bench.tell(.orders(orders)).first == .stopContainer(CellBench.member, signal: "SIGINT"))
    }

    @Test("A new generation ends the old container, and makes a new one on the same volume")
    func generation() {
        var bench = CellBench.serving()
        #expect(Self.names(bench.orders(3, generation: 2)) == [.containerStop])
        let effects = Self.names(bench.end())
        #expect(
            effects == [
                .containerDelete, .rootfsUnmount, .volumeUnmount, .rootfsMount, .volumeMount, .containerCreate,
                .containerStart,
            ])
        #expect(bench.status?.generation == 2 && bench.status?.restarts == 0)
    }

    @Test("A lost monitor stops the member in order; its reason is told, and counts as an end")
    func monitor() throws {
        var bench = CellBench.serving()
        let effects = bench.world.killMonitor(CellBench.member).map { bench.tell(.containerChanged($0)) } ?? []
        #expect(Self.names(effects) == [.containerStop])
        bench.end()
        bench.tick(1_000)
        #expect(bench.isRunning && bench.status?.restarts == 1)
        #expect(bench.status?.lastExit?.reason == "lost its monitor (conmon) and was restarted in order")
        // Found without its monitor by the next process of the cell, it is the same.
        _ = bench.world.killMonitor(CellBench.member)
        bench.begin()
        #expect(Self.names(bench.orders(2)) == [.containerStop])
    }

    @Test("An end is counted once, whenever the cell is killed in between")
    func countedOnce() {
        var bench = CellBench.serving()
        bench.isHolding = true
        #expect(Self.names(bench.end()) == [.historyWrite])
        // Killed before it was written: counted by the next process.
        bench.isHolding = false
        bench.begin()
        #expect(
            Self.names(bench.orders(2)) == [
                .historyWrite, .containerDelete, .rootfsUnmount, .volumeUnmount, .volumeMount,
            ])
        #expect(bench.status?.restarts == 1)
        // Killed after it was written, with the container still there.
        var other = CellBench.serving()
        other.isHolding = true
        let effects = other.end()
        _ = other.finish(effects[0])
        other.isHolding = false
        other.begin()
        #expect(!Self.names(other.orders(2)).contains(.historyWrite))
        #expect(other.status?.restarts == 1)
    }

    @Test("What is drained is stopped, unmounted and sealed; nothing is started and nothing forgotten")
    func drain() {
        var bench = CellBench.serving()
        #expect(Self.names(bench.tell(.drain)) == [.containerStop])
        #expect(!bench.machine.isDrained)
        let rest = Self.names(bench.end())
        #expect(Set(rest) == [.containerDelete, .rootfsUnmount, .networkRemove, .volumeUnmount, .volumeSeal])
        #expect(bench.machine.isDrained && bench.report?.volumes.first?.label?.sealed == true)
        #expect(bench.tick(100_000).isEmpty && bench.orders(3, generation: 2).isEmpty)
        #expect(bench.tell(.orders(CellOrders(revision: 4, term: Term(1), members: [], volumes: []))).isEmpty)
    }

    @Test("Drained before it had any orders, it stops what runs and keeps the rest")
    func drainWithoutOrders() {
        var bench = CellBench.serving()
        bench.begin()
        #expect(Self.names(bench.tell(.drain)) == [.containerStop])
        bench.end()
        #expect(bench.machine.isDrained)
        #expect(bench.world.volumes[CellBench.volume] != nil && bench.world.directories == [CellBench.member])
    }

    @Test("A draining cell deletes no volume")
    func drainDeletesNothing() {
        var bench = CellBench.serving()
        bench.tell(.drain)
        bench.end()
        bench.orders(3, run: false, purpose: .delete)
        #expect(bench.world.deleted.isEmpty)
    }

    @Test("An effect that fails is tried again after pauses that double up to 30 s; done once, they begin anew")
    func retries() {
        var bench = CellBench()
        bench.isHolding = true
        bench.begin()
        bench.orders(1, hasVolume: false)
        var pauses: [Int64] = []
        for _ in 0..<10 {
            _ = bench.fail(bench.held[0])
            #expect(bench.status?.problem?.code == .commandFailed)
            let wake = bench.machine.nextWake(now: bench.moment).map { $0 - bench.moment.monotonic } ?? 0
            #expect(bench.tick(bench.now + wake - 1).isEmpty)
            pauses.append(wake)
            #expect(Self.names(bench.tick(bench.now + 1)) == [.imageUnpack])
        }
        #expect(pauses == [200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000])
        #expect(Self.names(bench.finish(bench.held[0])) == [.networkCreate])
        #expect(bench.status?.problem == nil)
        _ = bench.fail(bench.held[0])
        #expect(bench.machine.nextWake(now: bench.moment).map { $0 - bench.moment.monotonic } == 200)
    }

    @Test("In one lane one effect at a time: while one is in flight no other begins")
    func lanes() {
        var bench = CellBench()
        bench.isHolding = true
        bench.begin()
        bench.orders(1, sealedAt: 0)
        for _ in 0..<200 {
            let lanes = bench.held.map { "\($0.name.rawValue.prefix(6)) \($0.subject)" }
            #expect(Set(lanes).count == lanes.count, "\(lanes)")
            bench.now += 10
            bench.tell(.tick)
            if let effect = bench.held.first { _ = bench.finish(effect) }
        }
    }

    private static func label(_ epoch: UInt64) -> VolumeLabel {
        VolumeLabel(
            volume: CellBench.volume, lineage: LineageID("lineage-v1")!, branch: 1, epoch: Epoch(epoch), role: .holder,
            sealed: true,
            machineID: Samples.machineID, size: .megabytes(100))
    }
}
