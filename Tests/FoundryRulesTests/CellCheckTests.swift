import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Readiness, and whether writes reach the disk")
struct CellCheckTests {
    private static let ready = HealthCheck(.http(port: 8_080, path: "/ready"))
    private static let probe = ["FOUNDRY_WRITE_PROBE=write", "FOUNDRY_WRITE_PROBE_INTERVAL_MS=10000"]

    private static func orders(
        _ revision: Int64, readiness: HealthCheck? = nil, environment: [String] = [],
        health: HealthCheck = HealthCheck(port: 6_379)
    ) -> CellEvent {
        var orders = CellBench.orders(revision, health: health)
        orders.members[0].spec.readiness = readiness
        orders.members[0].spec.image.configuration.environment = environment
        return .orders(orders)
    }

    /// With a process that runs and was not asked yet.
    private static func started(
        readiness: HealthCheck? = nil, environment: [String] = [], health: HealthCheck = HealthCheck(port: 6_379)
    ) -> CellBench {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, sealedAt: 0, health: health)
        bench.tell(orders(2, readiness: readiness, environment: environment, health: health))
        return bench
    }

    @Test(
        "Until it is ready a member starts; then it is healthy; when it no longer is, nobody is led to it, and it is not restarted",
        .proves(.unreadyUnrouted))
    func readiness() {
        var bench = Self.started(readiness: Self.ready)
        #expect(bench.roles == [.liveness])
        bench.answer(.liveness, .serves)
        #expect(bench.status?.phase == .starting && bench.roles == [.readiness])
        #expect(bench.probes.first?.asks == Self.ready.asks && bench.probes.first?.address == "10.77.3.2")
        bench.answer(.readiness, .fails(.status(503)))
        #expect(bench.status?.phase == .starting && bench.status?.complaint == nil)
        bench.tick(40)
        bench.answer(.readiness, .serves)
        #expect(bench.status?.phase == .healthy)
        for (time, phase) in [(2_040, MemberPhase.healthy), (4_040, .healthy), (6_040, .unready), (8_040, .unready)] {
            bench.tick(Int64(time))
            bench.answer(.liveness, .serves)
            bench.answer(.readiness, .fails(.status(503)))
            #expect(bench.status?.phase == phase, "\(time)")
        }
        #expect(bench.status?.complaint == "is not ready: it answered GET /ready with status 503")
        #expect(bench.isRunning && bench.status?.restarts == 0)
        bench.tick(10_040)
        bench.answer(.liveness, .serves)
        bench.answer(.readiness, .serves)
        #expect(bench.status?.phase == .healthy && bench.status?.complaint == nil)
    }

    @Test("A start that is late says what it has not answered yet")
    func late() {
        var bench = Self.started(readiness: Self.ready)
        bench.answer(.liveness, .fails(.refused))
        #expect(bench.status?.complaint == nil)
        bench.tick(10_000)
        bench.answer(.liveness, .fails(.refused))
        #expect(bench.status?.phase == .starting && bench.status?.complaint == "did not answer on port 6379")
        bench.tick(10_500)
        bench.answer(.liveness, .serves)
        bench.answer(.readiness, .fails(.silent))
        #expect(
            bench.status?.complaint == "is not ready: it did not answer GET /ready on port 8080 within 1 s")
        #expect(bench.machine.nextWake(now: bench.moment) == bench.moment.monotonic + 500)
    }

    @Test(
        "A disk that takes no writes shows as unhealthy though the port answers; it is not restarted, and is healthy again after",
        .proves(.hungDiskShown))
    func writes() {
        var bench = Self.started(environment: Self.probe)
        bench.answer(.liveness, .serves)
        #expect(bench.status?.phase == .healthy && bench.roles == [])
        bench.tick(1_000)
        #expect(bench.roles == [.writes] && bench.probes.first?.timeoutMilliseconds == 5_000)
        bench.answer(.writes, .serves)
        bench.tick(11_000)
        bench.answer(.liveness, .serves)
        bench.answer(.writes, .fails(.silent))
        #expect(bench.status?.phase == .healthy, "one may be late")
        bench.tick(13_000)
        bench.answer(.liveness, .serves)
        bench.answer(.writes, .fails(.stuck))
        #expect(bench.status?.phase == .unhealthy && bench.isRunning)
        #expect(
            bench.status?.complaint == "the write probe took longer than 5 s: the disk does not answer")
        bench.tick(15_000)
        bench.answer(.liveness, .serves)
        bench.answer(.writes, .unknown)
        #expect(bench.status?.phase == .unhealthy)
        bench.tick(17_000)
        bench.answer(.liveness, .serves)
        bench.answer(.writes, .serves)
        #expect(bench.status?.phase == .healthy && bench.status?.restarts == 0)
        #expect(bench.status?.startedAt == Samples.start)
    }

    @Test("A check that could not be made says nothing, and is made again")
    func unknown() {
        var bench = Self.started()
        bench.answer(.liveness, .unknown)
        #expect(bench.status?.phase == .starting)
        bench.tick(40)
        bench.answer(.liveness, .serves)
        for time in [Int64(2_040), 4_040, 6_040, 8_040] {
            bench.tick(time)
            bench.answer(.liveness, .unknown)
        }
        #expect(bench.status?.phase == .healthy && bench.isRunning)
    }

    @Test("A member that was adopted is told of once it is known to be ready, or not to be")
    func adopted() {
        for isReady in [true, false] {
            var bench = Self.started(readiness: Self.ready)
            bench.answer(.liveness, .serves)
            bench.answer(.readiness, .serves)
            bench.now = 100_000
            bench.begin()
            bench.tell(Self.orders(3, readiness: Self.ready))
            bench.answer(.liveness, .serves)
            #expect(bench.report == nil)
            for time in [Int64(100_000), 100_500, 101_000] where !isReady {
                bench.tick(time)
                #expect(bench.report == nil)
                bench.answer(.readiness, .fails(.closed))
            }
            if isReady { bench.answer(.readiness, .serves) }
            #expect(bench.status?.phase == (isReady ? .healthy : .unready))
        }
    }

    @Test("Checks that change while a member serves do not take it from its route")
    func changed() {
        var bench = Self.started()
        bench.answer(.liveness, .serves)
        bench.tell(Self.orders(3, readiness: Self.ready, environment: Self.probe))
        #expect(bench.status?.phase == .healthy && bench.roles == [.readiness, .writes])
        bench.answer(.readiness, .fails(.refused))
        let other = HealthCheck(.port(9), failuresAllowed: 1)
        bench.tell(Self.orders(4, readiness: other))
        #expect(bench.status?.phase == .healthy)
        bench.answer(.readiness, .fails(.refused))
        #expect(bench.status?.phase == .unready)
        bench.tell(Self.orders(5))
        #expect(bench.status?.phase == .healthy)
        // What was asked meanwhile is answered too late to count.
        bench.tell(.probed(CellBench.member, pid: 101, .readiness, .fails(.refused)))
        bench.tell(.probed(CellBench.member, pid: 101, .writes, .serves))
        bench.tell(.probed(MemberID("stranger")!, pid: 101, .liveness, .serves))
        #expect(bench.status?.phase == .healthy)
    }

    @Test("A process without a check is asked for what restarts nothing all the same; a command is asked with patience")
    func process() {
        var bench = Self.started(readiness: Self.ready, health: HealthCheck(.process))
        #expect(bench.status?.phase == .starting && bench.roles == [.readiness])
        bench.answer(.readiness, .serves)
        #expect(bench.status?.phase == .healthy)
        bench.tell(.probed(CellBench.member, pid: 101, .liveness, .fails(.refused)))
        #expect(bench.status?.phase == .healthy)
        var slow = Self.started(health: HealthCheck(.command(["/check"]), intervalMilliseconds: 30_000))
        slow.answer(.liveness, .fails(.exited(1, said: "not yet")))
        #expect(slow.machine.nextWake(now: slow.moment) == slow.moment.monotonic + 150)
        slow.tick(10_000)
        slow.answer(.liveness, .fails(.exited(1, said: "not yet")))
        #expect(slow.machine.nextWake(now: slow.moment) == slow.moment.monotonic + 1_000)
        var engine = Self.started(health: HealthCheck(.engine(.postgresql, port: 5_432)))
        engine.answer(.liveness, .fails(.refused))
        #expect(engine.machine.nextWake(now: engine.moment) == engine.moment.monotonic + 40)
        engine.tick(40)
        engine.answer(.liveness, .fails(.engine("the database system is starting up")))
        #expect(engine.machine.nextWake(now: engine.moment) == engine.moment.monotonic + 500)
    }

    @Test("While a member is adopted and answers neither, it is not ready and not healthy")
    func neither() {
        var bench = Self.started(readiness: HealthCheck(.port(1), failuresAllowed: 1))
        bench.answer(.liveness, .serves)
        bench.answer(.readiness, .serves)
        bench.now = 100_000
        bench.begin()
        bench.tell(Self.orders(3, readiness: HealthCheck(.port(1), failuresAllowed: 1)))
        bench.answer(.liveness, .fails(.silent))
        #expect(bench.status?.phase == .unhealthy && bench.status?.complaint == "did not answer on port 6379")
        bench.tick(102_000)
        bench.answer(.liveness, .serves)
        bench.answer(.readiness, .fails(.silent))
        #expect(bench.status?.phase == .unready)
    }

    @Test("A member that is restarted says which check it failed")
    func reason() {
        var bench = Self.started(health: HealthCheck(.command(["/check"]), failuresAllowed: 2))
        bench.answer(.liveness, .serves)
        for (time, said) in [(Int64(2_000), "first"), (4_000, "second")] {
            bench.tick(time)
            bench.answer(.liveness, .fails(.exited(1, said: said)))
        }
        bench.end()
        #expect(
            bench.status?.lastExit?.reason
                == "failed its health command with exit code 1: second 2 times in a row and was restarted")
    }
}
