import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("When a job has ended, and how")
struct ControllerJobTests {
    private static let image = Samples.image(volumes: [])

    private static func pushed() throws -> ControllerBench {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis"), image: image)
        return bench
    }

    /// Of the newest job.
    private static func state(_ bench: ControllerBench) -> JobState? {
        bench.view.jobs.values.max {
            $0.value.createdAt < $1.value.createdAt
                || ($0.value.createdAt == $1.value.createdAt && $0.revision < $1.revision)
        }?
        .value.state
    }

    private static func code(_ bench: ControllerBench) -> ErrorCode? {
        if case .failed(let error)? = state(bench) { return error.code }
        return nil
    }

    @Test("A push is done when its member is healthy and its route leads to it, not before")
    func push() throws {
        var bench = try Self.pushed()
        for phase in [.preparing, .starting] as [MemberPhase] {
            _ = bench.cell([try bench.status("demo", phase)])
            _ = bench.route()
            #expect(Self.state(bench) == .processing, "\(phase)")
        }
        _ = bench.cell([try bench.status("demo", .healthy)])
        #expect(Self.state(bench) == .processing)
        _ = bench.tell(
            .routerReport(
                RouterReport(ordersRevision: bench.revision, applied: [], problem: "HAProxy does not answer.")))
        #expect(Self.state(bench) == .processing)
        _ = bench.route()
        #expect(Self.state(bench) == .complete)
        #expect(bench.route().isEmpty, "it ends once")
    }

    @Test("A restart waits for the new generation: that the old one is healthy says nothing")
    func restart() throws {
        var bench = try Self.pushed()
        _ = bench.cell([try bench.status("demo", .healthy)])
        _ = bench.route()
        bench.now = 1_000
        _ = try bench.restart("demo")
        _ = bench.cell([try bench.status("demo", .healthy, generation: 1)])
        _ = bench.route()
        #expect(Self.state(bench) == .processing)
        _ = bench.cell([try bench.status("demo", .healthy)])
        _ = bench.route()
        #expect(Self.state(bench) == .complete)
    }

