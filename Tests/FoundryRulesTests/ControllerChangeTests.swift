import FoundryModel
import FoundryRules
import Testing

@Suite("A pushed change, carried out")
struct ControllerChangeTests {
    private static let image = Samples.image(volumes: [])

    private static func request(_ change: (inout PushRequest) -> Void = { _ in }) -> PushRequest {
        var request = PushRequest(name: "demo", image: "redis")
        change(&request)
        return request
    }

    /// An app that serves.
    private static func serving() throws -> ControllerBench {
        var bench = ControllerBench()
        _ = try bench.push(request(), image: image)
        _ = bench.cell([try bench.status("demo", .healthy)])
        _ = bench.route()
        bench.now = 1_000
        return bench
    }

    private static func app(_ bench: ControllerBench) throws -> AppRecord {
        try #require(bench.view.app(named: AppName("demo")!)).value
    }

    /// Of the last push.
    private static func job(_ bench: ControllerBench) throws -> JobState {
        try #require(bench.view.jobs.values.max { $0.value.createdAt < $1.value.createdAt }).value.state
    }

    /// What is said of a change that goes on.
    private static func why(_ bench: ControllerBench) throws -> String {
        Why.explain(try app(bench).id, view: bench.view, router: nil)[1].text
    }

    @Test("It is done when the members run it, not before")
    func rolls() throws {
        var bench = try Self.serving()
        _ = try bench.push(Self.request { ($0.environment, $0.port) = (["A": "1"], 20_004) }, image: Self.image)
        #expect(bench.view.members.values.first?.value.pinned == nil, "its turn came at once")
        _ = bench.cell([try bench.status("demo", .healthy, generation: 1)])
        #expect(try Self.job(bench) == .processing)
        #expect(
            try Self.why(bench)
                == "is being changed, and goes back to what it was if a member does not become healthy")
        _ = bench.cell([try bench.status("demo", .healthy)])
        #expect(try Self.app(bench).rollout == nil)
        #expect(try Self.job(bench) == .processing, "its route does not lead there yet")
        _ = bench.route()
        #expect(try Self.job(bench) == .complete)
        #expect(bench.view.routes.keys.sorted() == ["/routes/loopback/20004"])
    }

    @Test("What does not come up goes back, its route with it; then the job fails, with the reason and the last lines")
    func goesBack() throws {
        var bench = try Self.serving()
        let before = try Self.app(bench).spec
        _ = try bench.push(Self.request { ($0.environment, $0.port) = (["A": "1"], 20_004) }, image: Self.image)
        var status = try bench.status("demo", .crashed(nextTry: Samples.start))
        status.lastExit = MemberExit(
            time: Samples.start, reason: "exited with status 1", status: 1, lastLines: ["no", "luck"])
        _ = bench.cell([status])
        #expect(try Self.app(bench).rollout?.state == .goingBack(reason: "exited with status 1"))
        #expect(try Self.job(bench) == .processing, "it does not serve again yet")
        #expect(try Self.why(bench) == "goes back to what it was before a change: exited with status 1")
        #expect(bench.view.routes.keys.sorted() == ["/routes/loopback/20000"], "the route is back first")
        _ = bench.route()
        _ = bench.cell([try bench.status("demo", .healthy, generation: 2)])
        #expect(try Self.job(bench) == .processing, "nobody reaches it yet")
        _ = bench.route()
        #expect(try Self.app(bench).rollout == nil && Self.app(bench).spec == before)
        #expect(
            try Self.job(bench)
                == .failed(
                    FoundryError(
                        .changeUndone, "demo did not become healthy and is as it was before: exited with status 1.",
                        detail: "no\nluck", hint: "foundry logs demo")))
        #expect(bench.view.routes.keys.sorted() == ["/routes/loopback/20000"])
        #expect(bench.view.jobs.values.count { $0.value.state == .complete } == 1, "the first push is not touched")
    }

    @Test("One that asks for no other route leaves it; a sentence of a refusal stays one")
    func refused() throws {
        var bench = try Self.serving()
        let request = Self.request { $0.environment = ["A": "1"] }
        _ = try bench.push(request, image: Self.image)
        _ = try bench.push(request, image: Self.image)
        _ = bench.cell([try bench.status("demo", .refused(FoundryError(.imageInvalid, "No such image.")))])
        _ = bench.route()
        _ = bench.cell([try bench.status("demo", .healthy, generation: 2)])
        #expect(try Self.job(bench) == .processing)
        bench.now = 12_000
        _ = bench.tell(.tick)
        guard case .failed(let error) = try Self.job(bench) else {
            Issue.record("it failed")
            return
        }
        #expect(error.message == "demo did not become healthy and is as it was before: No such image.")
        #expect(error.detail == nil && bench.view.routes.count == 1)
        let failed = bench.view.jobs.values.count { $0.value.state == .failed(error) }
        #expect(failed == 2, "who pushed the same meanwhile hears of it, too")
    }

    @Test("What fails for half a minute goes back without any news")
    func problem() throws {
        var bench = try Self.serving()
        _ = try bench.push(Self.request { $0.environment = ["A": "1"] }, image: Self.image)
        var status = try bench.status("demo", .preparing)
        status.problem = FoundryError(.diskFull, "The machine has no room for the image.")
        _ = bench.cell([status])
        let wake = try #require(bench.machine.nextWake(now: bench.moment))
        #expect(wake <= bench.moment.monotonic + 5_000)
        bench.now = 30_000
        _ = bench.tell(.tick)
        #expect(
            try Self.app(bench).rollout?.state == .goingBack(reason: "The machine has no room for the image."))
    }

    @Test("Limits are done when the container has them")
    func limits() throws {
        var bench = try Self.serving()
        var status = try bench.status("demo", .healthy)
        status.limits = ContainerLimits(memory: .megabytes(512), cpu: Millicores(1_000))
        _ = bench.cell([status])
        _ = try bench.push(Self.request { $0.memory = "1G" }, image: Self.image)
        _ = bench.route()
        #expect(try Self.job(bench) == .processing)
        status.limits?.memory = .gigabytes(1)
        _ = bench.cell([status])
        #expect(try Self.job(bench) == .complete)
    }

    @Test("A change of an app that is stopped meanwhile is not waited for")
    func stopped() throws {
        var bench = try Self.serving()
        _ = try bench.push(Self.request { $0.environment = ["A": "1"] }, image: Self.image)
        bench.now = 500
        _ = try bench.stop("demo")
        bench.now = 1_000
        guard case .failed(let error) = try Self.job(bench) else {
            Issue.record("it failed")
            return
        }
        #expect(error.code == .conflict)
    }
}
