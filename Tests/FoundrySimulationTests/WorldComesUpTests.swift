import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

@Suite struct WorldComesUpTests {
    @Test func fromAnEmptyStoreEveryMemberBecomesHealthyAndClientsAreAnswered() {
        let world = World(WorldSettings(seed: 1))
        world.run(until: .zero + .seconds(90))
        let before = world.counts
        world.run(until: .zero + .minutes(3))
        #expect(world.violation == nil)
        let view = world.servers[0].view
        #expect(view.apps.count == 40)
        #expect(view.members.count == view.statuses.count)
        #expect(view.statuses.values.allSatisfy { $0.value.phase == .healthy })
        #expect(world.counts.refused == before.refused)
        #expect(world.counts.timeouts == 0)
        #expect(world.counts.writes - before.writes > 12_000)
        #expect(view.fences.isEmpty)
    }

    @Test func theRecordsSayWhichDevicesCutACellsPowerAndWhereItStands() {
        let world = World(WorldSettings(seed: 3))
        world.run(until: .zero + .seconds(60))
        let cells = world.servers[0].view.cells.values.map(\.value)
        #expect(Set(cells.map(\.zone)) == ["z0", "z1", "z2"])
        #expect(cells.filter { $0.power.isEmpty }.count == 2 && cells.filter { $0.power.count == 3 }.count == 2)
    }

    @Test func whatSilenceCouldFreeIsGuardedAndSynchronousReplicasAreCurrent() {
        let world = World(WorldSettings(seed: 2))
        world.run(until: .zero + .seconds(80))
        let view = world.servers[0].view
        var guarded = 0
        for volume in view.volumes.values.map(\.value) {
            guard case .held = volume.phase, let app = view.apps[volume.app]?.value else { continue }
            let recovery = app.spec.recovery
            if case .on = volume.guardState { guarded += 1 }
            if recovery.replicas > 0, recovery.replication == .synchronous {
                #expect(volume.replication.enforced.count == recovery.replicas, "\(app.name)")
            }
        }
        #expect(guarded == 15)
        #expect(view.sessions.values.allSatisfy { $0.value.guards.armed == Set(GuardKind.allCases) })
    }

    @Test func theSameSeedIsTheSameWorld() {
        let traces = (0..<2).map { _ in
            let world = World(WorldSettings(seed: 7))
            world.run(until: .zero + .minutes(1))
            return world.trace
        }
        #expect(traces[0] == traces[1])
        let other = World(WorldSettings(seed: 8))
        other.run(until: .zero + .minutes(1))
        #expect(other.trace != traces[0])
    }
}
