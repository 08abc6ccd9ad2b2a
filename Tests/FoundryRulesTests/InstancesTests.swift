import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Several instances")
struct InstancesTests {
    private func scaled(
        _ bench: inout RewindBench, _ instances: Int, memory: String? = nil, disk: String? = nil
    ) throws -> JobID {
        let wanted = try ScaleRequest(instances: instances, memory: memory, cpu: nil, disk: disk, restarts: false)
        let plan = try AppVerbs.scale(
            try bench.app, wanted, used: nil, view: bench.view, now: bench.bench.wall, using: &bench.bench.random)
        _ = bench.bench.write(plan.writes)
        return plan.job.id
    }

    private func volumes(_ bench: RewindBench) throws -> [VolumeRecord] {
        bench.view.members(of: try bench.app.value.id).compactMap {
            $0.volume.flatMap { bench.view.volumes[$0]?.value }
        }
    }

    private func targets(_ bench: RewindBench) -> [MemberID] {
        bench.view.routerOrders().routes[0].targets.map(\.member)
    }

    @Test(
        "Each has a number, an address and a disk of its own; a push has ended when all serve, and the route leads to all",
        .proves(.instancesApart))
    func pushed() throws {
        var bench = try RewindBench(instances: 3, isReady: false)
        #expect(bench.view.primaries(of: try bench.app.value.id).map(\.index) == [0, 1, 2])
        #expect(bench.view.jobs.values.map(\.value.state) == [.processing])
        bench.settle()
        let members = bench.view.members(of: try bench.app.value.id)
        let volumes = try volumes(bench)
        #expect(Set(members.map(\.slot)).count == 3 && Set(volumes.map(\.lineage)).count == 3)
        #expect(volumes.map(\.index) == [0, 1, 2] && volumes.allSatisfy { $0.isMade && $0.epoch == Epoch(1) })
        #expect(volumes.map(\.phase) == members.map { .held(by: $0.id) })
        #expect(targets(bench) == members.map(\.id).sorted())
        #expect(bench.view.jobs.values.map(\.value.state) == [.complete])
        #expect(bench.kinds.count { $0 == .memberPlaced } == 3 && bench.kinds.count { $0 == .volumeMade } == 3)
    }

    @Test("A member that ends too often fails the push, and is named")
    func crashed() throws {
        var bench = try RewindBench(instances: 2, isReady: false)
        let member = bench.view.members(of: try bench.app.value.id)[1]
        let crashed = MemberStatus(
            id: member.id, generation: 1, phase: .crashed(nextTry: Samples.start), since: Samples.start, restarts: 8,
            lastExit: nil, address: "10.77.3.3", startedAt: nil, pid: nil)
        _ = bench.bench.cell([crashed])
        guard case .failed(let error)? = bench.view.jobs.values.first?.value.state else {
            Issue.record("it has not failed")
            return
        }
        #expect(error.code == .appCrashed && error.message == "demo/1 ended, 8 times.")
    }

    @Test(
        "Of fewer the last are stopped and sealed, and their disks kept; more get theirs again, and go on under the next epoch",
        .proves(.fewerInstancesKeep))
    func scaledDownAndUp() throws {
        var bench = try RewindBench(instances: 3)
        let before = try volumes(bench)
        let fewer = try scaled(&bench, 1)
        #expect(targets(bench).count == 1, "no connection comes to one that is on its way out")
        let stopping = bench.orders.members.filter { !$0.run }.map(\.name)
        #expect(stopping.sorted() == ["demo/1", "demo/2"])
        #expect(bench.job(fewer) == .processing)
        for _ in 0..<20 where !bench.step().isEmpty {
            for member in bench.view.members.values.map(\.value) {
                let volume = try #require(member.volume.flatMap { bench.view.volumes[$0]?.value })
                #expect(!volume.awaitsMember, "a volume that waits has no member")
            }
        }
        #expect(bench.job(fewer) == .complete)
        #expect(bench.view.members(of: try bench.app.value.id).map(\.index) == [0])
        for volume in before.dropFirst() {
            let kept = try #require(bench.view.volumes[volume.id]?.value)
            guard case .kept = kept.phase else {
                Issue.record("it is \(kept.phase)")
                return
            }
            #expect(kept.awaitsMember && kept.sealedAt == Epoch(1))
        }
        #expect(try bench.volume() == before[0], "the first goes on untouched")
        let more = try scaled(&bench, 3)
        bench.settle()
        #expect(bench.job(more) == .complete)
        let after = try volumes(bench)
        #expect(after.map(\.id) == before.map(\.id) && after.map(\.epoch) == [Epoch(1), Epoch(2), Epoch(2)])
        #expect(after.allSatisfy { !$0.awaitsMember } && targets(bench).count == 3)
    }

