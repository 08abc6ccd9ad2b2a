import FoundryModel
import FoundryRules
import Testing

@Suite("Where replicas come from, and when they take over")
struct ControllerReplicaTests {
    private static let expiry = SessionTiming.normal.expiryMilliseconds

    private static func change(_ app: AppID, _ bench: inout ClusterBench, _ change: (inout AppRecord) -> Void) {
        guard var record = bench.view.apps[app] else { return }
        change(&record.value)
        bench.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
    }

    @Test("One that has no room waits, and is placed when there is some")
    func room() {
        var bench = ClusterBench(cells: 2)
        let filler = bench.push("filler") { $0.memory = .gigabytes(10) }
        let app = bench.push("db") { $0.memory = .gigabytes(10) }
        #expect(bench.view.primary(of: filler)?.cell != bench.view.primary(of: app)?.cell)
        Self.change(app, &bench) { $0.spec.recovery.replicas = 1 }
        bench.pass(5_000)
        #expect(!bench.names.contains(.replicaAdd))
        Self.change(filler, &bench) { $0.desired = .deleted(purge: true) }
        bench.pass(5_000)
        #expect(bench.view.apps[filler] == nil)
        #expect(bench.view.members(of: app).map(\.role) == [.primary, .replica])
    }

    @Test("Without a disk there is nothing that a replica could be given")
    func disk() {
        var bench = ClusterBench()
        let app = bench.push("db")
        Self.change(app, &bench) {
            $0.spec.disk = nil
            $0.spec.recovery.replicas = 1
        }
        bench.pass(5_000)
        #expect(!bench.names.contains(.replicaAdd) && bench.view.members(of: app).count == 1)
    }

    @Test("A cell that is late takes no new member, though it has the most room")
    func late() throws {
        var bench = ClusterBench(cells: 4)
        let late = ClusterBench.cell(1)
        bench.living.remove(late)
        bench.pass(2_500)
        for name in ["a", "b", "c", "d", "e"] {
            let app = bench.push(name)
            let cell = try #require(bench.view.primary(of: app)?.cell)
            #expect(cell != late)
        }
        bench.living.insert(late)
        bench.pass(1_000)
        let app = bench.push("f")
        #expect(bench.view.primary(of: app)?.cell == late)
    }

    @Test("A primary that was to change over goes on when its cell is no longer drained")
    func undrained() throws {
        var bench = ClusterBench()
        let app = bench.push("db") { $0.recovery = RecoverySpec(replicas: 1) }
        bench.pass(3_000)
        let primary = try #require(bench.view.primary(of: app))
        func turn(_ duty: CellDuty) throws {
            var record = try #require(bench.view.cells[primary.cell])
            record.value.duty = duty
            bench.mustWrite([.put(.cell(record.value), expects: .revision(record.revision))])
        }
        bench.deaf.insert(primary.cell)
        try turn(.drained)
        bench.pass(1_000)
        #expect(bench.view.members[primary.id]?.value.standsDown == true)
        try turn(.active)
        #expect(bench.view.members[primary.id]?.value.standsDown == false)
        bench.deaf = []
        bench.pass(5_000)
        #expect(bench.view.primary(of: app)?.id == primary.id && !bench.names.contains(.memberChangeOver))
    }

    @Test("Of a replica whose label its cell does not say, a new branch asks for no epoch: the cell judges it")
    func unknownLabel() throws {
        var bench = ClusterBench()
        let app = bench.push("db") {
            $0.restartPolicy = .available
            $0.recovery = RecoverySpec(replicas: 1, replication: .asynchronous)
        }
        bench.pass(3_000)
        let members = bench.view.members(of: app)
        let replica = try #require(members.last?.volume)
        let epoch = try #require(members.first?.volume.flatMap { bench.view.volumes[$0]?.value.epoch })
        func fork(hasLabel: Bool) throws -> CopyOrigin? {
            var bench = bench
            bench.living.remove(members[0].cell)
            bench.pass(Self.expiry - 500)
            bench.living = []
            var report = bench.report(of: members[1].cell)
            for index in report.volumes.indices where !hasLabel { report.volumes[index].label = nil }
            bench.tell(.cellReport(report))
            bench.now += 1_000
            bench.tell(.tick)
            #expect(bench.names.contains(.volumeFork))
            return bench.view.volumes[replica]?.value.origin
        }
        #expect(try fork(hasLabel: true) == CopyOrigin(branch: 1, epoch: epoch))
        #expect(try fork(hasLabel: false) == CopyOrigin(branch: 1, epoch: .none))
    }

    @Test(
        "A replica that is out of reach when a branch begins may have more than the taker: it is kept, another is made")
    func outOfReach() throws {
        var bench = ClusterBench(cells: 7)
        let app = bench.push("db") {
            $0.restartPolicy = .available
            $0.recovery = RecoverySpec(replicas: 2, replication: .asynchronous)
        }
        bench.pass(3_000)
        let members = bench.view.members(of: app)
        bench.living.remove(members[0].cell)
        bench.pass(Self.expiry - 3_000)
        bench.living.remove(members[2].cell)
        bench.pass(4_000)
        #expect(bench.names.contains(.volumeFork))
        #expect(bench.view.primary(of: app)?.id == members[1].id && bench.view.members[members[2].id] == nil)
        guard case .kept? = members[2].volume.flatMap({ bench.view.volumes[$0]?.value.phase }) else {
            return #expect(Bool(false), "its copy is kept")
        }
        bench.pass(5_000)
        let after = bench.view.members(of: app)
        #expect(after.count == 3 && Set(after.map(\.cell)).isDisjoint(with: [members[0].cell, members[2].cell]))
    }
}
