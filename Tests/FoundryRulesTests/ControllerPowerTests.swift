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

    private static func last(_ bench: ClusterBench, _ fence: FenceID) throws -> ControllerEffect {
        try #require(
            bench.done.last { effect in
                if case .power(let order) = effect.action { order.fence == fence } else { false }
            })
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
}