    @Test("A disk that was let go of for good is not waited for: the member gets a new one")
    func removed() throws {
        var bench = try RewindBench(instances: 2)
        let old = try volumes(bench)[1]
        _ = try scaled(&bench, 1)
        bench.settle()
        try bench.remove(old.id)
        #expect(bench.view.volumes[old.id]?.value.awaitsMember == false)
        _ = try scaled(&bench, 2)
        bench.settle()
        let new = try volumes(bench)[1]
        #expect(new.id != old.id && new.lineage != old.lineage && new.epoch == Epoch(1))
        #expect(bench.view.volumes[old.id] != nil, "and the old one stays kept")
    }

    @Test("A disk that waits grows with those of the others, and one that went missing meanwhile is never made anew")
    func grownAndLost() throws {
        var bench = try RewindBench(instances: 2)
        let old = try volumes(bench)[1]
        _ = try scaled(&bench, 1)
        bench.settle()
        _ = try scaled(&bench, 1, disk: "200M")
        bench.settle()
        bench.lost = [old.id]
        _ = try scaled(&bench, 2)
        bench.settle()
        let order = try #require(bench.orders.volumes.first { $0.id == old.id })
        #expect(order.size == .megabytes(200))
        guard case .serve(_, let sealedAt, let mayCreate) = order.purpose else {
            Issue.record("it is to \(order.purpose)")
            return
        }
        #expect(sealedAt == Epoch(1) && !mayCreate)
    }

    @Test("One that was never made goes without a trace, and with more again another is made")
    func unmade() throws {
        var bench = try RewindBench(instances: 2, isReady: false)
        let first = try volumes(bench)[1]
        #expect(!first.isMade)
        _ = try scaled(&bench, 1)
        bench.settle()
        #expect(bench.view.volumes[first.id] == nil && bench.view.members.count == 1)
        _ = try scaled(&bench, 2)
        bench.settle()
        #expect(try volumes(bench)[1].id != first.id && targets(bench).count == 2)
    }

    @Test("While one is rewound their number stays")
    func rewinding() throws {
        var bench = try RewindBench(instances: 2)
        let plan = try SnapshotRule.take(
            try bench.app, name: "mine", instance: 1, by: "ci", view: bench.view,
            configuration: bench.bench.configuration, now: bench.bench.wall, using: &bench.bench.random)
        _ = bench.bench.write(plan.writes)
        bench.settle()
        try bench.rewind(to: .snapshot(plan.record.id))
        #expect(bench.refusal { bench in _ = try scaled(&bench, 1) } == .appBusy)
        bench.settle()
        #expect(bench.refusal { bench in _ = try scaled(&bench, 1) } == nil)
    }

    @Test("A stopped app is scaled, too: what is to go goes, what is to come comes when it is started")
    func stopped() throws {
        var bench = try RewindBench(instances: 2)
        _ = try bench.bench.stop("demo")
        bench.settle()
        let fewer = try scaled(&bench, 1)
        bench.settle()
        let app = try bench.app.value.id
        #expect(bench.job(fewer) == .complete && bench.view.members(of: app).count == 1)
        let more = try scaled(&bench, 3)
        bench.settle()
        #expect(bench.job(more) == .complete && bench.view.members(of: app).count == 1)
        _ = try bench.bench.start("demo")
        bench.settle()
        #expect(targets(bench).count == 3)
    }

    @Test("A deleted app's disks are all kept, and wait for nobody")
    func deleted() throws {
        var bench = try RewindBench(instances: 3)
        _ = try bench.bench.delete("demo")
        bench.settle()
        #expect(bench.view.apps.isEmpty && bench.view.members.isEmpty && bench.view.volumes.count == 3)
        #expect(bench.view.volumes.values.allSatisfy { !$0.value.awaitsMember })
    }

