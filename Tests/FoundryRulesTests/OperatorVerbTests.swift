import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What operators may do, and when")
struct OperatorVerbTests {
    private static let c1 = CellID("c1")!
    private static let i1 = IncarnationID("i1")!

    /// One cell with a living session.
    private static func view(
        state: SessionState? = .alive, fences: [FenceRecord] = [], duty: CellDuty = .active,
        cluster: ClusterRecord? = nil, incarnation: IncarnationID? = i1
    ) -> PlatformView {
        var view = PlatformView()
        view.put(
            .cell(
                CellRecord(
                    id: c1, zone: "z", capacity: Samples.capacity, machineID: "m", bootID: "b",
                    incarnation: incarnation, duty: duty)), revision: 3)
        if let state {
            view.put(
                .session(
                    SessionRecord(
                        cell: c1, session: SessionID("s")!, sequence: 1, state: state, incarnation: i1, machineID: "m",
                        bootID: "b", guards: .none, isPausable: false)), revision: 4)
        }
        for fence in fences { view.put(.fence(fence), revision: 5) }
        if let cluster { view.put(.cluster(cluster), revision: 6) }
        return view
    }

    private static func fence(
        _ id: String = "f", incarnation: IncarnationID = i1, evidence: [FenceEvidence] = []
    ) -> FenceRecord {
        FenceRecord(
            id: FenceID(id)!, cell: c1, incarnation: incarnation, cause: .silence, createdAt: Samples.start,
            createdBy: "controller", evidence: evidence)
    }

    private static func plan(
        _ verb: (inout Seeded) throws(FoundryError) -> OperatorPlan
    ) -> Result<OperatorPlan, FoundryError> {
        var random = Seeded(11)
        return Result { () throws(FoundryError) in try verb(&random) }
    }

    private static func fences(_ plan: OperatorPlan) -> [(FenceRecord, RecordExpectation)] {
        plan.writes.compactMap {
            if case .put(.fence(let fence), let expects) = $0 { return (fence, expects) }
            return nil
        }
    }

    private static func kinds(_ plan: OperatorPlan) -> [RecordKind] {
        plan.writes.map { write in
            switch write {
            case .put(let record, _): record.kind
            case .delete(_, let kind, _), .check(_, let kind, _): kind
            }
        }
    }

    private static func error(_ result: Result<OperatorPlan, FoundryError>) -> FoundryError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    // MARK: Cells

