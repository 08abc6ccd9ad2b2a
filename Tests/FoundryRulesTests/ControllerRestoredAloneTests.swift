import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A platform of one machine after its store was restored")
struct ControllerRestoredAloneTests {
    /// One app that serves under epoch 1, then the store as a restore leaves it, under another controller.
    private static func bench(
        _ change: (inout ControllerBench) throws -> Void = { _ in }
    ) throws -> ControllerBench {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        try change(&bench)
        return try restored(bench)
    }

    /// As the store is written while no controller runs, and read by the next one.
    private static func restored(_ old: ControllerBench) throws -> ControllerBench {
        var records = old.records.mapValues(\.record)
        var random = Seeded(3)
        for plan in try OperatorVerbs.restore(
            view: old.view, seen: 0, takenAt: Samples.start, now: Samples.start + 9_000, using: &random)
        {
            for write in plan.writes {
                if case .put(let record, _) = write { records[record.key] = record } else { records[write.key] = nil }
            }
        }
        var bench = ControllerBench(report: false)
        bench.now = old.now
        _ = bench.write(records.values.sorted { $0.key < $1.key }.map { .put($0, expects: .absent) })
        _ = bench.restart()
        return bench
    }

    /// The cell's word, under orders of the restored store.
    private static func say(_ phase: MemberPhase, _ volumes: [VolumeStatus], _ bench: inout ControllerBench) throws {
        var report = bench.report([try bench.status("demo", phase)], volumes: volumes)
        report.ordersTerm = Term(0).next(in: 1)
        _ = bench.tell(.cellReport(report))
    }

    private static func purpose(_ bench: ControllerBench) -> VolumePurpose? {
        bench.view.cellOrders(for: Samples.cell, term: Term(1)).volumes.first?.purpose
    }

    private static func why(_ bench: ControllerBench) throws -> [String] {
        let app = try #require(AppName("demo").flatMap { bench.view.app(named: $0) }?.value.id)
        return bench.machine.reasons(of: app, now: bench.moment).map(\.text)
    }

