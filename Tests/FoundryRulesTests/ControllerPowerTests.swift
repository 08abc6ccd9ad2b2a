import FoundryModel
import FoundryRules
import Testing

@Suite("How a controller uses power devices")
struct ControllerPowerTests {
    private static let expiry = SessionTiming.normal.expiryMilliseconds

    /// A replicated app that asks for power evidence; its primary's cell has these devices.
    private static func lost(
        _ levels: [[String]], _ bench: inout ClusterBench, _ name: String = "db"
    ) throws -> CellID {
        let app = bench.push(name) { $0.recovery = RecoverySpec(fence: .power, replicas: 1) }
        bench.pass(3_000)
        let cell = try #require(bench.view.primary(of: app)?.cell)
        var record = try #require(bench.view.cells[cell])
        record.value.power = levels.map { $0.map { PowerDevice(name: $0, isDrilled: true) } }
        bench.mustWrite([.put(.cell(record.value), expects: .revision(record.revision))])
        return cell
    }

    private static func fence(_ cell: CellID, _ bench: ClusterBench) throws -> FenceRecord {
        try #require(bench.view.openFence(of: cell, bench.incarnation(cell))?.value)
    }

    private static func held(on cell: CellID, _ bench: ClusterBench) throws -> Revised<VolumeRecord> {
        let held = bench.view.volumes.values.first {
            if case .held = $0.value.phase { $0.value.cell == cell } else { false }
        }
        return try #require(held)
    }

