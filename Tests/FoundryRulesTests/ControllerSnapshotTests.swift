import FoundryModel
import FoundryRules
import Testing

@Suite("The life of a snapshot, as the controller has it")
struct ControllerSnapshotTests {
    @Test("Asked for, taken with its pause, kept, removed: each by the cell's word")
    func life() throws {
        var bench = try SnapshotBench()
        let plan = try bench.take("mine")
        let id = plan.record.id
        #expect(bench.orders.map(\.purpose) == [.take])
        #expect(try bench.report([SnapshotStatus(id: id, label: nil)]) == [], "it is being taken")
        #expect(bench.job(plan.job.id) == .processing)
        let label = bench.label(plan.record)
        #expect(try bench.report([SnapshotStatus(id: id, label: label)]) == [.snapshotTaken, .jobFinish])
        #expect(bench.state(id) == .taken(label.taking) && label.taking.pauseMilliseconds == 40)
        #expect(bench.bench.view.snapshots[id]?.value.size == .megabytes(120), "the disk grew meanwhile")
        #expect(bench.job(plan.job.id) == .complete && bench.orders.map(\.purpose) == [.keep])
        #expect(bench.bench.view.events.last { $0.kind == .snapshotTaken }?.message.contains("40 ms") == true)
        #expect(try bench.report([SnapshotStatus(id: id, label: label)]) == [], "nothing new")
        let removal = try bench.remove(id)
        #expect(bench.orders.map(\.purpose) == [.delete] && bench.job(removal.job.id) == .processing)
        #expect(try bench.report([]).contains(.snapshotForget))
        #expect(bench.bench.view.snapshots.isEmpty && bench.job(removal.job.id) == .complete && bench.orders == [])
    }

    @Test("Of a disk at rest nobody's writes were held")
    func atRest() throws {
        var bench = try SnapshotBench()
        let plan = try bench.take()
        try bench.report([SnapshotStatus(id: plan.record.id, label: bench.label(plan.record, pause: nil))])
        #expect(bench.bench.view.events.last { $0.kind == .snapshotTaken }?.message.contains("at rest") == true)
    }

    @Test("What could not be taken fails its job with the cell's reason, in one transaction, and is cleared away")
    func failed() throws {
        var bench = try SnapshotBench()
        let plan = try bench.take()
        let problem = FoundryError(.timedOut, "Writes would have been held for too long.")
        #expect(try bench.report([SnapshotStatus(id: plan.record.id, label: nil, problem: problem)]) == [.snapshotFail])
        #expect(bench.job(plan.job.id) == .failed(problem) && bench.state(plan.record.id) == .removing)
        #expect(bench.orders.map(\.purpose) == [.delete])
        // It had been taken all the same when the order came.
        let label = bench.label(plan.record)
        #expect(try bench.report([SnapshotStatus(id: plan.record.id, label: label)]) == [])
        #expect(try bench.report([]) == [.snapshotForget])
    }

    @Test("A snapshot of other data than was asked for is none")
    func foreign() throws {
        var bench = try SnapshotBench()
        let record = try bench.take().record
        let label = bench.label(record, lineage: LineageID("another")!)
        #expect(try bench.report([SnapshotStatus(id: record.id, label: label)]) == [])
        #expect(bench.state(record.id) == .asked)
    }

    @Test("After a minute it is given up: a snapshot of later is another one")
    func late() throws {
        var bench = try SnapshotBench()
        let plan = try bench.take()
        let wake = try #require(bench.bench.machine.nextWake(now: bench.bench.moment))
        bench.bench.now += 59_999
        _ = bench.bench.tell(.tick)
        #expect(bench.state(plan.record.id) == .asked)
        bench.bench.now += 1
        #expect(wake <= bench.bench.moment.monotonic)
        #expect(bench.bench.tell(.tick).map(\.name).contains(.snapshotFail))
        guard case .failed(let error)? = bench.job(plan.job.id) else { return #expect(Bool(false), "its job failed") }
        #expect(error.code == .timedOut)
    }

    @Test("One that is removed before it was taken fails the job that waits for it")
    func removedBefore() throws {
        var bench = try SnapshotBench()
        let plan = try bench.take()
        let removal = try bench.remove(plan.record.id)
        #expect(try bench.remove(plan.record.id).writes.count == 1, "asked again, it says the same")
        guard case .failed(let error)? = bench.job(plan.job.id) else { return #expect(Bool(false), "its job failed") }
        #expect(error.code == .conflict)
        try bench.report([])
        #expect(bench.job(removal.job.id) == .complete && bench.bench.view.snapshots.isEmpty)
    }

    @Test(
        "Its record goes only when the cell, following the order, says that it has nothing; older news and silence say nothing"
    )
    func gone() throws {
        var bench = try SnapshotBench()
        let record = try bench.take().record
        let before = bench.bench.revision
        try bench.remove(record.id)
        try bench.report([], follows: before)
        #expect(bench.state(record.id) == .removing)
        try bench.report(nil)
        #expect(bench.state(record.id) == .removing)
        let foreign = FoundryError(.snapshotForeign, "It is another's.")
        try bench.report([SnapshotStatus(id: record.id, label: nil, problem: foreign)])
        #expect(bench.state(record.id) == .removing)
        try bench.report([])
        #expect(bench.state(record.id) == nil)
    }

    @Test("Those of an app that is deleted and purged stay, and can be removed")
    func outlives() throws {
        var bench = try SnapshotBench()
        let record = try bench.take().record
        let label = bench.label(record)
        try bench.report([SnapshotStatus(id: record.id, label: label)])
        _ = try bench.bench.delete("demo", purge: true)
        var report = bench.bench.report(
            [try bench.bench.status("demo", .stopped)], volumes: [try bench.bench.lying("demo", epoch: 1, sealed: true)]
        )
        report.snapshots = [SnapshotStatus(id: record.id, label: label)]
        _ = bench.bench.tell(.cellReport(report))
        report = bench.bench.report([])
        report.snapshots = [SnapshotStatus(id: record.id, label: label)]
        _ = bench.bench.tell(.cellReport(report))
        #expect(bench.bench.view.apps.isEmpty && bench.bench.view.volumes.isEmpty)
        #expect(bench.orders.map(\.purpose) == [.keep])
        let removal = try bench.remove(record.id)
        report = bench.bench.report([])
        report.snapshots = []
        _ = bench.bench.tell(.cellReport(report))
        #expect(bench.bench.view.snapshots.isEmpty && bench.job(removal.job.id) == .complete)
    }

    @Test("A cell hears of orders that changed for a snapshot alone, and a new controller goes on")
    func revision() throws {
        var bench = try SnapshotBench()
        let record = try bench.take().record
        let newest = bench.bench.view.newestRevision(behindOrdersOf: Samples.cell)
        #expect(newest == bench.bench.view.snapshots[record.id]?.revision)
        _ = bench.bench.restart()
        #expect(try bench.report([SnapshotStatus(id: record.id, label: bench.label(record))]).contains(.snapshotTaken))
    }
}
