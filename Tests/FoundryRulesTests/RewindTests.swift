import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Rewinds")
struct RewindTests {
    @Test(
        "The new disk is made first; then the app stops, changes disks in one transaction, and serves; the old one is kept"
    )
    func life() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let member = bench.view.members(of: try bench.app.value.id)[0]
        let snapshot = try bench.snapshot("mine")
        let plan = try bench.rewind(to: .snapshot(snapshot))
        #expect(plan.replaced == before.id && plan.volume.lineage == before.lineage && plan.volume.branch == 2)
        #expect(bench.orders.volumes.first { $0.id == plan.volume.id }?.purpose == .make(from: snapshot))
        #expect(bench.orders.members.first?.run == true, "it runs until then")
        #expect(bench.refusal { try $0.remove(snapshot: snapshot) } == .conflict)
        #expect(bench.step().suffix(2) == [.volumeTaken, .memberStand])
        #expect(bench.orders.members.first?.run == false && bench.job(plan.job.id) == .processing)
        #expect(try bench.volume().id == before.id)
        bench.settle()
        let after = try bench.volume()
        #expect(after.id == plan.volume.id && after.replaces == nil && after.branch == 2)
        #expect(after.epoch == before.epoch.next(in: 0), "grown, so that the old one is older for ever")
        #expect(bench.view.volumes[before.id]?.value.phase == .forked(since: bench.bench.wall))
        #expect(
            bench.view.volumes[before.id]?.value.sealedAt == before.epoch && bench.labels[before.id]?.sealed == true)
        let now = bench.view.members(of: try bench.app.value.id)[0]
        #expect(now.id == member.id && now.turn == member.turn + 1 && !now.standsDown)
        #expect(bench.job(plan.job.id) == .complete && bench.view.snapshots[snapshot] != nil)
        #expect(bench.view.events.first { $0.kind == .appRewound }?.actor == "ci")
        #expect(bench.kinds.contains(.volumeRewound))
        // And once more, beside the first.
        let again = try bench.rewind(to: .snapshot(snapshot))
        #expect(again.volume.branch == 3 && !again.isUnchanged)
        bench.settle()
        #expect(bench.view.volumes.count == 3 && bench.job(again.job.id) == .complete)
    }

    @Test("Asked again it says the same: while it goes on, and after, for the disk that was meant")
    func again() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let (one, two) = (try bench.snapshot("one"), try bench.snapshot("two"))
        let plan = try bench.rewind(to: .snapshot(one), insteadOf: before.id)
        let again = try bench.rewind(to: .snapshot(one))
        #expect(again.isUnchanged && again.volume.id == plan.volume.id && again.replaced == before.id)
        #expect(bench.refusal { try $0.rewind(to: .snapshot(two)) } == .conflict, "it goes elsewhere")
        #expect(bench.refusal { try $0.rewind(to: .copy(before.id)) } == .conflict)
        bench.settle()
        let late = try bench.rewind(to: .snapshot(one), insteadOf: before.id)
        #expect(late.isUnchanged && late.volume.id == plan.volume.id && late.replaced == before.id)
        bench.settle()
        #expect([plan, again, late].allSatisfy { bench.job($0.job.id) == .complete })
        #expect(bench.refusal { try $0.rewind(to: .snapshot(two), insteadOf: before.id) } == .conflict)
        #expect(try !bench.rewind(to: .snapshot(one)).isUnchanged, "meant anew")
    }

    @Test("While it goes on, no change goes through its members")
    func changed() throws {
        var bench = try RewindBench()
        var spec = try bench.app.value.spec
        spec.environment["A"] = "another"
        let change = { (bench: inout RewindBench) throws in
            var generator = Seeded(1)
            return try OperatorVerbs.change(
                try bench.app, to: spec, view: bench.view, now: Timestamp(millisecondsSince1970: 1), using: &generator)
        }
        let plan = try bench.rewind(to: .snapshot(try bench.snapshot("one")))
        #expect(bench.refusal { _ = try change(&$0) } == .appBusy)
        bench.settle()
        #expect(bench.job(plan.job.id) == .complete)
        #expect(try !change(&bench).isUnchanged)
    }

    @Test("What was kept can be gone back to, and what it replaces is kept in turn")
    func back() throws {
        var bench = try RewindBench()
        let first = try bench.volume()
        try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        bench.settle()
        let second = try bench.volume()
        let plan = try bench.rewind(to: .copy(first.id), insteadOf: second.id)
        #expect(bench.refusal { try $0.remove(first.id, purge: true) } == .conflict, "it is to be its disk")
        #expect(try bench.rewind(to: .copy(first.id)).isUnchanged)
        bench.settle()
        let now = try bench.volume()
        #expect(now.id == first.id && now.branch == 1 && now.epoch > second.epoch && now.replaces == nil)
        #expect(bench.view.volumes[second.id]?.value.phase == .forked(since: bench.bench.wall))
        #expect(bench.job(plan.job.id) == .complete && bench.labels[first.id]?.epoch == now.epoch)
        #expect(bench.refusal { try $0.rewind(to: .copy(first.id)) } == .conflict, "that is no copy")
        #expect(bench.refusal { try $0.rewind(to: .copy(VolumeID("none")!)) } == .volumeNotFound)
        _ = try bench.bench.push(PushRequest(name: "other", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let other = try bench.volume(of: "other").id
        #expect(bench.refusal { try $0.rewind(to: .copy(other)) } == .volumeNotFound, "another's")
    }

    @Test("What is gone back to becomes as large as the disk is by now, and that needs room")
    func grown() throws {
        var bench = try RewindBench(disk: "30G")
        let first = try bench.volume()
        let snapshot = try bench.snapshot("mine")
        try bench.rewind(to: .snapshot(snapshot))
        bench.settle()
        try bench.remove(snapshot: snapshot)
        bench.settle()
        let request = try ScaleRequest(memory: nil, cpu: nil, disk: "50G", restarts: true)
        let plan = try AppVerbs.scale(
            try bench.app, request, used: nil, view: bench.view, now: bench.bench.wall, using: &bench.bench.random)
        _ = bench.bench.write(plan.writes)
        bench.settle()
        let grown = try bench.volume()
        #expect(bench.refusal { try $0.rewind(to: .copy(first.id)) } == nil, "20 GB are left, as many as it needs")
        let other = try bench.snapshotRecord(size: .gigabytes(1))
        _ = bench.bench.write([.put(.snapshot(other), expects: .absent)])
        #expect(bench.refusal { try $0.rewind(to: .copy(first.id)) } == .poolFull)
        _ = bench.bench.write([.delete(key: Record.snapshot(other).key, kind: .snapshot, expects: .any)])
        try bench.rewind(to: .copy(first.id))
        bench.settle()
        #expect(try bench.volume().id == first.id && bench.volume().size == grown.size)
    }

    @Test("A stopped app changes its disk, and stays stopped; one that is started meanwhile serves from it")
    func stopped() throws {
        var bench = try RewindBench()
        let snapshot = try bench.snapshot("mine")
        _ = try bench.bench.stop("demo")
        bench.settle()
        let plan = try bench.rewind(to: .snapshot(snapshot))
        bench.settle()
        #expect(try bench.volume().id == plan.volume.id && bench.job(plan.job.id) == .complete)
        #expect(try bench.volume().phase == .sealed && bench.orders.members.first?.run == false)
        let second = try bench.rewind(to: .snapshot(snapshot))
        _ = try bench.bench.start("demo")
        bench.settle()
        #expect(try bench.volume().id == second.volume.id && bench.job(second.job.id) == .complete)
        #expect(bench.orders.members.first?.run == true)
    }

    @Test("What cannot be made fails the job with the reason, and the app was never stopped")
    func fails() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let full = FoundryError(.poolFull, "The pool has no room.")
        bench.problem = full
        let snapshot = try bench.snapshot("mine")
        let plan = try bench.rewind(to: .snapshot(snapshot))
        let again = try bench.rewind(to: .snapshot(snapshot))
        let done = bench.settle()
        #expect(bench.job(again.job.id) == .failed(full), "whoever waits is told")
        #expect(done.contains(.volumeUnmake) && !done.contains(.memberStand) && !done.contains(.volumeReplace))
        #expect(bench.job(plan.job.id) == .failed(full) && bench.view.volumes.count == 1)
        #expect(try bench.volume() == before && bench.orders.members.first?.run == true)
        let told = bench.view.events.first { $0.kind == .volumeUnmade }?.message
        #expect(told?.hasSuffix("The app goes on with the disk that it has.") == true)
    }

    @Test("A disk that nobody will ever seal is let go of as well: it is what one goes back from")
    func lost() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let plan = try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        bench.lost = [before.id]
        bench.settle()
        #expect(try bench.volume().id == plan.volume.id && bench.job(plan.job.id) == .complete)
        #expect(bench.view.volumes[before.id]?.value.phase == .forked(since: bench.bench.wall))
    }

    @Test("It waits for a member that does not stop, and the job says what is wrong after a while")
    func stuck() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let plan = try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        bench.stays = true
        bench.settle()
        #expect(try bench.volume().id == before.id && bench.job(plan.job.id) == .processing)
        let busy = FoundryError(.volumeInUse, "It is still in use.")
        var status = try bench.bench.status("demo", .stopping)
        status.problem = busy
        bench.bench.now += 29_999
        _ = bench.bench.cell([status], volumes: [])
        #expect(bench.job(plan.job.id) == .processing)
        bench.bench.now += 1
        status.since = bench.bench.wall
        _ = bench.bench.cell([status], volumes: [])
        #expect(bench.job(plan.job.id) == .failed(busy))
        bench.stays = false
        bench.settle()
        #expect(try bench.volume().id == plan.volume.id, "it goes on all the same")
    }

    @Test("An app that is deleted meanwhile takes the new disk along; a copy that it was to go back to stays a copy")
    func deleted() throws {
        var bench = try RewindBench()
        let first = try bench.volume()
        let snapshot = try bench.snapshot("mine")
        let plan = try bench.rewind(to: .snapshot(snapshot))
        _ = try bench.bench.delete("demo")
        bench.settle()
        #expect(bench.view.apps.isEmpty && bench.view.volumes[plan.volume.id] == nil)
        #expect(bench.view.volumes[first.id] != nil)
        guard case .failed(let error)? = bench.job(plan.job.id) else { return #expect(Bool(false), "it failed") }
        #expect(error.code == .conflict)

        var other = try RewindBench()
        let old = try other.volume()
        try other.rewind(to: .snapshot(try other.snapshot("mine")))
        other.settle()
        try other.rewind(to: .copy(old.id))
        _ = try other.bench.delete("demo", purge: true)
        other.settle()
        let left = other.view.volumes[old.id]?.value
        #expect(left?.replaces == nil && left?.phase == .forked(since: other.bench.wall))
        #expect(other.view.apps.isEmpty && other.view.volumes.count == 1)
    }

    @Test("A job whose disk was replaced once more before it served says so")
    func overtaken() throws {
        var bench = try RewindBench()
        let first = try bench.volume()
        let plan = try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        bench.settle()
        var job = try #require(bench.view.jobs[plan.job.id])
        job.value.id = JobID("late")!
        job.value.state = .processing
        try bench.rewind(to: .copy(first.id))
        bench.settle()
        _ = bench.bench.write([.put(.job(job.value), expects: .absent)])
        bench.settle()
        guard case .failed(let error)? = bench.job(JobID("late")!) else { return #expect(Bool(false), "it failed") }
        #expect(error.message.contains("another disk"))
    }

    @Test("Refused before anything happens")
    func refused() throws {
        var bench = try RewindBench()
        let snapshot = try bench.snapshot("mine")
        #expect(bench.refusal { try $0.rewind(to: .snapshot(SnapshotID("none")!)) } == .snapshotNotFound)
        let late = try bench.snapshot("late", settles: false)
        #expect(bench.refusal { try $0.rewind(to: .snapshot(late)) } == .conflict)
        #expect(try RewindBench(disk: nil).refusal { try $0.rewind(to: .snapshot(snapshot)) } == .conflict)
        var small = try RewindBench(disk: "40G")
        let large = try small.snapshot()
        #expect(small.refusal { try $0.rewind(to: .snapshot(large)) } == .poolFull, "what it has is kept")
        bench.bench.configuration.timing = .normal
        #expect(bench.refusal { try $0.rewind(to: .snapshot(snapshot)) } == .conflict)
        bench.bench.configuration.timing = nil
        var app = try bench.app
        app.value.rollout = Rollout(previous: app.value.spec, previousGeneration: 1)
        #expect(
            bench.refusal { bench in
                _ = try RewindRule.plan(
                    app, to: .snapshot(snapshot), insteadOf: nil, by: "ci", view: bench.view,
                    configuration: bench.bench.configuration, now: bench.bench.wall, using: &bench.bench.random)
            } == .appBusy)
        _ = try bench.bench.delete("demo")
        #expect(bench.refusal { try $0.rewind(to: .snapshot(snapshot)) } == .appBusy)
    }

    @Test("A snapshot of a disk that the app has no more leads nowhere")
    func foreign() throws {
        var bench = try RewindBench()
        let id = try bench.snapshot("mine")
        var record = try #require(bench.view.snapshots[id])
        record.value.lineage = LineageID("another")!
        _ = bench.bench.write([.put(.snapshot(record.value), expects: .revision(record.revision))])
        #expect(bench.refusal { try $0.rewind(to: .snapshot(id)) } == .conflict)
    }

    @Test("A copy is gone back to only when its cell says that it lies there, sealed")
    func unsealed() throws {
        var bench = try RewindBench()
        let first = try bench.volume()
        try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        bench.settle()
        bench.labels[first.id]?.sealed = false
        bench.stays = true
        bench.step()
        #expect(bench.refusal { try $0.rewind(to: .copy(first.id)) } == .conflict)
    }

    @Test("What was kept goes when a person says so: after the grace period, or at once")
    func removed() throws {
        var bench = try RewindBench()
        let first = try bench.volume()
        #expect(bench.refusal { try $0.remove(first.id) } == .conflict, "it is the app's")
        let snapshot = try bench.snapshot("mine")
        for _ in 0..<2 {
            try bench.rewind(to: .snapshot(snapshot))
            bench.settle()
        }
        let second = try #require(
            bench.view.volumes.values.first { volume in
                if case .forked = volume.value.phase { return volume.value.id != first.id }
                return false
            }?.value)
        let kept = try bench.remove(first.id)
        bench.settle()
        let until = bench.bench.wall + 7 * 86_400_000
        #expect(bench.view.volumes[first.id]?.value.phase == .kept(until: until))
        #expect(bench.job(kept.job.id) == .complete)
        #expect(try bench.remove(first.id).writes.count == 1, "asked again, it says the same")
        let gone = try bench.remove(second.id, purge: true)
        #expect(bench.job(gone.job.id) == .processing)
        #expect(try bench.remove(second.id).writes.count == 1, "it is on its way out")
        bench.settle()
        #expect(bench.view.volumes[second.id] == nil && bench.job(gone.job.id) == .complete)
        try bench.remove(first.id, purge: true)
        bench.settle()
        #expect(bench.view.volumes.count == 1 && bench.labels.count == 1)
    }

    @Test("What is asked about it is answered: what is made, what waits, and what was kept")
    func why() throws {
        var bench = try RewindBench()
        let before = try bench.volume()
        let plan = try bench.rewind(to: .snapshot(try bench.snapshot("mine")))
        func lines() throws -> [WhyLine] { Why.explain(try bench.app.value.id, view: bench.view, router: nil) }
        let subject = "volume \(plan.volume.id.short)"
        #expect(try lines().contains { $0.subject == subject && $0.text.hasPrefix("is being made from a snapshot") })
        bench.step()
        #expect(try lines().contains { $0.subject == subject && $0.text.hasPrefix("is there;") })
        bench.settle()
        #expect(try !lines().contains { $0.subject == subject })
        let kept = try lines().first { $0.subject == "volume \(before.id.short)" }
        #expect(kept?.hint == "foundry volume rm \(before.id.short)")
    }
}