    @Test("A change goes through them in the order of their numbers, one at a time")
    func changed() throws {
        var bench = try RewindBench(instances: 3)
        _ = try bench.bench.push(PushRequest(name: "demo", image: "redis", environment: ["MODE": "strict"]))
        var turns: [[Int]] = []
        while try bench.app.value.rollout != nil, turns.count < 20 {
            let changed = bench.view.members(of: try bench.app.value.id).filter { $0.pinned == nil }.map(\.index)
            if turns.last != changed { turns.append(changed) }
            bench.step()
        }
        #expect(turns == [[0], [0, 1], [0, 1, 2]])
        #expect(try bench.app.value.spec.instances == 3, "what a push leaves out stays")
    }

    @Test("A push says how many there are to be, and that nothing is restarted for it")
    func pushedAgain() throws {
        var bench = try RewindBench()
        let plan = try PushPlanner.plan(
            PushRequest(name: "demo", image: "redis", instances: 2), image: Samples.image(), view: bench.view,
            configuration: bench.bench.configuration, now: bench.bench.wall, using: &bench.bench.random)
        #expect(plan.changes == [SpecChange("instances", "1", "2", restarts: false)] && !plan.restarts)
        #expect(plan.newSentences.map(\.clause) == [.instancesApart, .fewerInstancesKeep])
        _ = bench.bench.write(plan.writes)
        bench.settle()
        #expect(targets(bench).count == 2 && bench.job(plan.job.id) == .complete)
    }

