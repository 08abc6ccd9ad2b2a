import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

@Suite("Hand-overs, forks and change-overs")
struct ControllerHandOverTests {
    private static let expiry = SessionTiming.normal.expiryMilliseconds

    private static func replicated(
        _ bench: inout ClusterBench, policy: RestartPolicy = .consistent, mode: ReplicationMode = .synchronous,
        replicas: Int = 1, fence: FenceLevel = .session
    ) -> AppID {
        let app = bench.push("db") {
            $0.restartPolicy = policy
            $0.recovery = RecoverySpec(fence: fence, replicas: replicas, replication: mode)
        }
        bench.pass(3_000)
        return app
    }

    @Test("A replicated app comes up: its replica follows, is waited for, and its holder is guarded")
    func comesUp() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench, replicas: 2)
        let members = bench.view.members(of: app)
        #expect(members.map(\.role) == [.primary, .replica, .replica])
        #expect(Set(members.map(\.cell)).count == 3)
        let holder = try #require(members[0].volume.flatMap { bench.view.volumes[$0]?.value })
        #expect(holder.replication.enforced == holder.replication.waitsFor && holder.replication.enforced.count == 2)
        guard case .on = holder.guardState else { return #expect(Bool(false), "\(holder.guardState)") }
    }

    @Test(
        "A lost primary's guarded volume is handed over to the replica that was waited for, under a higher epoch of the same branch"
    )
    func handOver() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench)
        let old = try #require(bench.view.primary(of: app))
        let oldVolume = try #require(old.volume.flatMap { bench.view.volumes[$0]?.value })
        bench.living.remove(old.cell)
        bench.pass(Self.expiry + 1_000)
        let effect = try #require(bench.done.first { $0.name == .volumeHandOver })
        let new = try #require(bench.view.primary(of: app))
        let newVolume = try #require(new.volume.flatMap { bench.view.volumes[$0]?.value })
        #expect(new.cell != old.cell && new.turn == 1)
        #expect(newVolume.lineage == oldVolume.lineage && newVolume.branch == oldVolume.branch)
        #expect(newVolume.epoch > oldVolume.epoch && newVolume.phase == .held(by: new.id))
        let fence = try #require(bench.view.openFence(of: old.cell, bench.incarnation(old.cell)))
        #expect(
            effect.writes.contains {
                if case .check(let key, .fence, .revision) = $0 { key == Record.fence(fence.value).key } else { false }
            })
        guard case .kept? = bench.view.volumes[oldVolume.id]?.value.phase else {
            return #expect(Bool(false), "the old copy is kept")
        }
        #expect(bench.view.members[old.id] == nil)
    }

    @Test(
        "Without all guards armed, with a machine that can be paused, or with --fence power, silence hands nothing over"
    )
    func silenceAlone() throws {
        for reason in 0..<3 {
            var bench = ClusterBench()
            if reason == 0 { bench.armed = [.sentinel] }
            if reason == 1 { bench.isPausable = true }
            let app = Self.replicated(&bench, fence: reason == 2 ? .power : .session)
            let old = try #require(bench.view.primary(of: app))
            bench.living.remove(old.cell)
            bench.pass(4 * Self.expiry)
            #expect(bench.names.contains(.sessionExpire) && !bench.names.contains(.volumeHandOver))
            #expect(bench.view.primary(of: app) == old)
        }
    }

    @Test(
        "Power evidence frees what asks for it: off, then status OFF of every device, each attempt recorded before its device is used"
    )
    func power() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench, fence: .power)
        let old = try #require(bench.view.primary(of: app))
        Self.setPower(
            [[PowerDevice(name: "a", isDrilled: true), PowerDevice(name: "b", isDrilled: true)]], old.cell, &bench)
        bench.living.remove(old.cell)
        bench.pass(Self.expiry + 2_000)
        #expect(bench.powerOrders.map { "\($0.device) \($0.step)" } == ["a off", "b off", "a status", "b status"])
        #expect(bench.names.contains(.volumeHandOver))
        for order in bench.powerOrders {
            let recorded = bench.done.contains { effect in
                effect.name == .fenceAttempt
                    && effect.writes.contains {
                        if case .put(.fence(let fence), _) = $0 {
                            fence.attempts.contains { $0.number == order.number && $0.outcome == .begun }
                        } else {
                            false
                        }
                    }
            }
            #expect(recorded)
        }
    }

    @Test(
        "A device that hangs, fails or says ON frees nothing; a new controller does not wait for the old one's answer")
    func powerFails() throws {
        let answers: [(PowerOrder) -> FenceOutcome?] = [
            { $0.step == .off ? .succeeded : .saysOn }, { _ in .failed("no answer") },
            { $0.step == .off ? .succeeded : .failed("status error") },
        ]
        for answer in answers {
            var bench = ClusterBench()
            let app = Self.replicated(&bench, fence: .power)
            let old = try #require(bench.view.primary(of: app))
            Self.setPower([[PowerDevice(name: "a", isDrilled: true)]], old.cell, &bench)
            bench.powerAnswer = answer
            bench.living.remove(old.cell)
            bench.pass(4 * Self.expiry)
            #expect(!bench.names.contains(.volumeHandOver) && bench.powerOrders.count <= 8)
        }
        var bench = ClusterBench()
        let app = Self.replicated(&bench, fence: .power)
        let old = try #require(bench.view.primary(of: app))
        Self.setPower([[PowerDevice(name: "a", isDrilled: true)]], old.cell, &bench)
        bench.powerAnswer = { _ in nil }
        bench.living.remove(old.cell)
        bench.pass(Self.expiry + 1_000)
        #expect(bench.powerOrders.count == 1 && !bench.names.contains(.volumeHandOver))
        bench.powerAnswer = { $0.step == .off ? .succeeded : .saysOff }
        let term = try #require(bench.view.term)
        bench.mustWrite([
            .put(.term(TermRecord(term: term.value.term.next, since: Samples.start)), expects: .revision(term.revision))
        ])
        bench.restart()
        bench.pass(1_000)
        #expect(bench.names.contains(.volumeHandOver))
    }

    @Test(
        "Under available a silent cell's workload goes on as a new branch without evidence, and the old copy is kept as a fork"
    )
    func fork() throws {
        var bench = ClusterBench()
        bench.armed = []
        let app = Self.replicated(&bench, policy: .available, mode: .asynchronous)
        let old = try #require(bench.view.primary(of: app))
        bench.living.remove(old.cell)
        bench.pass(Self.expiry + 1_000)
        #expect(bench.names.contains(.volumeFork))
        let new = try #require(bench.view.primary(of: app)?.volume.flatMap { bench.view.volumes[$0]?.value })
        #expect(new.branch == 2)
        guard case .forked? = old.volume.flatMap({ bench.view.volumes[$0]?.value.phase }) else {
            return #expect(Bool(false), "the old copy is a fork")
        }
        bench.reboot(old.cell)
        bench.pass(2_000)
        guard case .forked? = old.volume.flatMap({ bench.view.volumes[$0]?.value.phase }) else {
            return #expect(Bool(false), "the fork stays")
        }
        #expect(bench.view.primary(of: app)?.cell == new.cell)
    }

    @Test("A cache without a replica begins anew, empty, on another cell", .proves(.beginsAnewEmpty))
    func cache() throws {
        var bench = ClusterBench()
        let app = bench.push("cache") {
            $0.restartPolicy = .available
            $0.recovery = RecoverySpec(whenLost: .empty)
        }
        let old = try #require(bench.view.primary(of: app))
        bench.living.remove(old.cell)
        bench.pass(Self.expiry + 1_000)
        let new = try #require(bench.view.primary(of: app))
        #expect(new.cell != old.cell && new.volume != old.volume)
        let volumes = bench.view.volumes(of: app)
        #expect(Set(volumes.map(\.lineage)).count == 2)
    }

    @Test("A member without a volume is placed anew; one whose volume was never made gets another")
    func nothingToLose() throws {
        var bench = ClusterBench()
        let stateless = bench.push("web") { $0.disk = nil }
        let first = try #require(bench.view.primary(of: stateless))
        bench.living.remove(first.cell)
        bench.pass(Self.expiry + 1_000)
        #expect(bench.view.primary(of: stateless).map { $0.cell != first.cell } == true)

        bench = ClusterBench()
        for index in 1...3 { bench.deaf.insert(ClusterBench.cell(index)) }
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        #expect(member.volume.flatMap { bench.view.volumes[$0]?.value.isMade } == false)
        bench.living.remove(member.cell)
        bench.deaf = []
        bench.pass(Self.expiry + 1_000)
        #expect(bench.view.primary(of: app).map { $0.cell != member.cell } == true)
        #expect(member.volume.flatMap { bench.view.volumes[$0]?.value.phase } == .purging)
    }

    @Test(
        "A drained cell's primary stands down, is sealed, and its replica takes over; the drained one is replaced elsewhere"
    )
    func drain() throws {
        var bench = ClusterBench(cells: 4)
        let app = Self.replicated(&bench)
        let old = try #require(bench.view.primary(of: app))
        var record = try #require(bench.view.cells[old.cell])
        record.value.duty = .drained
        bench.mustWrite([.put(.cell(record.value), expects: .revision(record.revision))])
        bench.pass(10_000)
        #expect(bench.names.contains(.memberStand) && bench.names.contains(.memberChangeOver))
        let members = bench.view.members(of: app)
        #expect(members.count == 2 && !members.contains { $0.cell == old.cell })
        #expect(!bench.names.contains(.volumeFork) && !bench.names.contains(.volumeHandOver))
    }

    @Test("A person's fence asks for the cell's word: it promises, and the volume is free")
    func word() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench, fence: .power)
        let old = try #require(bench.view.primary(of: app))
        let fence = FenceRecord(
            id: FenceID("asked")!, cell: old.cell, incarnation: bench.incarnation(old.cell), cause: .asked,
            createdAt: bench.moment.wall, createdBy: "operator")
        bench.mustWrite([.put(.fence(fence), expects: .absent)])
        bench.pass(2_000)
        #expect(bench.names.contains(.fenceEvidence))
        #expect(bench.view.primary(of: app).map { $0.cell != old.cell } == true)
    }

    @Test("A replica on a cell that is lost for long is replaced, and its copy is kept")
    func lostReplica() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench)
        let replica = try #require(bench.view.members(of: app).first { $0.role == .replica })
        bench.living.remove(replica.cell)
        bench.pass(Self.expiry + 1_000)
        let holder = try #require(bench.view.primary(of: app)?.volume)
        #expect(bench.view.volumes[holder]?.value.replication.waitsFor.isEmpty == true)
        #expect(bench.view.members[replica.id] != nil)
        bench.pass(11 * Self.expiry)
        #expect(bench.names.contains(.replicaDrop))
        let members = bench.view.members(of: app)
        #expect(members.count == 2 && !members.contains { $0.cell == replica.cell })
        guard case .kept? = replica.volume.flatMap({ bench.view.volumes[$0]?.value.phase }) else {
            return #expect(Bool(false), "its copy is kept")
        }
    }

    @Test(
        "After a restore nothing is handed over before each cell was heard, and a newer label is taken for the record")
    func restored() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        let id = try #require(member.volume)
        var older = try #require(bench.view.volumes[id])
        let newest = older.value.epoch
        older.value.epoch = .none
        older.value.sealedAt = .none
        bench.living = []
        bench.mustWrite([.put(.volume(older.value), expects: .revision(older.revision))])
        let cells = Set((1...3).map(ClusterBench.cell))
        bench.mustWrite([.put(.cluster(ClusterRecord(generation: 1, unheard: cells)), expects: .absent)])
        bench.deaf = cells
        bench.living = cells
        bench.restart()
        bench.settle()
        #expect(bench.view.switches.unheard.isEmpty && bench.names.contains(.clusterHeard))
        #expect(bench.view.volumes[id]?.value.epoch == newest)
        #expect(bench.names.contains(.volumeAdopt))
    }

    @Test("That a later copy was seen after a restore stays known when that copy is lost")
    func overtaken() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let id = try #require(bench.view.primary(of: app)?.volume)
        let volume = try #require(bench.view.volumes[id]?.value)
        bench.mustWrite([.put(.cluster(ClusterRecord(generation: 1)), expects: .absent)])
        let later = VolumeID("later")!
        let label = VolumeLabel(
            volume: later, lineage: volume.lineage, branch: 1, epoch: volume.epoch.next(in: 0), role: .holder,
            sealed: false, machineID: "machine", size: volume.size)
        let status = VolumeStatus(id: later, label: label, mounted: false, refusal: nil, used: nil)
        bench.mustWrite([.put(.volumeStatus(status), expects: .absent)])
        bench.restart()
        bench.settle()
        #expect(bench.names.contains(.volumeOvertaken))
        #expect(bench.view.volumes[id]?.value.overtaken == label.epoch)
        bench.mustWrite([.delete(key: Record.volumeStatus(status).key, kind: .volumeStatus, expects: .any)])
        let known = try #require(bench.view.volumes[id]?.value)
        #expect(bench.view.isOvertaken(known) && bench.view.mustWait(known))
        #expect(bench.names.filter { $0 == .volumeOvertaken }.count == 1, "it is kept once")
    }

    private static func setPower(_ levels: [[PowerDevice]], _ cell: CellID, _ bench: inout ClusterBench) {
        guard var record = bench.view.cells[cell] else { return }
        record.value.power = levels
        bench.write([.put(.cell(record.value), expects: .revision(record.revision))])
    }
}
