import FoundryModel
import FoundryRules
import Testing

@Suite("What a controller looks at")
struct ControllerAttentionTests {
    @Test(
        "After every event nothing is left to be done that a look at everything would find, whatever faults and operators do",
        arguments: 40..<42)
    func overlooks(seed: Int) {
        let overlooked = TransitionRecords.overlooked(UInt64(seed))
        #expect(overlooked.isEmpty, "seed \(seed): \(overlooked.prefix(5))")
    }

    /// A guarded volume's cell that has said nothing of its guards yet, at the moment of a tick.
    private static func guarding() throws -> (
        bench: ClusterBench, session: Revised<SessionRecord>, volume: VolumeRecord
    ) {
        var bench = ClusterBench()
        let app = bench.push("db") {
            $0.restartPolicy = .available
            $0.recovery = RecoverySpec(replicas: 1, replication: .asynchronous)
        }
        bench.pass(3_000)
        let id = try #require(bench.view.primary(of: app)?.volume)
        var volume = try #require(bench.view.volumes[id])
        bench.living = []
        volume.value.guardState = .ordered
        bench.mustWrite([.put(.volume(volume.value), expects: .revision(volume.revision))])
        let session = try #require(bench.view.sessions[volume.value.cell])
        return (bench, session, try #require(bench.view.volumes[id]?.value))
    }

    @Test("A renewal that says something new of the guards is looked at when it comes, not at the next report")
    func guards() throws {
        var (bench, session, volume) = try Self.guarding()
        #expect(volume.guardState == .ordered)
        session.value.sequence += 1
        session.value.guards.volumes = [
            GuardedVolume(volume: volume.id, epoch: volume.epoch, ordersRevision: bench.revision + 9)
        ]
        bench.mustWrite([.put(.session(session.value), expects: .revision(session.revision))])
        guard case .on? = bench.view.volumes[volume.id]?.value.guardState else {
            return #expect(Bool(false), "the guard is on")
        }
        #expect(bench.overlooked.isEmpty)
    }

    @Test("Another incarnation under a cell's name is looked at when it comes")
    func incarnation() throws {
        var (bench, session, volume) = try Self.guarding()
        session.value.sequence += 1
        session.value.incarnation = IncarnationID("another")!
        bench.mustWrite([.put(.session(session.value), expects: .revision(session.revision))])
        #expect(bench.view.openFence(of: volume.cell, volume.incarnation)?.value.cause == .replaced)
        #expect(bench.overlooked.isEmpty)
    }

    @Test("A cell that is back has its fence lifted when its session opens")
    func back() throws {
        var bench = ClusterBench()
        let cell = ClusterBench.cell(1)
        bench.living.remove(cell)
        bench.pass(SessionTiming.normal.expiryMilliseconds + 1_000)
        bench.living = []
        var session = try #require(bench.view.sessions[cell])
        session.value.state = .alive
        bench.mustWrite([.put(.session(session.value), expects: .revision(session.revision))])
        #expect(bench.names.last == .fenceLift && bench.overlooked.isEmpty)
    }
}
