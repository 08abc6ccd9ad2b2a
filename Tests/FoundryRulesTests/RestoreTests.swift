import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("After the store was restored from a backup")
struct RestoreTests {
    private static func restored(_ view: PlatformView) throws(FoundryError) -> (PlatformView, [OperatorPlan]) {
        var random = Seeded(15)
        var next = view
        let plans = try OperatorVerbs.restore(view: view, seen: 0, now: Samples.start, using: &random)
        for plan in plans {
            for write in plan.writes {
                switch write {
                case .put(let record, _): next.put(record, revision: 50)
                case .delete(let key, _, _): next.remove(key: key, revision: 50)
                case .check: continue
                }
            }
        }
        return (next, plans)
    }

    private static func world() -> RecoveryWorld {
        var world = RecoveryWorld()
        world.recovery.replicas = 1
        world.cells = ["c1", "c2"].map { .init(id: CellID($0)!) }
        var primary = RecoveryWorld.Copy(index: 0, cell: CellID("c1")!, role: .primary, epoch: Epoch(8))
        primary.guardState = .on(orderedAt: 4)
        primary.waitsFor = [1]
        primary.enforced = [1]
        world.copies = [primary, .init(index: 1, cell: CellID("c2")!, epoch: Epoch(8))]
        world.fences = ["f", "g"].map {
            FenceRecord(
                id: FenceID($0)!, cell: CellID("c3")!, incarnation: IncarnationID("i1")!, cause: .silence,
                createdAt: Samples.start, createdBy: "controller")
        }
        return world
    }

    @Test("Nothing of the time before counts any more, and every epoch to come is above all that ever were")
    func forgets() throws {
        var world = Self.world()
        world.cluster = ClusterRecord(brake: Brake(since: Samples.start, cells: []))
        let (view, plans) = try Self.restored(world.view)
        #expect(view.switches.generation == 1 && view.switches.brake == nil)
        #expect(view.switches.unheard == [CellID("c1")!, CellID("c2")!])
        #expect(view.sessions.isEmpty)
        #expect(view.fences.values.allSatisfy { $0.value.state == .lifted(at: Samples.start) })
        for volume in view.volumes.values {
            #expect(volume.value.guardState == .off && volume.value.replication == ReplicationState())
            #expect(volume.value.epoch.next(in: view.switches.generation) > Epoch(UInt64(1) << 48))
        }
        guard case .put(.cluster, .revision) = plans[0].writes[0] else {
            Issue.record("the generation must come first: \(plans[0])")
            return
        }
        let (again, _) = try Self.restored(view)
        #expect(again.switches.generation == 2)
    }

    @Test("Sessions, then fences, then volumes, each by id; what needs no change is left")
    func order() throws {
        var world = Self.world()
        world.copies[1].guardState = .ordered
        world.fences[0].state = .lifted(at: Samples.start + 1)
        world.fences.append(world.fences[1])
        world.fences[2].id = FenceID("h")!
        let keys = try Self.restored(world.view).1.flatMap(\.writes).map(\.key)
        #expect(
            keys.dropFirst(2) == [
                "/sessions/c1", "/sessions/c2", "/fences/g", "/fences/h", "/volumes/v0", "/volumes/v1",
            ])
    }

    @Test("The term ends: the controller of the time before writes nothing more")
    func term() throws {
        var view = Self.world().view
        view.put(.term(TermRecord(term: Term(9), since: Samples.start)), revision: 14)
        let (next, plans) = try Self.restored(view)
        #expect(next.term == nil)
        let end = RecordWrite.delete(key: "/term", kind: .term, expects: .revision(14))
        #expect(plans[0].writes.last == end)
    }

    @Test("A cell that only volumes know of is unheard, too")
    func volumesOfUnknownCells() throws {
        var view = Self.world().view
        view.remove(key: "/cells/c2", revision: 12)
        #expect(try Self.restored(view).0.switches.unheard == [CellID("c1")!, CellID("c2")!])
    }

    @Test("What is much is written in several transactions, none of them too large")
    func batches() throws {
        var view = PlatformView()
        var random = Seeded(16)
        for index in 0..<250 {
            view.put(
                .session(
                    SessionRecord(
                        cell: CellID("c\(index)")!, session: .random(using: &random), sequence: 1, state: .alive,
                        incarnation: IncarnationID("i")!, machineID: "m", bootID: "b", guards: .none,
                        isPausable: false)), revision: 1)
        }
        let (next, plans) = try Self.restored(view)
        #expect(next.sessions.isEmpty && plans.map(\.writes.count) == [2, 100, 100, 50])
    }

    @Test("The last generation is refused, and nothing is written")
    func exhausted() {
        var world = Self.world()
        world.cluster.generation = .max
        let view = world.view
        #expect(throws: FoundryError.self) { try Self.restored(view) }
    }
}
