import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Which reports count, and what is on its way")
struct ControllerReportTests {
    private static let one = ClusterBench.cell(1)

    @Test("A report under a session that expired, or under another than the living one, says nothing")
    func sessions() throws {
        var bench = ClusterBench()
        bench.pass(1_000)
        let session = try #require(bench.view.sessions[Self.one]?.value.session)
        func isTaken(_ session: SessionID?) -> Bool {
            var copy = bench
            var report = copy.report(of: Self.one)
            report.session = session
            report.capacity.memory = .gigabytes(1)
            copy.tell(.cellReport(report))
            return copy.machine.reports[Self.one]?.capacity.memory == .gigabytes(1)
        }
        #expect(isTaken(session) && !isTaken(SessionID("another")) && !isTaken(nil))
        bench.living.remove(Self.one)
        bench.pass(SessionTiming.normal.expiryMilliseconds + 1_000)
        #expect(bench.names.contains(.sessionExpire) && !isTaken(session))
    }

    @Test(
        "What a cell follows counts only when it is of the history that the store has now: revisions go back when it is restored"
    )
    func restored() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        _ = try bench.stop("demo")
        func isDone(_ term: Term?, generation: UInt16) throws -> Bool {
            var copy = bench
            _ = copy.write([.put(.cluster(ClusterRecord(generation: generation)), expects: .absent)])
            var report = copy.report(
                [try copy.status("demo", .stopped)], volumes: [try copy.lying("demo", epoch: 1, sealed: true)],
                follows: copy.revision + 1_000)
            report.ordersTerm = term
            return copy.tell(.cellReport(report)).contains { $0.name == .jobFinish }
        }
        #expect(try isDone(nil, generation: 0) && isDone(Term(7), generation: 0))
        #expect(try !isDone(nil, generation: 1) && !isDone(Term(7), generation: 1))
        #expect(try isDone(Term(7).next(in: 1), generation: 1))
    }

    @Test("What a cell said before does not replace what it said since, however late its writing comes")
    func overtaken() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"))
        var slow = bench.machine
        let said = bench.report(
            [try bench.status("demo", .starting)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        let writes = slow.handle(.cellReport(said), now: bench.moment, using: &bench.random)
            .filter { $0.name == .statusRecord }
        #expect(writes.count == 2)
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        for effect in writes { #expect(bench.write(effect.writes) == nil, "\(effect.subject)") }
    }

    @Test("Members whose placing is on its way take their room and their address already")
    func placements() throws {
        var random = Seeded(5)
        var machine = ControllerMachine(configuration: Samples.configuration())
        let cell = try #require(Samples.view().cells[Samples.cell]?.value)
        _ = machine.handle(.record(.cell(cell), revision: 1), now: Samples.moment(), using: &random)
        var places: [MemberRecord] = []
        for (index, name) in ["a", "b", "c", "d"].enumerated() {
            var spec = Samples.spec()
            spec.memory = .gigabytes(5)
            let app = AppRecord(
                id: AppID(name)!, name: AppName(name)!, spec: spec, desired: .started, generation: 1,
                createdAt: Samples.start, updatedAt: Samples.start)
            let revision = Int64(index + 2)
            _ = machine.handle(.record(.app(app), revision: revision), now: Samples.moment(), using: &random)
            let effects = machine.handle(.caughtUp, now: Samples.moment(), using: &random)
            for write in effects.flatMap(\.writes) {
                if case .put(.member(let member), _) = write { places.append(member) }
            }
        }
        #expect(Set(places.map(\.app)).count == places.count && (2...3).contains(places.count), "of 5 GiB each, in 16")
        #expect(Set(places.map(\.slot)).count == places.count)
    }

    @Test("While it has lost sight of the store nothing is decided; then everything is looked at")
    func lostSight() throws {
        var random = Seeded(6)
        var machine = ControllerMachine(configuration: Samples.configuration())
        let cell = try #require(Samples.view().cells[Samples.cell]?.value)
        let app = AppRecord(
            id: AppID("a")!, name: AppName("a")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
        func tell(_ event: ControllerEvent) -> [ControllerEffectName] {
            machine.handle(event, now: Samples.moment(), using: &random).map(\.name)
        }
        #expect(tell(.record(.cell(cell), revision: 1)).isEmpty && tell(.caughtUp).isEmpty)
        #expect(tell(.lostSight).isEmpty)
        #expect(tell(.record(.app(app), revision: 2)).isEmpty && tell(.tick).isEmpty)
        #expect(tell(.caughtUp) == [.memberPlace])
    }

    @Test("An ended job says when it ended, and those that go on are not among the ended that are counted")
    func jobs() {
        var bench = ControllerBench()
        func job(_ id: String, _ operation: JobOperation, _ state: JobState) -> RecordWrite {
            .put(
                .job(
                    JobRecord(
                        id: JobID(id)!, operation: operation, app: AppID("gone")!, appName: AppName("gone")!,
                        generation: 1, state: state, createdAt: Samples.start, updatedAt: Samples.start)),
                expects: .absent)
        }
        bench.now = 5_000
        _ = bench.write([job("stop", .stop, .processing)])
        #expect(bench.view.jobs[JobID("stop")!]?.value.updatedAt == Samples.start + 5_000)
        // 29 ended ones are 9 past the limit: one short of the least that is worth a transaction.
        let effects = bench.write((0..<28).map { job("j\($0)", .start, .complete) })
        #expect(effects?.contains { $0.name == .historyPrune } == false)
        let more = bench.write([job("last", .start, .complete)])
        #expect(more?.filter { $0.name == .historyPrune }.map(\.writes.count) == [10])
    }

    @Test("A volume that was taken and sealed between two reports is granted anew, from what was sealed")
    func sealedAtOnce() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M"))
        #expect(try bench.volume("demo").epoch == Epoch(1) && bench.volume("demo").sealedAt == .none)
        _ = bench.cell(
            [try bench.status("demo", .preparing)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        let volume = try bench.volume("demo")
        #expect(volume.epoch == Epoch(2) && volume.sealedAt == Epoch(1) && volume.isMade)
    }

    @Test("A stop is done when a cell says that it follows it, though nothing else is new")
    func sameStatus() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis"), image: Samples.image(volumes: []))
        _ = bench.cell([try bench.status("demo", .stopped)])
        let before = bench.revision
        _ = try bench.stop("demo")
        #expect(bench.cell([try bench.status("demo", .stopped)], follows: before).isEmpty)
        #expect(bench.cell([try bench.status("demo", .stopped)]).map(\.name) == [.jobFinish])
    }

    @Test("When maintenance ends, what is overdue is expired at once")
    func maintenance() throws {
        var bench = ClusterBench()
        bench.mustWrite([.put(.cluster(ClusterRecord(isInMaintenance: true)), expects: .absent)])
        bench.living.remove(Self.one)
        bench.pass(2 * SessionTiming.normal.expiryMilliseconds)
        #expect(!bench.names.contains(.sessionExpire))
        let revision = try #require(bench.view.cluster?.revision)
        bench.mustWrite([.put(.cluster(ClusterRecord()), expects: .revision(revision))])
        #expect(bench.names.last == .sessionExpire)
    }
}
