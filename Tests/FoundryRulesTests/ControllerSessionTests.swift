import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Sessions as the controller sees them")
struct ControllerSessionTests {
    private static let timing = SessionTiming.normal
    private static let one = ClusterBench.cell(1)

    @Test("A cell that is silent for T is expired and fenced in one transaction, not before")
    func expiry() throws {
        var bench = ClusterBench()
        bench.living.remove(Self.one)
        bench.pass(Self.timing.expiryMilliseconds - 500)
        #expect(!bench.names.contains(.sessionExpire))
        bench.pass(1_000)
        let effect = try #require(bench.done.first { $0.name == .sessionExpire })
        #expect(bench.names.filter { $0 == .sessionExpire }.count == 1)
        let session = try #require(bench.view.sessions[Self.one]?.value)
        guard case .expired(let id) = session.state else { return #expect(Bool(false), "\(session.state)") }
        let fence = try #require(bench.view.fences[id]?.value)
        #expect(fence.state == .open && fence.cause == .silence && fence.cell == Self.one)
        #expect(
            fence.evidence == [
                .expiry(
                    session: session.session, sequence: session.sequence, guards: session.guards, isPausable: false)
            ])
        // A renewal that came first would have changed the record that this compares.
        let expects = effect.writes.first { $0.key == Record.session(session).key }?.expectation
        guard case .revision? = expects else { return #expect(Bool(false), "\(String(describing: expects))") }
    }

    @Test("A renewal that was committed meanwhile makes the expiry fail, and the cell counts as living")
    func renewalWins() throws {
        var bench = ClusterBench()
        bench.living.remove(Self.one)
        bench.pass(Self.timing.expiryMilliseconds - 500)
        bench.living.insert(Self.one)
        bench.pass(2_000)
        #expect(!bench.names.contains(.sessionExpire))
        #expect(bench.view.sessions[Self.one]?.value.state == .alive)
    }

    @Test("A new controller, and one that lost sight of the store, count silence from zero")
    func fromZero() {
        for losesSight in [false, true] {
            var bench = ClusterBench()
            bench.living.remove(Self.one)
            bench.pass(Self.timing.expiryMilliseconds - 1_000)
            if losesSight {
                bench.tell(.lostSight)
                bench.tell(.caughtUp)
            } else {
                bench.restart()
            }
            bench.pass(Self.timing.expiryMilliseconds - 500)
            #expect(!bench.names.contains(.sessionExpire))
            bench.pass(1_500)
            #expect(bench.names.contains(.sessionExpire))
        }
    }

    @Test("A report is no renewal, and one of another session than the living one says nothing")
    func reports() {
        var bench = ClusterBench()
        bench.living.remove(Self.one)
        for _ in 0..<20 {
            bench.now += 500
            bench.tell(.cellReport(bench.report(of: Self.one)))
            bench.settle()
        }
        #expect(bench.names.contains(.sessionExpire))
        let known = bench.machine.reports[Self.one]
        bench.tell(.cellReport(bench.report(of: Self.one, sequence: 2_000_000)))
        #expect(bench.machine.reports[Self.one] == known)
    }

    @Test("Too many at once: the brake is engaged, nobody is expired, and a person releases it")
    func brake() throws {
        var bench = ClusterBench(cells: 5)
        for index in 1...3 { bench.living.remove(ClusterBench.cell(index)) }
        bench.pass(4 * Self.timing.expiryMilliseconds)
        #expect(bench.names.contains(.clusterBrake) && !bench.names.contains(.sessionExpire))
        let cluster = try #require(bench.view.cluster)
        #expect(cluster.value.brake?.cells == (1...3).map(ClusterBench.cell))
        for index in 2...3 { bench.living.insert(ClusterBench.cell(index)) }
        bench.pass(2_000)
        var released = cluster.value
        released.brake = nil
        bench.mustWrite([.put(.cluster(released), expects: .revision(cluster.revision))])
        bench.pass(1_000)
        #expect(bench.names.filter { $0 == .sessionExpire }.count == 1)
    }

    @Test("Nobody is expired in maintenance")
    func maintenance() {
        var bench = ClusterBench()
        bench.write([.put(.cluster(ClusterRecord(isInMaintenance: true)), expects: .absent)])
        bench.living.remove(Self.one)
        bench.pass(3 * Self.timing.expiryMilliseconds)
        #expect(!bench.names.contains(.sessionExpire))
    }

    @Test("A cell that comes back has its fence lifted, and what was not handed over stays its own")
    func comesBack() throws {
        var bench = ClusterBench()
        let app = bench.push("single")
        let member = try #require(bench.view.primary(of: app))
        let volume = try #require(member.volume)
        bench.living.remove(member.cell)
        bench.pass(2 * Self.timing.expiryMilliseconds)
        #expect(bench.view.volumes[volume]?.value.phase == .held(by: member.id))
        bench.reboot(member.cell)
        bench.pass(1_000)
        #expect(bench.names.contains(.fenceLift))
        #expect(bench.view.primary(of: app) == member)
        #expect(bench.view.fences.values.allSatisfy { $0.value.state != .open })
    }

    @Test(
        "Another incarnation under a cell's name opens a fence against the one before, which nothing it says can confirm"
    )
    func replaced() throws {
        var bench = ClusterBench()
        let app = bench.push("single")
        let member = try #require(bench.view.primary(of: app))
        let volume = try #require(member.volume)
        var record = try #require(bench.view.volumes[volume])
        record.value.incarnation = IncarnationID("life-before")
        bench.mustWrite([.put(.volume(record.value), expects: .revision(record.revision))])
        bench.pass(1_000)
        let fence = try #require(bench.view.openFence(of: member.cell, IncarnationID("life-before")))
        #expect(fence.value.cause == .replaced && fence.value.evidence.isEmpty)
        let orders = bench.view.cellOrders(for: member.cell, term: Term(1))
        #expect(orders.fences.isEmpty && !orders.volumes.contains { $0.id == volume })
        #expect(bench.view.volumes[volume]?.value.phase == .held(by: member.id))
    }
}