    @Test(
        "Nothing starts until its cell has said what lies on the pool, and why says so; then it goes on under a newer epoch"
    )
    func heard() throws {
        var bench = try Self.bench()
        #expect(Self.purpose(bench) == .keep)
        #expect(try Self.why(bench) == ["waits: the store was restored, and it is not known yet what lies on the pool"])
        _ = bench.cell(volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(bench.view.switches.unheard.isEmpty)
        #expect(try bench.volume("demo").epoch == .first(of: 1).next && Self.why(bench).isEmpty)
        guard case .serve(_, Epoch(1), mayCreate: false)? = Self.purpose(bench) else {
            return #expect(Bool(false), "\(String(describing: Self.purpose(bench)))")
        }
    }

    @Test(
        "What was held after the backup was taken is gone on with, however its app was then, and however the machine ended",
        arguments: [false, true], ["started", "stopping", "stopped", "deleted"])
    func newer(sealed: Bool, state: String) throws {
        var bench = try Self.bench { bench in
            if state == "started" { return }
            _ = state == "deleted" ? try bench.delete("demo") : try bench.stop("demo")
            if state != "stopped" { return }
            _ = bench.cell(
                [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
            #expect(try bench.volume("demo").phase == .sealed)
        }
        try Self.say(.stopped, [try bench.lying("demo", epoch: 5, sealed: sealed)], &bench)
        if state == "started" || state == "stopped" {
            if state == "stopped" { _ = try bench.start("demo") }
            let volume = try bench.volume("demo")
            #expect(volume.epoch == (sealed ? .first(of: 1).next : Epoch(5)) && volume.sealedAt == Epoch(5))
            #expect(bench.view.events.contains { $0.message == "is known again under epoch 5" })
        } else if state == "deleted" {
            guard case .kept = try bench.volume("demo").phase else { return #expect(Bool(false), "it is kept") }
        } else {
            // The cell is told to keep it under the label's own epoch, and seals it.
            if !sealed { #expect(Self.purpose(bench) == .keep) }
            try Self.say(.stopped, [try bench.lying("demo", epoch: 5, sealed: true)], &bench)
            let volume = try bench.volume("demo")
            #expect(volume.epoch == Epoch(5) && volume.sealedAt == Epoch(5))
            #expect(volume.phase == .sealed)
        }
    }

    @Test(
        "Where a rewind came after the backup, nothing starts on the older disk, and why says how the newer one is known again"
    )
    func rewound() throws {
        var bench = try Self.bench()
        let old = try bench.lying("demo", epoch: 1, sealed: true)
        var label = try #require(old.label)
        label.volume = try #require(VolumeID("another"))
        label.branch = 2
        label.epoch = Epoch(2)
        let newer = VolumeStatus(id: label.volume, label: label, mounted: false, refusal: nil, used: nil)
        try Self.say(.stopped, [old, newer], &bench)
        #expect(bench.view.switches.unheard.isEmpty && Self.purpose(bench) == .keep)
        #expect(
            try Self.why(bench) == [
                "waits: the store was restored from before another copy of this disk took its place, so nothing is started on either"
            ])
        #expect(try bench.volume("demo").epoch == Epoch(1))
    }

    @Test("A disk that went after the backup is missed, and why says what a restore has to do with it")
    func gone() throws {
        var bench = try Self.bench()
        _ = bench.cell()
        let error = FoundryError(.volumeMissing, "Volume v is not there.", hint: "foundry volumes")
        _ = bench.cell([try bench.status("demo", .refused(error))])
        let app = try #require(AppName("demo").flatMap { bench.view.app(named: $0) }?.value.id)
        func line() -> WhyLine? {
            Why.explain(app, view: bench.view, router: nil).first { $0.subject == "volume demo/0" }
        }
        #expect(
            line()
                == WhyLine(
                    subject: "volume demo/0",
                    text:
                        "is refused: Volume v is not there. The store was restored at 2023-11-14T22:13:29Z from a backup of "
                        + "2023-11-14T22:13:20Z: an app that was deleted with its disk after that is back, and its disk is not",
                    hint: "foundry delete demo, if it was deleted"))
        let cluster = try #require(bench.view.cluster)
        var next = cluster.value
        next.restore?.takenAt = nil
        _ = bench.write([.put(.cluster(next), expects: .revision(cluster.revision))])
        #expect(line()?.text.contains("from a backup: an app") == true)
        next.restore = nil
        _ = bench.write([.put(.cluster(next), expects: .any)])
        #expect(line()?.text == "is refused: Volume v is not there.", "no restore, no word of it")
    }

    @Test("A disk that is newer than its record says how the records come to follow it")
    func older() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        _ = bench.cell([
            try bench.status("demo", .refused(FoundryError(.volumeNewer, "Volume v was held later.")))
        ])
        let app = try #require(AppName("demo").flatMap { bench.view.app(named: $0) }?.value.id)
        let line = Why.explain(app, view: bench.view, router: nil).first { $0.subject == "volume demo/0" }
        #expect(line?.text.contains("older than its disk") == true && line?.hint?.contains("--present") == true)
    }

    @Test("A stopped app, and one without a disk, wait for nothing")
    func noWait() throws {
        var bench = try Self.bench { bench in
            _ = try bench.stop("demo")
            _ = try bench.push(PushRequest(name: "cache", image: "redis", memory: "64M", ephemeral: true))
        }
        let cache = try #require(AppName("cache").flatMap { bench.view.app(named: $0) }?.value.id)
        #expect(try Self.why(bench).isEmpty)
        #expect(bench.machine.reasons(of: cache, now: bench.moment).isEmpty)
        bench.now += 1
    }

    @Test("A snapshot that was being taken at the backup is not given up before its cell was heard")
    func snapshot() throws {
        var bench = try SnapshotBench()
        let record = try bench.take().record
        bench.bench.now += 120_000
        bench.bench = try Self.restored(bench.bench)
        _ = bench.bench.tell(.tick)
        #expect(bench.state(record.id) == .asked)
        let label = bench.label(record)
        try bench.report([SnapshotStatus(id: record.id, label: label)])
        #expect(bench.state(record.id) == .taken(label.taking))
    }
}
