import FoundryModel
import FoundryRules
import Testing

@Suite("Clones")
struct CloneTests {
    @Test("From a snapshot that is there: the same specification, a port and a lineage of its own; the snapshot stays")
    func fromSnapshot() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let snapshot = try bench.snapshot("mine")
        let plan = try bench.clone(from: snapshot)
        let source = try bench.app.value
        #expect(plan.app.spec == source.spec && plan.app.id != source.id)
        #expect(plan.route?.port == 20_001 && plan.route?.targetPort == 6_379 && plan.route?.scope == .loopback)
        #expect(bench.orders.volumes.first { $0.id == plan.volume.id }?.purpose == .make(from: snapshot))
        #expect(bench.orders.members.first { $0.app == plan.app.id }?.run == false, "not before its disk is made")
        #expect(bench.refusal { try $0.remove(snapshot: snapshot) } == .conflict, "it is made from it")
        #expect(bench.step().contains(.volumeTaken))
        #expect(bench.refusal { try $0.remove(snapshot: snapshot) } == nil, "it is made")
        bench.settle()
        let made = try bench.volume(of: "copy")
        #expect(made.lineage != before.lineage && made.epoch == Epoch(1) && made.branch == 1 && made.isMade)
        #expect(made.source == SnapshotSource(snapshot: snapshot, app: source.id))
        #expect(bench.job(plan.job.id) == .complete && bench.view.snapshots[snapshot] != nil)
        #expect(try bench.volume() == before, "the source goes on untouched")
        let event = bench.view.events.first { $0.kind == .appCloned }
        #expect(event?.message == "is cloned from demo, snapshot mine" && event?.actor == "ci")
    }

    @Test("Without one, a snapshot is taken for it first, and removed after; the job has ended when both are done")
    func fromItself() throws {
        var bench = try RewindBench()
        let plan = try bench.clone()
        let record = try #require(bench.view.snapshots.values.first?.value)
        #expect(record.madeFor == plan.volume.id && record.state == .asked)
        #expect(bench.orders.volumes.first { $0.id == plan.volume.id }?.purpose == .keep, "it is not taken yet")
        #expect(bench.step().contains(.snapshotTaken))
        #expect(bench.refusal { try $0.remove(snapshot: record.id) } == .conflict)
        #expect(bench.step().contains(.volumeTaken))
        #expect(bench.view.snapshots[record.id]?.value.state == .removing)
        let done = bench.settle()
        #expect(done.contains(.snapshotForget) && bench.view.snapshots.isEmpty)
        #expect(bench.job(plan.job.id) == .complete && bench.snapshots.isEmpty)
    }

    @Test("It does not end while the snapshot that was taken for it is there")
    func waitsForItsSnapshot() throws {
        var bench = try RewindBench()
        bench.keepsSnapshots = true
        let plan = try bench.clone()
        bench.settle()
        #expect(try bench.volume(of: "copy").phase == .held(by: bench.view.members(of: plan.app.id)[0].id))
        #expect(bench.job(plan.job.id) == .processing && bench.view.snapshots.count == 1)
        bench.keepsSnapshots = false
        bench.settle()
        #expect(bench.job(plan.job.id) == .complete && bench.view.snapshots.isEmpty)
    }

    @Test("Several are made from one snapshot at once; it stays until the last one is made")
    func several() throws {
        var bench = try RewindBench()
        let snapshot = try bench.snapshot("mine")
        let jobs = try ["one", "two"].map { try bench.clone($0, from: snapshot).job.id }
        #expect(bench.refusal { try $0.remove(snapshot: snapshot) } == .conflict)
        bench.settle()
        #expect(jobs.allSatisfy { bench.job($0) == .complete } && bench.view.apps.count == 3)
        #expect(bench.refusal { try $0.remove(snapshot: snapshot) } == nil)
    }

    @Test("Asked again it says the same, and only the same: another snapshot, port or source is another app")
    func again() throws {
        var bench = try RewindBench()
        let (one, two) = (try bench.snapshot("one"), try bench.snapshot("two"))
        let first = try bench.clone(from: one)
        let again = try bench.clone(from: one)
        #expect(again.isUnchanged && again.app.id == first.app.id && again.job.id != first.job.id)
        bench.settle()
        #expect(bench.job(first.job.id) == .complete && bench.job(again.job.id) == .complete)
        #expect(try bench.clone(port: first.route?.port).isUnchanged)
        #expect(bench.refusal { try $0.clone(from: two) } == .nameTaken)
        #expect(bench.refusal { try $0.clone(port: 20_009) } == .nameTaken)
        #expect(bench.refusal { try $0.clone("demo") } == .nameTaken, "that is no clone of anything")
        _ = try bench.bench.push(PushRequest(name: "other", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        #expect(bench.refusal { try $0.clone(of: "other") } == .nameTaken)
        _ = try bench.bench.delete("copy")
        #expect(bench.refusal { try $0.clone(from: one) } == .appBusy, "it is on its way out")
    }

    @Test("Refused before anything happens: names, ports, snapshots that are not its own, and what has no disk")
    func refused() throws {
        var bench = try RewindBench()
        let snapshot = try bench.snapshot("mine")
        #expect(bench.refusal { try $0.clone("No") } == .nameInvalid)
        #expect(bench.refusal { try $0.clone(port: 7) } == .portInvalid)
        #expect(bench.refusal { try $0.clone(port: 20_000) } == .portTaken)
        #expect(bench.refusal { try $0.clone(from: SnapshotID("none")!) } == .snapshotNotFound)
        let late = try bench.snapshot("late", settles: false)
        #expect(bench.refusal { try $0.clone(from: late) } == .conflict, "not taken yet")
        bench.settle()
        try bench.remove(snapshot: late)
        #expect(bench.refusal { try $0.clone(from: late) } == .conflict, "on its way out")
        bench.settle()
        try bench.clone("copy", from: snapshot)
        bench.settle()
        #expect(bench.refusal { try $0.clone("third", of: "copy", from: snapshot) } == .snapshotNotFound)
        #expect(try RewindBench(disk: nil).refusal { try $0.clone() } == .conflict)
        #expect(try RewindBench(isReady: false).refusal { try $0.clone() } == .conflict, "not made yet")
        bench.bench.configuration.timing = .normal
        #expect(bench.refusal { try $0.clone("more", from: snapshot) } == .conflict)
        bench.bench.configuration.timing = nil
        _ = try bench.bench.delete("demo")
        #expect(bench.refusal { try $0.clone("more", from: snapshot) } == .appBusy)
    }

    @Test("An app without a route has a clone without one")
    func withoutRoute() throws {
        var bench = try RewindBench()
        _ = try bench.bench.push(
            PushRequest(name: "quiet", image: "redis", disk: "100M", memory: "64M", noRoute: true))
        bench.settle()
        #expect(bench.refusal { try $0.clone(of: "quiet", port: 20_005) } == .portInvalid)
        let plan = try bench.clone(of: "quiet")
        bench.settle()
        #expect(plan.route == nil && bench.job(plan.job.id) == .complete)
    }

    @Test("It is counted whole, and the snapshot that is taken for it too")
    func room() throws {
        var bench = try RewindBench(disk: "30G")
        let snapshot = try bench.snapshot()
        #expect(bench.refusal { try $0.clone() } == .poolFull, "100 GB have no room for two more of 30")
        #expect(bench.refusal { try $0.clone(from: snapshot) } == nil)
        try bench.clone("one", from: snapshot)
        #expect(bench.refusal { try $0.clone(from: snapshot) } == .poolFull, "nor for one more")
        bench = try RewindBench(disk: "30G")
        let second = try bench.snapshot()
        let other = CellRecord(
            id: CellID("cell-0")!, zone: "default", capacity: Samples.capacity, machineID: "other", bootID: "boot")
        _ = bench.bench.write([.put(.cell(other), expects: .absent)])
        #expect(bench.refusal { try $0.clone(from: second) } == .conflict, "it lies where there is less room")
    }

    @Test("One whose snapshot cannot be taken, or whose disk cannot be made, goes again, and its job says why")
    func fails() throws {
        let late = FoundryError(.timedOut, "Writes would have been held for too long.")
        var bench = try RewindBench()
        bench.refusal = late
        let plan = try bench.clone()
        #expect(bench.step().contains(.snapshotFail))
        #expect(bench.job(plan.job.id) == .failed(late))
        let done = bench.settle()
        #expect(done.contains(.volumeUnmake) || bench.kinds.contains(.volumeUnmade))
        #expect(bench.view.app(named: plan.app.name) == nil && bench.view.volumes.count == 1)
        #expect(bench.view.snapshots.isEmpty && bench.view.routes.count == 1)

        let full = FoundryError(.poolFull, "The pool has no room.")
        var other = try RewindBench()
        other.problem = full
        let snapshot = try other.snapshot("mine")
        let second = try other.clone(from: snapshot)
        #expect(other.step().contains(.volumeUnmake) && other.job(second.job.id) == .failed(full))
        other.settle()
        #expect(other.view.app(named: second.app.name) == nil && other.view.volumes.count == 1)
        #expect(other.view.snapshots[snapshot] != nil, "it was there before")
        #expect(other.view.events.contains { $0.kind == .volumeUnmade && $0.message.contains("no room") })
    }

    @Test("Something else in its place is left as it is, and the clone goes")
    func foreign() throws {
        var bench = try RewindBench()
        let plan = try bench.clone(from: try bench.snapshot())
        bench.labels[plan.volume.id] = VolumeLabel(
            volume: plan.volume.id, lineage: LineageID("another")!, branch: 1, epoch: .none, role: .holder,
            sealed: true, machineID: Samples.machineID, size: .megabytes(100))
        bench.step()
        guard case .failed(let error)? = bench.job(plan.job.id) else { return #expect(Bool(false), "it failed") }
        #expect(error.code == .volumeForeign)
    }

    @Test("One that was held already, which a store that was restored does not know, goes on from there")
    func heldBefore() throws {
        var bench = try RewindBench()
        let plan = try bench.clone(from: try bench.snapshot())
        bench.labels[plan.volume.id] = VolumeLabel(
            volume: plan.volume.id, lineage: plan.volume.lineage, branch: 1, epoch: Epoch(3), role: .holder,
            sealed: true, machineID: Samples.machineID, size: .megabytes(100))
        bench.step()
        let found = try bench.volume(of: "copy")
        #expect(found.isMade && found.sealedAt == Epoch(3) && found.epoch >= Epoch(3))
        bench.settle()
        #expect(try bench.volume(of: "copy").epoch == Epoch(4) && bench.job(plan.job.id) == .complete)
    }

    @Test("One that is deleted while it is made takes the snapshot along that was taken for it")
    func deleted() throws {
        var bench = try RewindBench()
        let plan = try bench.clone()
        _ = try bench.bench.delete("copy")
        bench.settle()
        #expect(bench.view.app(named: plan.app.name) == nil && bench.view.snapshots.isEmpty)
        #expect(bench.view.volumes.count == 1)
        guard case .failed(let error)? = bench.job(plan.job.id) else { return #expect(Bool(false), "it failed") }
        #expect(error.code == .conflict)
    }

    @Test("What is asked about it is answered: its disk is being made")
    func why() throws {
        var bench = try RewindBench()
        let plan = try bench.clone()
        let lines = Why.explain(plan.app.id, view: bench.view, router: nil)
        #expect(lines.contains { $0.subject == "volume copy/0" && $0.text == "is being made from a snapshot" })
    }
}