    @Test("A crash fails it, with the reason and the last lines")
    func crashed() throws {
        var bench = try Self.pushed()
        var status = try bench.status("demo", .crashed(nextTry: Samples.start))
        status.restarts = 8
        status.lastExit = MemberExit(
            time: Samples.start, reason: "exited with status 1", status: 1, lastLines: ["no", "luck"])
        _ = bench.cell([status])
        #expect(
            Self.state(bench)
                == .failed(
                    FoundryError(
                        .appCrashed, "demo exited with status 1, 8 times.", detail: "no\nluck",
                        hint: "foundry logs demo")))
    }

    @Test("A refused volume fails it at once, with the refusal")
    func refused() throws {
        var bench = try Self.pushed()
        let refusal = FoundryError(.volumeEmpty, "Volume demo/0 is empty.")
        _ = bench.cell([try bench.status("demo", .refused(refusal))])
        #expect(Self.state(bench) == .failed(refusal))
    }

    @Test("What fails again and again fails it after half a minute")
    func problem() throws {
        var bench = try Self.pushed()
        var status = try bench.status("demo", .preparing)
        status.problem = FoundryError(.imageUnreachable, "The registry does not answer.")
        bench.now = 29_999
        _ = bench.cell([status])
        #expect(Self.state(bench) == .processing)
        #expect(bench.machine.nextWake(now: bench.moment) == Samples.moment(30_000).monotonic)
        bench.now = 30_000
        _ = bench.tell(.tick)
        #expect(Self.code(bench) == .imageUnreachable)
    }

    @Test("Without a place it fails with what is short")
    func unplaced() throws {
        var bench = try Self.pushed()
        for name in ["two", "three", "four"] {
            _ = try bench.push(PushRequest(name: name, image: "redis", memory: "5G"), image: Self.image)
        }
        var app = try #require(bench.view.app(named: AppName("two")!)).value
        (app.id, app.name) = (AppID("five")!, AppName("five")!)
        bench.now = 1
        let job = JobRecord(
            id: JobID("job")!, operation: .start, app: app.id, appName: app.name, generation: 1, state: .processing,
            createdAt: bench.wall,
            updatedAt: bench.wall)
        _ = bench.write([.put(.app(app), expects: .absent), .put(.job(job), expects: .absent)])
        bench.now = 30_000
        _ = bench.tell(.tick)
        #expect(bench.view.jobs[job.id]?.value.state == .processing)
        bench.now = 30_001
        _ = bench.tell(.tick)
        #expect(Self.code(bench) == .capacityShort)
    }

    @Test("A stop is done on the word of a cell that follows it; what it said before may be of an earlier stop")
    func stop() throws {
        var bench = try Self.pushed()
        _ = bench.cell([try bench.status("demo", .stopped)])
        bench.now = 1_000
        let revision = bench.revision
        _ = try bench.stop("demo")
        _ = bench.cell([try bench.status("demo", .stopped)], follows: revision)
        #expect(Self.state(bench) == .processing)
        _ = bench.cell([try bench.status("demo", .stopping)])
        #expect(Self.state(bench) == .processing)
        _ = bench.cell([try bench.status("demo", .stopped)])
        #expect(Self.state(bench) == .complete)
    }

    @Test("A delete is done when its app is gone")
    func delete() throws {
        var bench = try Self.pushed()
        bench.now = 1_000
        _ = try bench.delete("demo")
        _ = bench.cell([try bench.status("demo", .stopping)])
        #expect(Self.state(bench) == .processing)
        _ = bench.cell([try bench.status("demo", .stopped)])
        #expect(Self.state(bench) == .complete)
        #expect(bench.view.apps.isEmpty && bench.view.routes.isEmpty && bench.view.statuses.isEmpty)
    }

    @Test("One that was overtaken by another verb fails, and says so")
    func overtaken() throws {
        var bench = try Self.pushed()
        _ = try bench.stop("demo")
        #expect(
            bench.view.jobs.values.contains {
                if case .failed(let error) = $0.value.state { error.code == .conflict } else { false }
            })
        bench.now = 1_000
        _ = try bench.start("demo")
        let states = bench.view.jobs.values.map(\.value.state)
        #expect(states.filter { $0 == .processing }.count == 1)
    }
}

@Suite("What is kept of the past")
struct ControllerHistoryTests {
    @Test("Events and ended jobs past the limit go, the oldest first, many at a time; a job that goes on stays")
    func prunes() {
        var bench = ControllerBench()
        let writes = (0..<130).map { index -> RecordWrite in
            .put(
                .event(
                    EventRecord(
                        id: EventID("event-\(index)")!, time: Samples.start + Int64(index), kind: .appPushed, app: nil,
                        subject: "demo",
                        message: "\(index)", actor: "operator")), expects: .absent)
        }
        let jobs = (0..<60).map { index -> RecordWrite in
            .put(
                .job(
                    JobRecord(
                        id: JobID("job-\(index)")!, operation: .start, app: AppID("gone")!, appName: AppName("gone")!,
                        generation: 1,
                        state: .complete, createdAt: Samples.start, updatedAt: Samples.start + Int64(index))),
                expects: .absent)
        }
        let effects = bench.write(writes + jobs) ?? []
        #expect(effects.allSatisfy { $0.name == .historyPrune && $0.writes.count <= 100 })
        // Up to a tenth past the limit is left for the next time.
        #expect((100..<110).contains(bench.view.events.count))
        #expect((20..<30).contains(bench.view.jobs.count))
        #expect(bench.view.events.last?.message == "129")
        #expect(bench.view.events.first.flatMap { Int($0.message) } == 130 - bench.view.events.count)
        #expect(bench.view.jobs[JobID("job-59")!] != nil && bench.view.jobs[JobID("job-0")!] == nil)
    }
}
