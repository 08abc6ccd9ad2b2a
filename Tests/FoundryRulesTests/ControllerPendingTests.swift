import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What the controller waits for")
struct ControllerPendingTests {
    private static func job(_ operation: JobOperation, _ app: AppID, _ bench: ControllerBench) -> JobRecord {
        JobRecord(
            id: JobID("job")!, operation: operation, app: app, appName: AppName("demo")!, generation: 1,
            state: .processing, createdAt: bench.wall, updatedAt: bench.wall)
    }

    @Test("A stop is done when its app is gone")
    func stopOfGone() {
        var bench = ControllerBench()
        let job = Self.job(.stop, AppID("gone")!, bench)
        #expect(bench.write([.put(.job(job), expects: .absent)])?.map(\.name) == [.jobFinish])
        #expect(bench.view.jobs[job.id]?.value.state == .complete)
    }

    @Test("While a place is only being written down nothing fails, however long that takes")
    func placing() throws {
        var random = Seeded(3)
        let bench = ControllerBench()
        var machine = ControllerMachine(configuration: Samples.configuration())
        let app = AppRecord(
            id: AppID("a1")!, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
        let cell = try #require(Samples.view().cells[Samples.cell]?.value)
        for record in [Record.cell(cell), .app(app), .job(Self.job(.start, app.id, bench))] {
            _ = machine.handle(.record(record, revision: 1), now: Samples.moment(), using: &random)
        }
        let effects = machine.handle(.caughtUp, now: Samples.moment(), using: &random)
        #expect(effects.map(\.name) == [.memberPlace])
        #expect(machine.handle(.tick, now: Samples.moment(60_000), using: &random).isEmpty)
        let lines = machine.reasons(of: app.id, now: Samples.moment())
        #expect(lines.last == WhyLine(subject: "demo", text: "is being placed"))
    }

    @Test("A volume that was made, and of which its cell says nothing, stays its holder's")
    func notListed() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M"))
        _ = bench.cell(
            [try bench.status("demo", .healthy)], volumes: [try bench.lying("demo", epoch: 1, mounted: true)])
        _ = try bench.stop("demo")
        let held = try bench.volume("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], volumes: [])
        #expect(try bench.volume("demo") == held)
        _ = bench.cell(
            [try bench.status("demo", .stopped)], volumes: [try bench.lying("demo", epoch: 1, sealed: true)])
        #expect(try bench.volume("demo").phase == .sealed)
    }

    @Test("That a member answers no more is told once")
    func unhealthy() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis"), image: Samples.image(volumes: []))
        func told() -> Int { bench.view.events.count { $0.kind == .memberUnhealthy } }
        _ = bench.cell([try bench.status("demo", .healthy)])
        var status = try bench.status("demo", .unhealthy)
        _ = bench.cell([status])
        #expect(told() == 1)
        status.problem = FoundryError(.timedOut, "It took too long.")
        _ = bench.cell([status])
        #expect(told() == 1 && bench.view.statuses[status.id]?.value.problem?.code == .timedOut)
        status.pid = 102
        _ = bench.cell([status])
        #expect(told() == 2, "another process")
    }

    @Test("What fails is the event's message")
    func failing() throws {
        for (phase, kind, silent) in [
            (.unhealthy, .memberUnhealthy, "answers no more"), (.unready, .memberUnready, "is not ready"),
        ] as [(MemberPhase, EventName, String)] {
            for complaint in [nil, "the disk does not answer"] {
                var bench = ControllerBench()
                _ = try bench.push(PushRequest(name: "demo", image: "redis"), image: Samples.image(volumes: []))
                var status = try bench.status("demo", phase)
                status.complaint = complaint
                _ = bench.cell([status])
                status.problem = FoundryError(.timedOut, "It took too long.")
                _ = bench.cell([status])
                let events = bench.view.events.filter { $0.kind == kind }
                #expect(events.map(\.message) == [complaint ?? silent])
            }
        }
    }
}
