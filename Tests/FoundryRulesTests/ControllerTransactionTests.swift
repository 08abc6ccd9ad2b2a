import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What a recovery writes, to the last field")
struct ControllerTransactionTests {
    private static let expiry = SessionTiming.normal.expiryMilliseconds
    private static let grace: Int64 = 7 * 86_400_000

    /// The first transaction of a name, and the records as they were before it.
    private struct Told {
        var volumes: [VolumeID: VolumeRecord] = [:]
        var members: [MemberID: MemberRecord] = [:]
        var puts: Set<Record> = []
        var deleted: Set<String> = []
        var checked: [String] = []
        var expected: [String: RecordExpectation] = [:]
        var event: EventRecord?

        init(_ name: ControllerEffectName, _ bench: ClusterBench) throws {
            let index = try #require(bench.committed.firstIndex { $0.name == name.rawValue })
            for write in bench.committed[..<index].flatMap(\.writes) {
                switch write {
                case .put(.volume(let volume), _): volumes[volume.id] = volume
                case .put(.member(let member), _): members[member.id] = member
                case .put, .delete, .check: break
                }
            }
            for write in bench.committed[index].writes {
                switch write {
                case .put(.event(let event), _): self.event = event
                case .put(let record, _): puts.insert(record)
                case .delete(let key, _, _): deleted.insert(key)
                case .check(let key, _, let expects):
                    checked.append(key)
                    expected[key] = expects
                }
            }
        }

        func volume(_ id: VolumeID?, _ change: (inout VolumeRecord) -> Void) throws -> Record {
            var volume = try #require(id.flatMap { volumes[$0] })
            change(&volume)
            return .volume(volume)
        }

        func member(_ id: MemberID, _ change: (inout MemberRecord) -> Void) throws -> Record {
            var member = try #require(members[id])
            change(&member)
            return .member(member)
        }

        func epoch(_ id: VolumeID?) throws -> Epoch { try #require(id.flatMap { volumes[$0]?.epoch }) }
    }

    private static func keys(of member: MemberRecord) -> Set<String> {
        [RecordKind.member.key(member.id.description), RecordKind.status.key(member.id.description)]
    }

    private static func replicated(
        _ bench: inout ClusterBench, _ policy: RestartPolicy, _ mode: ReplicationMode
    ) -> [MemberRecord] {
        let app = bench.push("db") {
            $0.restartPolicy = policy
            $0.recovery = RecoverySpec(replicas: 2, replication: mode)
        }
        bench.pass(4_000)
        return bench.view.members(of: app)
    }

    private static func lose(_ cell: CellID, _ bench: inout ClusterBench) {
        bench.living.remove(cell)
        bench.pass(expiry + 1_000)
    }