    private static func last(_ bench: ClusterBench, _ fence: FenceID) throws -> ControllerEffect {
        try #require(
            bench.done.last { effect in
                if case .power(let order) = effect.action { order.fence == fence } else { false }
            })
    }

    @Test("A volume of which no life of its cell is known waits for power like any other")
    func unknownLife() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        let held = try Self.held(on: cell, bench)
        #expect(held.value.incarnation == bench.incarnation(cell))
        var unknown = held.value
        unknown.incarnation = nil
        bench.mustWrite([.put(.volume(unknown), expects: .revision(held.revision))])
        bench.living.remove(cell)
        bench.pass(Self.expiry + 1_000)
        #expect(bench.powerOrders.map(\.device).contains("a"))
    }

    @Test("When a holder takes its volume, the life of its cell is known")
    func takenByALife() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        let held = try Self.held(on: cell, bench)
        var before = held.value
        before.incarnation = nil
        before.sealedAt = .none
        bench.mustWrite([.put(.volume(before), expects: .revision(held.revision))])
        bench.pass(1_000)
        #expect(bench.view.volumes[before.id]?.value == held.value)
    }

    @Test("Nothing is cut in maintenance; when it is over, it is", arguments: [true, false])
    func maintenance(isMaintenance: Bool) throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        bench.living.remove(cell)
        bench.powerAnswer = { _ in nil }
        bench.pass(Self.expiry - 1_000)
        let fence = FenceRecord(
            id: FenceID("asked")!, cell: cell, incarnation: bench.incarnation(cell), cause: .asked,
            createdAt: bench.moment.wall, createdBy: "operator")
        let brake = isMaintenance ? nil : Brake(since: bench.moment.wall, cells: [cell])
        let cluster = ClusterRecord(isInMaintenance: isMaintenance, brake: brake)
        bench.mustWrite([.put(.cluster(cluster), expects: .absent), .put(.fence(fence), expects: .absent)])
        bench.pass(5_000)
        #expect(bench.powerOrders.isEmpty && !bench.names.contains(.fenceAttempt))
        let record = try #require(bench.view.cluster)
        bench.mustWrite([.put(.cluster(ClusterRecord()), expects: .revision(record.revision))])
        bench.pass(1_000)
        #expect(bench.powerOrders.map(\.device) == ["a"])
    }

    @Test(
        "A device that could not be asked at all has failed: its attempt is recorded so, and the next has its own number"
    )
    func notHeard() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        bench.powerAnswer = { _ in nil }
        bench.living.remove(cell)
        bench.pass(Self.expiry + 1_000)
        let fence = try Self.fence(cell, bench)
        #expect(fence.attempts.map(\.outcome) == [.begun] && bench.powerOrders.count == 1)
        let effect = try Self.last(bench, fence.id)
        #expect(effect.name == .fencePower && effect.writes.isEmpty)
        bench.tell(.failed(effect, FoundryError(.commandFailed, "No such program.")))
        bench.pass(1_500)
        let outcomes = try Self.fence(cell, bench).attempts.map(\.outcome)
        #expect(outcomes == [.failed("nothing was heard of it"), .begun])
        #expect(bench.powerOrders.map(\.number) == [1, 2])
    }

    @Test("Answers about one cell say nothing of another's attempt, which is on its way at the same time")
    func twoFences() throws {
        var bench = ClusterBench(cells: 8)
        let first = try Self.lost([["a"]], &bench)
        var second = first
        for name in ["db2", "db3", "db4"] where second == first { second = try Self.lost([["b"]], &bench, name) }
        try #require(second != first)
        bench.powerAnswer = { _ in nil }
        bench.living.subtract([first, second])
        bench.pass(Self.expiry + 1_000)
        #expect(Set(bench.powerOrders.map(\.device)) == ["a", "b"])
        let order = try #require(bench.powerOrders.first { $0.cell == first })
        bench.tell(.powerAnswered(order, .failed("no answer")))
        #expect(try Self.fence(first, bench).attempts.map(\.outcome) == [.failed("no answer"), .begun])
        let other = try Self.fence(second, bench)
        #expect(other.attempts.map(\.outcome) == [.begun])
        bench.tell(.failed(try Self.last(bench, other.id), FoundryError(.commandFailed, "No such program.")))
        bench.pass(1_500)
        #expect(try Self.fence(second, bench).attempts.first?.outcome == .failed("nothing was heard of it"))
        let numbers = bench.powerOrders.filter { $0.cell == second }.map(\.number)
        #expect(Set(numbers).count == numbers.count, "no attempt is used twice: \(numbers)")
    }

    @Test("So many attempts are kept, the newest; their numbers go on, and no level is begun again")
    func kept() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a", "b", "c"], ["d", "e", "f"], ["g", "h", "i"]], &bench)
        bench.powerAnswer = { $0.step == .off ? .succeeded : .failed("no answer") }
        bench.living.remove(cell)
        bench.pass(4 * Self.expiry)
        let attempts = try Self.fence(cell, bench).attempts
        #expect(bench.powerOrders.map(\.number) == Array(1...18))
        #expect(attempts.map(\.number) == Array(3...18) && attempts.count == FenceRecord.attemptsKept)
        #expect(attempts.map(\.level) == attempts.map(\.level).sorted())
        #expect(!bench.names.contains(.volumeHandOver))
    }

    @Test(
        "An attempt of a controller that went away has failed; the next controller uses the device under its own number"
    )
    func newTerm() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        bench.powerAnswer = { _ in nil }
        bench.living.remove(cell)
        bench.pass(Self.expiry + 1_000)
        #expect(bench.powerOrders.map(\.number) == [1])
        let term = try #require(bench.view.term)
        let next = TermRecord(term: term.value.term.next, since: Samples.start)
        bench.mustWrite([.put(.term(next), expects: .revision(term.revision))])
        bench.restart()
        bench.pass(1_000)
        let attempts = try Self.fence(cell, bench).attempts
        #expect(attempts.map(\.outcome) == [.failed("its controller went away"), .begun])
        #expect(attempts.map(\.begunBy) == [term.value.term, next.term])
        #expect(bench.powerOrders.map(\.number) == [1, 2])
    }

    @Test("A device is used only for a volume that waits for what power proves")
    func needed() throws {
        func orders(_ change: (inout ClusterBench, CellID) throws -> Void) throws -> Int {
            var bench = ClusterBench()
            let cell = try Self.lost([["a"]], &bench)
            try change(&bench, cell)
            bench.living.remove(cell)
            bench.pass(Self.expiry + 2_000)
            #expect(bench.names.contains(.sessionExpire))
            return bench.powerOrders.count
        }
        func app(_ bench: inout ClusterBench, _ change: (inout AppRecord) -> Void) throws {
            var app = try #require(bench.view.apps.values.first)
            change(&app.value)
            bench.mustWrite([.put(.app(app.value), expects: .revision(app.revision))])
        }
        #expect(try orders { _, _ in } > 0)
        #expect(try orders { bench, _ in try app(&bench) { $0.spec.recovery.fence = .person } } == 0)
        #expect(try orders { bench, _ in try app(&bench) { $0.desired = .stopped } } == 0)
        let guarded = try orders { bench, _ in
            try app(&bench) { $0.spec.recovery.fence = .session }
            bench.pass(2_000)
        }
        #expect(guarded == 0, "the expiry frees it")
    }

    @Test("For a volume of the life before no device is used by the fence against the present one")
    func otherLife() throws {
        var bench = ClusterBench()
        let cell = try Self.lost([["a"]], &bench)
        bench.powerAnswer = { _ in nil }
        let id = try #require(bench.view.index.volumes(on: cell).first)
        var volume = try #require(bench.view.volumes[id])
        volume.value.incarnation = IncarnationID("life-before")
        bench.mustWrite([.put(.volume(volume.value), expects: .revision(volume.revision))])
        bench.living.remove(cell)
        bench.pass(Self.expiry + 2_000)
        let fence = try Self.fence(cell, bench)
        #expect(fence.cause == .silence && fence.attempts.isEmpty)
        #expect(!bench.powerOrders.contains { $0.fence == fence.id })
    }

    @Test("The fence against a life that was replaced is not lifted because the next one answers")
    func replaced() throws {
        var bench = ClusterBench()
        let cell = ClusterBench.cell(1)
        let fence = FenceRecord(
            id: FenceID("before")!, cell: cell, incarnation: IncarnationID("life-before")!, cause: .silence,
            createdAt: Samples.start, createdBy: "controller")
        bench.mustWrite([.put(.fence(fence), expects: .absent)])
        bench.pass(3_000)
        #expect(bench.view.fences[fence.id]?.value.state == .open && !bench.names.contains(.fenceLift))
    }
}
