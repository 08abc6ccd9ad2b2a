import FoundryModel
import FoundryRules
import Testing

@Suite("A cell at odd times")
struct CellOddTests {
    private static func refusal(_ bench: CellBench) -> ErrorCode? {
        if case .refused(let error)? = bench.status?.phase { return error.code }
        return nil
    }

    @Test("Orders that come before anything was found refuse nothing and are followed once it was")
    func ordersFirst() {
        var bench = CellBench()
        #expect(bench.orders(1).isEmpty)
        #expect(bench.report == nil && bench.machine.guardedVolumes().isEmpty)
        bench.tell(.observed(bench.world.observe()))
        #expect(Self.refusal(bench) == .volumeMissing, "it was made once")
        var other = CellBench()
        other.orders(1, sealedAt: 0)
        #expect(other.tell(.observed(other.world.observe())).map(\.name).first == .imageUnpack)
        #expect(other.report?.volumes.first?.label?.epoch == Epoch(1))
    }

    @Test("An end that was found counts, also where no history was left")
    func endWithoutHistory() {
        let exit = MemberExit(time: Samples.start, reason: "exited with status 1", status: 1, lastLines: [])
        let ended = ContainerObservation(
            member: CellBench.member, generation: 3, phase: .ended(exit), isMonitored: false)
        var machine = CellMachine(subnet: "10.77.3", limits: RestartLimits())
        let found = CellObservation(
            machineID: Samples.machineID, bootID: "boot", capacity: Samples.capacity, containers: [ended])
        _ = machine.handle(.observed(found), now: Samples.moment())
        let orders = CellBench.orders(1, generation: 3, hasVolume: false)
        let decided = machine.handle(.orders(orders), now: Samples.moment())
        let history = RestartHistory(
            generation: 3, restarts: 1, endsInARow: 1, lastExit: exit, nextTry: Samples.start + 100)
        #expect(decided == .success([.writeHistory(CellBench.member, history)]))
    }

    @Test("A mount that says what the data is not refuses the volume; any other failure is tried again")
    func mountFails() {
        for (code, isVerdict) in [(ErrorCode.volumeUnreadable, true), (.volumeMissing, true), (.timedOut, false)] {
            var bench = CellBench()
            let label = VolumeLabel(
                volume: CellBench.volume, lineage: LineageID("lineage-v1")!, branch: 1, epoch: Epoch(1), role: .holder,
                sealed: true, machineID: Samples.machineID, size: .megabytes(100))
            bench.world.place(CellBench.volume, label: .label(label), inside: .label(label))
            bench.begin()
            bench.isHolding = true
            let effects = bench.orders(1, epoch: 2, sealedAt: 1)
            #expect(effects.map(\.name) == [.imageUnpack, .volumeMount])
            bench.tell(.failed(.mountVolume(CellBench.volume), FoundryError(code, "No.")))
            #expect(Self.refusal(bench) == (isVerdict ? code : nil))
            let later = bench.tick(60_000).map(\.name)
            #expect(later.contains(.volumeMount) == !isVerdict)
            #expect(bench.status?.problem?.code == (isVerdict ? nil : code))
        }
    }

    @Test("What joins the guarded while the guards hold them is stopped with them, and that is no end of its own")
    func joinsHeld() {
        var bench = CellBench.serving()
        let session = SessionID("s1")!
        bench.tell(.session(session))
        bench.isHolding = true
        var orders = CellBench.orders(3)
        orders.session = session
        orders.members[0].isGuarded = true
        #expect(bench.tell(.orders(orders)) == [.guardMember(CellBench.member)])
        bench.tell(.session(nil))
        bench.tell(.guardsFired)
        #expect(bench.status?.phase == .healthy, "it lies below no guard yet")
        #expect(bench.finish(.guardMember(CellBench.member)).isEmpty, "nothing of it can move")
        #expect(bench.status?.phase == .stopping)
        #expect(bench.end().isEmpty && bench.status?.restarts == 0)
        bench.tell(.session(SessionID("s2")!))
        orders.session = SessionID("s2")!
        orders.revision = 4
        #expect(bench.tell(.orders(orders)) == [.unlatch(SessionID("s2")!)])
        #expect(bench.finish(.unlatch(SessionID("s2")!)) == [.deleteContainer(CellBench.member)])
    }

    @Test(
        "The guards let go after what is being started has come below them: after that it would run, under older orders"
    )
    func startsAsTheyLetGo() {
        var bench = CellBench()
        bench.begin()
        bench.tell(.session(SessionID("s1")!))
        bench.isHolding = true
        func orders(_ revision: Int64, _ session: String, sealedAt: UInt64? = nil) -> CellEvent {
            var orders = CellBench.orders(revision, sealedAt: sealedAt)
            orders.session = SessionID(session)!
            orders.members[0].isGuarded = true
            return .orders(orders)
        }
        for event in [orders(1, "s1", sealedAt: 0), orders(2, "s1")] {
            bench.tell(event)
            while let effect = bench.held.first(where: { $0.name != .containerStart }) { _ = bench.finish(effect) }
        }
        #expect(bench.held == [.startContainer(CellBench.member)])
        bench.tell(.session(nil))
        bench.tell(.guardsFired)
        bench.tell(.session(SessionID("s2")!))
        #expect(!bench.tell(orders(3, "s2")).contains { $0.name == .guardsUnlatch })
        #expect(bench.finish(.startContainer(CellBench.member)).contains(.unlatch(SessionID("s2")!)))
    }

    @Test("While its volume cannot be unmounted a member is stopping, and not stopped")
    func stuckVolume() {
        var bench = CellBench.serving()
        bench.isHolding = true
        bench.orders(3, run: false)
        bench.end()
        while let effect = bench.held.first(where: { $0.name != .volumeUnmount }) { _ = bench.finish(effect) }
        #expect(bench.held == [.unmountVolume(CellBench.volume)])
        #expect(bench.fail(.unmountVolume(CellBench.volume)).isEmpty)
        #expect(bench.status?.phase == .stopping, "nothing is under way, and it is mounted")
        bench.isHolding = false
        bench.tick(60_000)
        #expect(bench.status?.phase == .stopped)
    }

    @Test("An answer to a check that is not asked for any more restarts nothing")
    func lateAnswer() {
        var bench = CellBench.serving()
        bench.tick(2_000)
        bench.orders(3, health: HealthCheck(port: nil, failuresAllowed: 1))
        #expect(bench.probe(false).isEmpty)
        #expect(bench.status?.phase == .healthy)
        bench.orders(4, health: HealthCheck(port: 6_379, failuresAllowed: 1))
        bench.tick(6_000)
        #expect(bench.probe(false).map(\.name) == [.containerStop], "it is asked again")
    }

    @Test("A container that was killed and is gone leaves nothing of its stop behind")
    func killed() {
        var bench = CellBench.serving()
        bench.orders(3, run: false)
        #expect(bench.tick(30_000).map(\.name) == [.containerKill])
        bench.end()
        bench.orders(4, epoch: 2, sealedAt: 1)
        bench.orders(5, epoch: 2)
        #expect(bench.isRunning && bench.status?.phase == .starting)
        #expect(bench.tick(70_000).isEmpty)
    }
}