    @Test("Draining changes the cell's record, compared; the same again changes nothing")
    func drain() throws {
        let view = Self.view()
        let plan = try Self.plan { random throws(FoundryError) in
            try OperatorVerbs.drain(Self.c1, view: view, now: Samples.start, using: &random)
        }.get()
        guard case .put(.cell(let cell), .revision(3)) = plan.writes[0] else {
            Issue.record("\(plan)")
            return
        }
        #expect(cell.duty == .drained && plan.writes.count == 2 && plan.name == "cell.drain")
        let drained = Self.view(duty: .drained)
        #expect(
            try Self.plan { random throws(FoundryError) in
                try OperatorVerbs.drain(Self.c1, view: drained, now: Samples.start, using: &random)
            }.get().isUnchanged)
        let back = try Self.plan { random throws(FoundryError) in
            try OperatorVerbs.undrain(Self.c1, view: drained, now: Samples.start, using: &random)
        }.get()
        #expect(back.name == "cell.undrain" && back.writes.count == 2 && back.message.contains("takes members again"))
        #expect(
            try Self.plan { random throws(FoundryError) in
                try OperatorVerbs.undrain(Self.c1, view: view, now: Samples.start, using: &random)
            }.get().isUnchanged)
    }

    @Test("A cell that nobody knows is not found, and the nearest name is offered")
    func unknown() {
        let view = Self.view()
        let near = Self.error(
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.drain(CellID("c2")!, view: view, now: Samples.start, using: &random)
            })
        #expect(near?.code == .notFound && near?.hint == "did you mean c1?")
        var two = PlatformView()
        for id in ["c3", "c1"] {
            two.put(
                .cell(
                    CellRecord(
                        id: CellID(id)!, zone: "z", capacity: Samples.capacity, machineID: "m", bootID: "b")),
                revision: 1)
        }
        let both = two
        let tie = Self.error(
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.drain(CellID("c2")!, view: both, now: Samples.start, using: &random)
            })
        #expect(tie?.hint == "did you mean c1?")
        let far = Self.error(
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.fence(CellID("elsewhere")!, view: view, now: Samples.start, using: &random)
            })
        #expect(far?.code == .notFound && far?.hint == "foundry cells")
        let unfenced = Self.plan { random throws(FoundryError) in
            try OperatorVerbs.unfence(CellID("c2")!, view: view, now: Samples.start, using: &random)
        }
        #expect(Self.error(unfenced)?.code == .notFound)
        let confirmed = Self.plan { random throws(FoundryError) in
            try OperatorVerbs.confirm(CellID("c2")!, sight: .unheard, view: view, now: Samples.start, using: &random)
        }
        #expect(Self.error(confirmed)?.code == .notFound)
    }

    // MARK: Fences

    @Test("Of two who fence a cell at the same moment, through two servers, one finds the fence of the other")
    func fencedAtOnce() throws {
        let records = Self.view()
        var table = RecordTable()
        let cell = try #require(records.cells[Self.c1]?.value)
        let session = try #require(records.sessions[Self.c1]?.value)
        let known = table.commit([.put(.cell(cell), expects: .absent), .put(.session(session), expects: .absent)])
        let revision = try #require(known)
        var view = PlatformView()
        view.put(.cell(cell), revision: revision)
        view.put(.session(session), revision: revision)
        let plans = try [UInt64(1), 2].map { seed in
            var random = Seeded(seed)
            return try OperatorVerbs.fence(Self.c1, view: view, now: Samples.start, using: &random)
        }
        #expect(Self.fences(plans[0])[0].0.id != Self.fences(plans[1])[0].0.id)
        let answers = plans.map { table.commit($0.writes) != nil }
        #expect(answers == [true, false])
    }

    @Test("A fence names the incarnation that is meant; a second one is not opened")
    func fence() throws {
        let plan = try Self.plan { random throws(FoundryError) in
            try OperatorVerbs.fence(Self.c1, view: Self.view(), now: Samples.start, using: &random)
        }.get()
        let (fence, expects) = Self.fences(plan)[0]
        #expect(fence.cause == .asked && fence.incarnation == Self.i1 && fence.state == .open && expects == .absent)
        let again = Self.view(fences: [Self.fence()])
        #expect(
            try Self.plan { random throws(FoundryError) in
                try OperatorVerbs.fence(Self.c1, view: again, now: Samples.start, using: &random)
            }.get().isUnchanged)
        let unheld = Self.view(state: nil, incarnation: nil)
        let error = Self.error(
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.fence(Self.c1, view: unheld, now: Samples.start, using: &random)
            })
        #expect(error?.code == .conflict && error?.hint == "foundry status")
    }

    @Test("A fence is lifted when it is the cell's own; one of a life that was replaced is not")
    func unfence() throws {
        func unfence(_ view: PlatformView) -> Result<OperatorPlan, FoundryError> {
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.unfence(Self.c1, view: view, now: Samples.start, using: &random)
            }
        }
        let plan = try unfence(Self.view(fences: [Self.fence()])).get()
        let (lifted, expects) = Self.fences(plan)[0]
        #expect(Self.kinds(plan) == [.fence, .event])
        #expect(lifted.state == .lifted(at: Samples.start) && expects == .revision(5))
        #expect(try unfence(Self.view()).get().isUnchanged)
        var over = Self.fence("over")
        over.state = .lifted(at: Samples.start)
        var other = Self.fence("other")
        other.cell = CellID("c2")!
        #expect(try unfence(Self.view(fences: [over, other])).get().isUnchanged)
        let old = Self.view(fences: [Self.fence(incarnation: IncarnationID("i0")!)])
        #expect(Self.error(unfence(old))?.code == .conflict)
    }

    private static func confirm(_ sight: CellSight, _ view: PlatformView) -> Result<OperatorPlan, FoundryError> {
        plan { random throws(FoundryError) in
            try OperatorVerbs.confirm(c1, sight: sight, view: view, now: Samples.start, using: &random)
        }
    }

    @Test(
        "Confirming is refused while the cell renews",
        arguments: [CellSight.living, .late(milliseconds: 5_000), .unwatched])
    func confirmRefused(sight: CellSight) {
        for fences in [[], [Self.fence()]] {
            let error = Self.error(Self.confirm(sight, Self.view(fences: fences)))
            #expect(error?.code == .conflict && error?.message == "Cell c1 still renews its session: it is not off.")
        }
    }

    @Test("A confirmed fence carries the person's word, once")
    func confirm() throws {
        let view = Self.view(state: .expired(fence: FenceID("f")!), fences: [Self.fence(evidence: [.power(level: 0)])])
        let plan = try Self.confirm(.expired(FenceID("f")!), view).get()
        #expect(Self.fences(plan)[0].0.evidence == [.power(level: 0), .person("operator")])
        #expect(Self.kinds(plan) == [.fence, .event])
        let said = Self.view(
            state: .expired(fence: FenceID("f")!), fences: [Self.fence(evidence: [.person("operator")])])
        #expect(try Self.confirm(.expired(FenceID("f")!), said).get().isUnchanged)
        // How it looked a moment ago does not matter once its session has expired.
        #expect(try Self.confirm(.late(milliseconds: 7_000), view).get().writes.count == 2)
    }

    @Test("A cell that is silent, and not expired, is expired by the person's word: a renewal meanwhile makes it fail")
    func confirmOverdue() throws {
        let plan = try Self.confirm(.overdue, Self.view()).get()
        let (fence, expects) = Self.fences(plan)[0]
        #expect(fence.evidence == [.person("operator")] && fence.cause == .silence && expects == .absent)
        #expect(Self.kinds(plan) == [.fence, .cell, .session, .event])
        let session = plan.writes.compactMap { write -> (SessionRecord, RecordExpectation)? in
            if case .put(.session(let session), let expects) = write { return (session, expects) }
            return nil
        }
        #expect(session.count == 1 && session[0].0.state == .expired(fence: fence.id) && session[0].1 == .revision(4))
    }

    @Test("One that never held a session since a restore is fenced by a person's word alone")
    func confirmUnheard() throws {
        let plan = try Self.confirm(.unheard, Self.view(state: nil)).get()
        #expect(Self.kinds(plan) == [.fence, .cell, .event])
        #expect(plan.message == "cell c1 counts as off")
    }

    @Test("Of one that was not heard since a restore it is said that the others go on without what lies on it")
    func confirmWithoutItsData() throws {
        var view = Self.view(state: nil)
        view.put(.cluster(ClusterRecord(generation: 1, unheard: [Self.c1])), revision: 9)
        let message = try Self.confirm(.unheard, view).get().message
        #expect(message.hasPrefix("cell c1 counts as off; workloads go on without"))
    }

    @Test("The fence of an earlier incarnation is confirmed while the new one renews, and only that")
    func confirmReplaced() throws {
        let old = ["f3", "f1", "f2"].map { Self.fence($0, incarnation: IncarnationID("i-\($0)")!) }
        let plan = try Self.confirm(.living, Self.view(fences: old + [Self.fence("own")])).get()
        #expect(Self.fences(plan).map(\.0.id.description) == ["f1", "f2", "f3"])
        #expect(plan.writes.count == 4)
    }

    // MARK: Cluster

    @Test("Maintenance and the brake are switches of one record, compared; the same again changes nothing")
    func switches() {
        var random = Seeded(12)
        let on = OperatorVerbs.maintenance(true, view: Self.view(), now: Samples.start, using: &random)
        guard case .put(.cluster(let cluster), .absent) = on.writes[0] else {
            Issue.record("\(on)")
            return
        }
        #expect(cluster.isInMaintenance && on.name == "maintenance.on")
        #expect(on.message == "maintenance is on: lost cells are not replaced")
        guard case .put(.event(let event), .absent) = on.writes[1] else {
            Issue.record("\(on)")
            return
        }
        #expect(event.kind == .maintenanceBegun && event.message == on.message)
        let view = Self.view(
            cluster: ClusterRecord(
                isInMaintenance: true, brake: Brake(since: Samples.start, cells: [Self.c1]), unheard: [Self.c1]))
        #expect(OperatorVerbs.maintenance(true, view: view, now: Samples.start, using: &random).isUnchanged)
        let off = OperatorVerbs.maintenance(false, view: view, now: Samples.start, using: &random)
        guard case .put(.cluster(let next), .revision(6)) = off.writes[0] else {
            Issue.record("\(off)")
            return
        }
        #expect(!next.isInMaintenance && next.brake != nil && next.unheard == [Self.c1])
        let released = OperatorVerbs.releaseBrake(view: view, now: Samples.start, using: &random)
        guard case .put(.cluster(let free), .revision(6)) = released.writes[0] else {
            Issue.record("\(released)")
            return
        }
        #expect(free.brake == nil && free.isInMaintenance && released.name == "brake.release")
        #expect(OperatorVerbs.maintenance(false, view: Self.view(), now: Samples.start, using: &random).isUnchanged)
        #expect(OperatorVerbs.releaseBrake(view: Self.view(), now: Samples.start, using: &random).isUnchanged)
    }

    // MARK: Apps

    @Test("Replicas are asked for by number, of an app with a volume that is not being deleted")
    func scale() throws {
        func scale(_ world: RecoveryWorld, _ replicas: Int) -> Result<OperatorPlan, FoundryError> {
            Self.plan { random throws(FoundryError) in
                try OperatorVerbs.scale(world.appRecord, replicas: replicas, now: Samples.start + 5, using: &random)
            }
        }
        var world = RecoveryWorld()
        let plan = try scale(world, 2).get()
        guard case .put(.app(let app), .revision(5)) = plan.writes[0] else {
            Issue.record("\(plan)")
            return
        }
        #expect(app.spec.recovery.replicas == 2 && app.generation == 1 && app.updatedAt == Samples.start + 5)
        #expect(try scale(world, 0).get().isUnchanged)
        for count in [-1, 5] { #expect(Self.error(scale(world, count))?.hint == "--replicas 0 to 4") }
        world.desired = .deleted(purge: false)
        #expect(Self.error(scale(world, 1))?.code == .appBusy)
        world.desired = .started
        world.copies = [.init(index: 0, cell: Self.c1, role: .primary, epoch: .none)]
        world.copies[0].isStateless = true
        #expect(Self.error(scale(world, 1))?.code == .conflict)
        #expect(try scale(world, 0).get().isUnchanged)
    }
}
