import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What the controller writes")
struct ControllerMachineTests {
    private static let request = PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M")

    /// An app that serves, its volume taken under epoch 1.
    private static func serving(graceDays: Int = 7) throws -> ControllerBench {
        var bench = ControllerBench(graceDays: graceDays)
        _ = try bench.push(request)
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        _ = bench.route()
        return bench
    }

    private static func names(_ effects: [ControllerEffect]) -> [ControllerEffectName] { effects.map(\.name) }

    @Test("Before all records are read nothing is decided")
    func loading() {
        var machine = ControllerMachine(configuration: Samples.configuration())
        var random = Seeded(101)
        let bench = ControllerBench()
        var copy = bench
        let report = copy.report([])
        #expect(machine.handle(.cellReport(report), now: Samples.moment(), using: &random).isEmpty)
        #expect(machine.handle(.tick, now: Samples.moment(), using: &random).isEmpty)
        #expect(Self.names(machine.handle(.caughtUp, now: Samples.moment(), using: &random)) == [.cellRecord])
    }

    @Test("Every write of a record that was read expects it unchanged; one of a new record expects that there is none")
    func expectations() throws {
        var bench = ControllerBench()
        var effects = try bench.push(Self.request)
        effects += bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        effects += bench.route()
        effects += try bench.delete("demo")
        effects += bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        bench.now += 8 * 86_400_000
        effects += bench.tell(.tick)
        effects += bench.cell()
        #expect(
            Set(Self.names(effects)).isSuperset(of: [
                .memberPlace, .volumeGrant, .volumeTaken, .volumeRelease, .volumeKeep, .memberRemove, .appRemove,
                .volumePurge, .volumeForget, .jobFinish,
            ]))
        for effect in effects {
            for write in effect.writes {
                switch write {
                case .delete(_, .status, let expects), .delete(_, .volumeStatus, let expects):
                    #expect(expects == .any, "\(effect.name)")
                case .put(.event, let expects), .put(.cell, let expects): #expect(expects == .absent, "\(effect.name)")
                case .put(_, let expects), .delete(_, _, let expects), .check(_, _, let expects):
                    #expect(expects != .any, "\(effect.name) of \(write.key)")
                }
            }
        }
        #expect(
            bench.view.apps.isEmpty && bench.view.members.isEmpty && bench.view.volumes.isEmpty
                && bench.view.routes.isEmpty)
    }

    @Test(
        "An effect is decided once until its outcome is seen, again after a conflict at once, and after a failure a second later"
    )
    func inFlight() {
        var machine = ControllerMachine(configuration: Samples.configuration())
        var random = Seeded(102)
        var bench = ControllerBench(report: false)
        _ = machine.handle(.caughtUp, now: Samples.moment(), using: &random)
        let effects = machine.handle(.cellReport(bench.report([])), now: Samples.moment(), using: &random)
        #expect(Self.names(effects) == [.cellRecord])
        #expect(machine.handle(.tick, now: Samples.moment(), using: &random).isEmpty)
        #expect(
            Self.names(machine.handle(.conflicted(effects[0]), now: Samples.moment(), using: &random)) == [.cellRecord])
        #expect(
            machine.handle(
                .failed(effects[0], FoundryError(.storeUnavailable, "no")), now: Samples.moment(), using: &random
            ).isEmpty)
        #expect(machine.nextWake(now: Samples.moment()) == Samples.moment(1_000).monotonic)
        #expect(machine.handle(.tick, now: Samples.moment(999), using: &random).isEmpty)
        #expect(Self.names(machine.handle(.tick, now: Samples.moment(1_000), using: &random)) == [.cellRecord])
        // Committed, and not seen yet: the view does not know, and the effect is not repeated.
        #expect(machine.handle(.committed(effects[0], revision: 9), now: Samples.moment(1_000), using: &random).isEmpty)
        #expect(machine.handle(.tick, now: Samples.moment(5_000), using: &random).isEmpty)
        guard case .put(let record, _)? = effects[0].writes.first else { return }
        #expect(machine.handle(.record(record, revision: 9), now: Samples.moment(5_000), using: &random).isEmpty)
        #expect(machine.handle(.caughtUp, now: Samples.moment(5_000), using: &random).isEmpty)
    }

    @Test(
        "A volume is taken from its holder only on the word of a cell that follows the order to stop, has stopped it, and sealed it"
    )
    func handOver() throws {
        let cases: [(String, MemberPhase, UInt64, Bool, Bool, Bool, Int64?)] = [
            ("a stale report", .stopped, 1, true, false, false, 1),
            ("still stopping", .stopping, 1, true, false, false, nil),
            ("not sealed", .stopped, 1, false, false, false, nil),
            ("still mounted", .stopped, 1, true, true, false, nil),
            ("another's", .stopped, 1, true, false, true, nil), ("an older copy", .stopped, 0, true, false, false, nil),
            ("a newer one", .stopped, 2, true, false, false, nil),
        ]
        for (name, phase, epoch, sealed, mounted, foreign, follows) in cases {
            var bench = try Self.serving()
            _ = try bench.stop("demo")
            let effects = bench.cell(
                [try bench.status("demo", phase)],
                volumes: [try bench.lying("demo", epoch: epoch, sealed: sealed, mounted: mounted, foreign: foreign)],
                follows: follows)
            #expect(!Self.names(effects).contains(.volumeRelease), "\(name)")
            let member = try #require(bench.view.members.values.first?.value.id)
            #expect(try bench.volume("demo").phase == .held(by: member), "\(name)")
        }
        var bench = try Self.serving()
        _ = try bench.stop("demo")
        let effects = bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(Self.names(effects).contains(.volumeRelease))
        #expect(try bench.volume("demo").phase == .sealed)
        #expect(try bench.volume("demo").sealedAt == Epoch(1))
    }

    @Test(
        "Every holder gets a higher epoch than the one before, and one that never took it leaves the last seal as it was"
    )
    func epochs() throws {
        var bench = try Self.serving()
        for round in UInt64(1)...4 {
            _ = try bench.stop("demo")
            _ = bench.cell(
                [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: round, sealed: true)])
            _ = try bench.start("demo")
            #expect(try bench.volume("demo").epoch == Epoch(round + 1))
            _ = bench.cell(
                [try bench.status("demo", .healthy)],
                volumes: [try bench.lying("demo", epoch: round + 1, mounted: true)])
            #expect(try bench.volume("demo").sealedAt == Epoch(round + 1))
        }
        // Stopped again before it ever took epoch 6.
        _ = try bench.stop("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 5, sealed: true)])
        _ = try bench.start("demo")
        _ = try bench.stop("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 5, sealed: true)])
        #expect(try bench.volume("demo").phase == .sealed)
        #expect(try bench.volume("demo").sealedAt == Epoch(5))
        #expect(try bench.volume("demo").epoch == Epoch(6))
    }

    @Test("Once a holder took a volume, a label from before is not its data: nothing is released on its word")
    func olderAfterTaken() throws {
        var bench = try Self.serving()
        _ = try bench.stop("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        _ = try bench.start("demo")
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 2, mounted: true)])
        _ = try bench.stop("demo")
        let effects = bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(!Self.names(effects).contains(.volumeRelease))
        #expect(Self.names(effects).contains(.jobFinish), "it has stopped all the same")
        #expect(try bench.volume("demo").sealedAt == Epoch(2))
    }

    @Test("A volume that was let go of before it was made can be made by the next holder")
    func neverMade() throws {
        var bench = ControllerBench()
        _ = try bench.push(Self.request)
        _ = try bench.stop("demo")
        let effects = bench.cell([try bench.status("demo", .stopped)])
        #expect(Self.names(effects).contains(.volumeRelease))
        #expect(try bench.volume("demo").phase == .allotted)
        _ = try bench.start("demo")
        let orders = bench.view.cellOrders(for: Samples.cell, term: Term(1))
        let holder = try #require(orders.members.first?.id)
        #expect(orders.volumes.first?.purpose == .serve(holder, sealedAt: .none, mayCreate: true))
    }

    @Test("Delete keeps a volume for its grace period and no shorter; then it goes", .proves(.deleteKeeps))
    func grace() throws {
        var bench = try Self.serving(graceDays: 2)
        _ = try bench.delete("demo")
        bench.now = 1_000
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        let due = 1_000 + 2 * Int64(86_400_000)
        #expect(try bench.volume("demo").phase == .kept(until: Samples.start + due))
        #expect(bench.machine.nextWake(now: bench.moment) == Samples.moment(due).monotonic)
        bench.now = due - 1
        #expect(bench.tell(.tick).isEmpty && bench.restart().isEmpty)
        #expect(bench.view.cellOrders(for: Samples.cell, term: Term(1)).volumes.first?.purpose == .keep)
        bench.now = due
        #expect(Self.names(bench.tell(.tick)) == [.volumePurge])
        #expect(bench.view.cellOrders(for: Samples.cell, term: Term(1)).volumes.first?.purpose == .delete)
    }

    @Test("A record of a volume goes only when a cell that follows the order to delete it has nothing of it")
    func forgets() throws {
        var bench = try Self.serving()
        _ = try bench.delete("demo", purge: true)
        let lying = try bench.lying("demo", epoch: 1, sealed: true)
        let revision = bench.revision
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [lying])
        #expect(try bench.volume("demo").phase == .purging)
        #expect(bench.cell(follows: revision).isEmpty, "it may have reported before it found the volume")
        #expect(bench.cell(volumes: [lying]).isEmpty)
        #expect(Self.names(bench.cell()) == [.volumeForget])
        #expect(bench.view.volumes.isEmpty && bench.view.volumeStatuses.isEmpty)
    }

    @Test("A volume that nobody knows is told once, and nothing is ordered for it")
    func unknown() throws {
        var bench = ControllerBench()
        let status = VolumeStatus(id: VolumeID("stranger")!, label: nil, mounted: false, refusal: nil, used: nil)
        let effects = bench.cell(volumes: [status])
        #expect(Self.names(effects) == [.statusRecord])
        #expect(bench.view.events.map(\.kind) == [.volumeUnknown])
        #expect(bench.cell(volumes: [status]).isEmpty)
        #expect(bench.view.cellOrders(for: Samples.cell, term: Term(1)).volumes.isEmpty)
    }

    @Test("How full a volume is is no news")
    func used() throws {
        var bench = try Self.serving()
        var lying = try bench.lying("demo", epoch: 1, mounted: true)
        lying.used = .megabytes(50)
        #expect(bench.cell([try bench.status("demo", .healthy)], volumes: [lying]).isEmpty)
    }

    @Test("A cell says nothing of members that are not its own")
    func notItsOwn() throws {
        var bench = try Self.serving()
        var report = bench.report([try bench.status("demo", .stopped)])
        report.cell = CellID("cell-2")!
        let effects = bench.tell(.cellReport(report))
        #expect(Self.names(effects) == [.cellRecord])
        #expect(bench.view.statuses.values.first?.value.phase == .healthy)
    }

    @Test("A report that was overtaken on its way is dropped; after a reboot the count may begin anew")
    func overtaken() throws {
        var bench = try Self.serving()
        var old = bench.report([try bench.status("demo", .starting)])
        _ = bench.cell(
            [try bench.status("demo", .unhealthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        #expect(bench.tell(.cellReport(old)).isEmpty)
        (old.sequence, old.bootID) = (1, "another boot")
        #expect(Self.names(bench.tell(.cellReport(old))).contains(.statusRecord))
    }
}