    @Test("What there is no room for is refused as a whole, before anything is made")
    func room() throws {
        let bench = try RewindBench()
        let before = bench.view
        #expect(bench.refusal { bench in _ = try scaled(&bench, 100, memory: "1G") } == .capacityShort)
        #expect(bench.refusal { bench in _ = try scaled(&bench, 30, disk: "9G") } == .poolFull)
        #expect(
            bench.refusal { bench in
                _ = try bench.bench.push(
                    PushRequest(name: "more", image: "redis", instances: 17, disk: "1G", memory: "1G"))
            } == .capacityShort)
        #expect(bench.view == before)
        #expect(bench.refusal { bench in _ = try scaled(&bench, 15, memory: "1G") } == nil)
    }

    @Test("None, and more than a hundred, are refused; so are several of what has replicas", arguments: [0, 101, -1])
    func limits(_ count: Int) throws {
        var bench = try RewindBench()
        #expect(bench.refusal { bench in _ = try scaled(&bench, count) } == .sizeInvalid)
        #expect(
            bench.refusal { bench in
                _ = try bench.bench.push(PushRequest(name: "more", image: "redis", instances: count, ephemeral: true))
            } == .sizeInvalid)
        var app = try bench.app
        app.value.spec.recovery.replicas = 1
        let wanted = try ScaleRequest(instances: 2, memory: nil, cpu: nil, disk: nil, restarts: false)
        #expect(throws: FoundryError.self) {
            try AppVerbs.scale(
                app, wanted, used: nil, view: bench.view, now: bench.bench.wall, using: &bench.bench.random)
        }
        var spec = app.value.spec
        spec.instances = 2
        #expect(throws: FoundryError.self) {
            try OperatorVerbs.change(
                app, to: spec, view: bench.view, now: bench.bench.wall, using: &bench.bench.random)
        }
    }

    @Test("One without a place is named, with what is short")
    func unplaced() throws {
        var bench = try RewindBench(instances: 2)
        var app = try bench.app.value
        app.spec.instances = 3
        app.spec.memory = .gigabytes(12)
        _ = bench.bench.write([.put(.app(app), expects: .any)])
        bench.settle()
        let line = bench.bench.machine.reasons(of: app.id, now: bench.bench.moment).first
        #expect(line?.subject == "demo/2" && line?.text.hasPrefix("has no place: ") == true)
        #expect(bench.view.members(of: app.id).count == 2)
    }

    @Test("An app without a member has no disk yet of which a snapshot could be")
    func memberless() throws {
        var bench = try RewindBench()
        let app = try bench.app
        var view = PlatformView()
        view.put(.app(app.value), revision: 1)
        #expect {
            try SnapshotRule.take(
                app, name: nil, by: "ci", view: view, configuration: bench.bench.configuration, now: bench.bench.wall,
                using: &bench.bench.random)
        } throws: { ($0 as? FoundryError)?.code == .conflict }
    }

    @Test("On several cells each is moved by itself: a copy that follows one is none of another's")
    func drained() throws {
        var bench = ClusterBench()
        let app = bench.push("db") { $0.instances = 2 }
        let before = bench.view.primaries(of: app)
        #expect(before.map(\.index) == [0, 1] && before[0].cell != before[1].cell, "they are spread")
        func lineages() -> Set<LineageID> {
            Set(
                bench.view.primaries(of: app).compactMap { $0.volume.flatMap { bench.view.volumes[$0]?.value.lineage } }
            )
        }
        let data = lineages()
        var cell = try #require(bench.view.cells[before[0].cell])
        cell.value.duty = .drained
        bench.mustWrite([.put(.cell(cell.value), expects: .revision(cell.revision))])
        bench.pass(20_000)
        let after = bench.view.members(of: app)
        #expect(after.count == 2 && after.allSatisfy { $0.role == .primary && $0.cell != cell.value.id })
        #expect(after.contains(before[1]), "the other one is not touched")
        #expect(lineages() == data && data.count == 2)
        #expect(bench.names.count { $0 == .replicaAdd } == 1 && bench.names.count { $0 == .replicaDrop } == 1)
    }

    @Test("One too many on a lost cell is let go of when that is back, and this is said")
    func lost() throws {
        var bench = ClusterBench()
        let app = bench.push("db") { $0.instances = 2 }
        let last = bench.view.primaries(of: app)[1]
        bench.living.remove(last.cell)
        bench.pass(30_000)
        var record = try #require(bench.view.apps[app])
        record.value.spec.instances = 1
        bench.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
        bench.pass(2_000)
        let reasons = bench.machine.reasons(of: app, now: bench.moment)
        #expect(
            reasons.contains { $0.subject == "db/1" && $0.text == "is let go of when cell \(last.cell.short) is back" },
            "\(reasons)")
        #expect(bench.view.members[last.id] != nil)
        bench.living.insert(last.cell)
        bench.pass(30_000)
        #expect(bench.view.members[last.id] == nil)
        #expect(last.volume.flatMap { bench.view.volumes[$0]?.value }?.awaitsMember == true)
    }

    @Test("A snapshot, a clone and a rewind are of one of them")
    func snapshots() throws {
        var bench = try RewindBench(instances: 2)
        let configuration = bench.bench.configuration
        func take(_ bench: inout RewindBench, _ instance: Int?) throws -> SnapshotPlan {
            try SnapshotRule.take(
                try bench.app, name: "mine", instance: instance, by: "ci", view: bench.view,
                configuration: configuration, now: bench.bench.wall, using: &bench.bench.random)
        }
        #expect(bench.refusal { _ = try take(&$0, nil) } == .badRequest)
        #expect(bench.refusal { _ = try take(&$0, 7) } == .notFound)
        let plan = try take(&bench, 1)
        _ = bench.bench.write(plan.writes)
        bench.settle()
        let before = try volumes(bench)
        #expect(plan.record.index == 1 && plan.record.volume == before[1].id)
        let clone = try bench.clone(from: plan.record.id)
        #expect(clone.app.spec.instances == 1)
        #expect(
            bench.refusal { bench in
                let wish = CloneRequest(name: "other", snapshot: plan.record.id, instance: 1)
                _ = try CloneRule.plan(
                    try bench.app, wish, by: "ci", view: bench.view, configuration: configuration,
                    now: bench.bench.wall, using: &bench.bench.random)
            } == .badRequest)
        bench.settle()
        try bench.rewind(to: .snapshot(plan.record.id), insteadOf: before[1].id)
        bench.settle()
        let after = try volumes(bench)
        #expect(after[0] == before[0] && after[1].id != before[1].id && after[1].index == 1)
        #expect(after[1].lineage == before[1].lineage && after[1].branch == 2)
    }
}