    @Test("A hand-over: the same branch, a higher epoch, the copy that is known to be current; the old one is kept")
    func handOver() throws {
        var bench = ClusterBench(cells: 4)
        let members = Self.replicated(&bench, .consistent, .synchronous)
        Self.lose(members[0].cell, &bench)
        let told = try Told(.volumeHandOver, bench)
        let taker = try #require(members.dropFirst().first { bench.view.members[$0.id]?.value.role == .primary })
        let other = try #require(members.dropFirst().first { $0.id != taker.id })
        let epoch = try told.epoch(members[0].volume)
        let now = try #require(told.event?.time)
        #expect(
            told.puts == [
                try told.volume(members[0].volume) {
                    $0.phase = .kept(until: now + Self.grace)
                    $0.guardState = .off
                    $0.replication = ReplicationState()
                },
                try told.volume(taker.volume) {
                    $0.phase = .held(by: taker.id)
                    $0.epoch = epoch.next
                    $0.origin = CopyOrigin(branch: 1, epoch: epoch)
                },
                try told.member(taker.id) {
                    $0.role = .primary
                    $0.turn = 1
                },
                try told.volume(other.volume) { $0.phase = taker.volume.map { .follows($0) } ?? .sealed },
            ])
        #expect(told.deleted == Self.keys(of: members[0]))
        let fence = try #require(bench.view.fences.values.first?.value.id)
        #expect(told.checked == [RecordKind.fence.key(fence.description), "/sessions/c1"])
        #expect(
            told.expected["/sessions/c1"] == .seen(bench.view.sessions[members[0].cell]),
            "a session since then stops it")
        #expect(told.event?.kind == .volumeHandedOver)
        #expect(told.event?.message == "was handed over to db/\(taker.index) under epoch \(epoch.next)")
    }

    @Test("What another life of the cell does is nothing to the hand-over from the one that is fenced")
    func handOverOfAnOlderLife() throws {
        var bench = ClusterBench(cells: 4)
        bench.armed = []
        let members = Self.replicated(&bench, .consistent, .synchronous)
        Self.lose(members[0].cell, &bench)
        #expect(!bench.names.contains(.volumeHandOver), "nothing says that it is dead")
        let id = try #require(bench.view.fences.keys.first)
        var session = try #require(bench.view.sessions[members[0].cell])
        session.value.incarnation = try #require(IncarnationID("another"))
        session.value.state = .alive
        bench.mustWrite([.put(.session(session.value), expects: .revision(session.revision))])
        var fence = try #require(bench.view.fences[id])
        fence.value.evidence.append(.person("operator"))
        bench.mustWrite([.put(.fence(fence.value), expects: .revision(fence.revision))])
        bench.pass(1_000)
        #expect(try Told(.volumeHandOver, bench).checked == [RecordKind.fence.key(id.description)])
    }

    @Test("A fork: a new branch from what the copy has; the others follow it, and the old one is a fork")
    func fork() throws {
        var bench = ClusterBench(cells: 4)
        bench.armed = []
        let members = Self.replicated(&bench, .available, .asynchronous)
        Self.lose(members[0].cell, &bench)
        let told = try Told(.volumeFork, bench)
        let epoch = try told.epoch(members[0].volume)
        let now = try #require(told.event?.time)
        #expect(
            told.puts == [
                try told.volume(members[0].volume) {
                    $0.phase = .forked(since: now)
                    $0.guardState = .off
                },
                try told.volume(members[1].volume) {
                    $0.phase = .held(by: members[1].id)
                    $0.epoch = epoch.next
                    $0.branch = 2
                    $0.origin = CopyOrigin(branch: 1, epoch: epoch)
                },
                try told.member(members[1].id) {
                    $0.role = .primary
                    $0.turn = 1
                },
                try told.volume(members[2].volume) {
                    $0.phase = members[1].volume.map { .follows($0) } ?? .sealed
                    $0.branch = 2
                },
            ])
        #expect(told.deleted == Self.keys(of: members[0]))
        #expect(told.checked.count == 2 && told.event?.kind == .volumeForked)
        #expect(
            told.event?.message
                == "goes on at db/1 as branch 2; the copy on cell \(members[0].cell.short) is kept as a fork")
    }

    @Test("A fork from a copy that is behind a sealed holder asks of it what it has, and no more")
    func forkOfSealed() throws {
        var bench = ClusterBench(cells: 4)
        bench.armed = []
        let members = Self.replicated(&bench, .available, .asynchronous)
        // They follow no further than here.
        bench.deaf = [members[1].cell, members[2].cell]
        let id = try #require(members[0].volume)
        var volume = try #require(bench.view.volumes[id])
        let behind = volume.value.epoch
        volume.value.epoch = Epoch(9)
        bench.mustWrite([.put(.volume(volume.value), expects: .revision(volume.revision))])
        bench.pass(1_000)
        var random = Seeded(5)
        let fence = try OperatorVerbs.fence(
            members[0].cell, view: bench.view, now: bench.moment.wall, using: &random)
        bench.mustWrite(fence.writes)
        bench.pass(3_000)
        print("PUTS", bench.names, bench.view.volumes[id]!.value.phase, bench.view.volumes[id]!.value.epoch)
        print("PUTS", bench.names, bench.view.volumes[id]!.value.phase, bench.view.volumes[id]!.value.epoch)
        let told = try Told(.volumeFork, bench)
        print(
            "PUTS",
            told.puts.compactMap {
                if case .volume(let v) = $0 {
                    "\(v.id) \(v.epoch) \(v.branch) \(v.phase) \(String(describing: v.origin)) \(v.replication)"
                } else {
                    nil as String?
                }
            }, members.map(\.volume), behind)
        #expect(
            told.puts.contains(
                try told.volume(members[1].volume) {
                    $0.phase = .held(by: members[1].id)
                    $0.epoch = Epoch(10)
                    $0.branch = 2
                    $0.origin = CopyOrigin(branch: 1, epoch: behind)
                }))
    }

    @Test("A change-over: both change roles under a higher epoch, and nothing is kept or removed")
    func changeOver() throws {
        var bench = ClusterBench(cells: 4)
        let members = Self.replicated(&bench, .consistent, .synchronous)
        var cell = try #require(bench.view.cells[members[0].cell])
        cell.value.duty = .drained
        bench.mustWrite([.put(.cell(cell.value), expects: .revision(cell.revision))])
        bench.pass(5_000)
        let told = try Told(.memberChangeOver, bench)
        let taker = try #require(members.dropFirst().first { bench.view.members[$0.id]?.value.role == .primary })
        let other = try #require(members.dropFirst().first { $0.id != taker.id })
        let epoch = try told.epoch(members[0].volume)
        let follows = taker.volume.map { VolumePhase.follows($0) } ?? .sealed
        #expect(
            told.puts == [
                try told.volume(members[0].volume) {
                    $0.phase = follows
                    $0.guardState = .off
                    $0.replication = ReplicationState()
                },
                try told.volume(taker.volume) {
                    $0.phase = .held(by: taker.id)
                    $0.epoch = epoch.next
                    $0.origin = CopyOrigin(branch: 1, epoch: epoch)
                },
                try told.member(members[0].id) {
                    $0.role = .replica
                    $0.turn = 1
                    $0.standsDown = false
                },
                try told.member(taker.id) {
                    $0.role = .primary
                    $0.turn = 1
                },
                try told.volume(other.volume) { $0.phase = follows },
            ])
        #expect(told.deleted.isEmpty && told.checked.isEmpty && told.event?.kind == .volumeHandedOver)
    }

    @Test("A cache that begins anew: its member goes, and what it had is a fork")
    func startEmpty() throws {
        var bench = ClusterBench()
        let app = bench.push("cache") {
            $0.restartPolicy = .available
            $0.recovery = RecoverySpec(whenLost: .empty)
        }
        let member = try #require(bench.view.primary(of: app))
        Self.lose(member.cell, &bench)
        let told = try Told(.volumeFork, bench)
        let now = try #require(told.event?.time)
        #expect(
            told.puts == [
                try told.volume(member.volume) {
                    $0.phase = .forked(since: now)
                    $0.guardState = .off
                }
            ])
        #expect(told.deleted == Self.keys(of: member) && told.checked.count == 2)
    }

    @Test("A member without a volume goes, and nothing else; one whose volume was never made takes that with it")
    func replaced() throws {
        var bench = ClusterBench()
        let stateless = bench.push("web") { $0.disk = nil }
        let first = try #require(bench.view.primary(of: stateless))
        Self.lose(first.cell, &bench)
        let moved = try Told(.memberReplace, bench)
        #expect(moved.puts.isEmpty && moved.deleted == Self.keys(of: first) && moved.event?.kind == .memberUnplaced)
        // However late it is committed: not when the cell is back by then.
        let fence = try #require(bench.view.fences.values.first?.value.id)
        #expect(moved.checked == [RecordKind.fence.key(fence.description), "/sessions/c1"])

        var drained = ClusterBench()
        let app0 = drained.push("web") { $0.disk = nil }
        let leaving = try #require(drained.view.primary(of: app0))
        var cell = try #require(drained.view.cells[leaving.cell])
        cell.value.duty = .drained
        drained.mustWrite([.put(.cell(cell.value), expects: .revision(cell.revision))])
        drained.settle()
        let left = try Told(.memberReplace, drained)
        #expect(left.deleted == Self.keys(of: leaving))
        #expect(left.checked == [RecordKind.cell.key(leaving.cell.description)])
        #expect(left.event?.message.hasSuffix("which is drained") == true)

        var other = ClusterBench()
        other.deaf = Set((1...3).map(ClusterBench.cell))
        let app = other.push("db")
        let member = try #require(other.view.primary(of: app))
        Self.lose(member.cell, &other)
        let told = try Told(.memberReplace, other)
        #expect(told.puts == [try told.volume(member.volume) { $0.phase = .purging }])
        #expect(told.deleted == Self.keys(of: member) && told.checked.count == 2)
    }

    @Test("A replica that is no longer wanted: its member goes, its copy is kept, and purged when it never was made")
    func dropped() throws {
        var bench = ClusterBench(cells: 4)
        let members = Self.replicated(&bench, .consistent, .synchronous)
        var app = try #require(bench.view.apps.values.first)
        app.value.spec.recovery.replicas = 1
        bench.mustWrite([.put(.app(app.value), expects: .revision(app.revision))])
        bench.pass(2_000)
        let told = try Told(.replicaDrop, bench)
        let gone = try #require(members.first { bench.view.members[$0.id] == nil })
        let now = try #require(told.event?.time)
        #expect(told.puts == [try told.volume(gone.volume) { $0.phase = .kept(until: now + Self.grace) }])
        #expect(told.deleted == Self.keys(of: gone) && gone.role == .replica)

        var other = ClusterBench(cells: 4)
        let single = other.push("db")
        other.deaf = Set((1...4).map(ClusterBench.cell))
        var record = try #require(other.view.apps[single])
        record.value.spec.recovery.replicas = 1
        other.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
        other.pass(1_000)
        record = try #require(other.view.apps[single])
        record.value.spec.recovery.replicas = 0
        other.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
        other.pass(1_000)
        let unmade = try Told(.replicaDrop, other)
        let phases = unmade.puts.map { if case .volume(let volume) = $0 { volume.phase } else { VolumePhase.sealed } }
        #expect(phases == [.purging])
    }
}
