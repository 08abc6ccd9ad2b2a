import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Whether a member serves")
struct CellHealthTests {
    private static let check = HealthCheck(port: 6_379)

    @Test("Three checks in a row without an answer restart it, with the reason; two do not", .proves(.silenceRestarts))
    func silence() {
        var bench = CellBench.serving()
        bench.tick(2_000)
        #expect(bench.probe(false).isEmpty && bench.status?.phase == .healthy)
        bench.tick(4_000)
        #expect(bench.probe(false).isEmpty && bench.status?.phase == .healthy)
        bench.tick(6_000)
        #expect(bench.probe(true).isEmpty)
        for time in [Int64(8_000), 10_000] {
            bench.tick(time)
            #expect(bench.probe(false).isEmpty)
        }
        bench.tick(12_000)
        #expect(bench.probe(false).map(\.name) == [.containerStop])
        bench.end()
        #expect(bench.status?.lastExit?.reason == "did not answer on port 6379 3 times in a row and was restarted")
        #expect(bench.status?.restarts == 1)
        bench.tick(13_000)
        #expect(bench.isRunning)
    }

    @Test("A start may take its start period; past it, the first silence restarts it", .proves(.silenceRestarts))
    func startPeriod() {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: false)
        for time in stride(from: Int64(500), to: 60_000, by: 500) {
            #expect(bench.probe(false).isEmpty && bench.status?.phase == .starting)
            bench.tick(time)
        }
        #expect(bench.isRunning)
        bench.tick(60_000)
        #expect(bench.probe(false).map(\.name) == [.containerStop])
        bench.end()
        #expect(
            bench.status?.lastExit?.reason
                == "did not answer on port 6379 within its start period of 60 s and was restarted")
    }

    @Test("A start is waited for closely at first, then less; a healthy one is asked every interval")
    func pauses() {
        func pause(_ bench: CellBench) -> Int64? {
            bench.machine.nextWake(now: bench.moment).map { $0 - bench.moment.monotonic }
        }
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: false)
        bench.probe(false)
        #expect(pause(bench) == 40)
        bench.tick(10_000)
        bench.probe(false)
        #expect(pause(bench) == 500)
        bench.tick(10_500)
        bench.probe(true)
        #expect(pause(bench) == 2_000)
    }

    @Test("One check of a member at a time, of its own address and port")
    func oneAtATime() {
        var bench = CellBench.serving()
        bench.tick(2_000)
        bench.tick(4_000)
        bench.tick(9_000)
        #expect(bench.probes.count == 1)
        let probe = bench.probes.first
        #expect(probe?.member == CellBench.member && probe?.pid == 101)
        #expect(probe?.address == "10.77.3.2" && probe?.asks == .port(6_379) && probe?.timeoutMilliseconds == 1_000)
    }

    @Test("An answer of a process that is gone says nothing of the next one")
    func late() {
        var bench = CellBench.serving()
        bench.tick(2_000)
        bench.end()
        bench.tick(2_200)
        #expect(bench.isRunning)
        bench.tell(.probed(CellBench.member, pid: 101, .liveness, .serves))
        #expect(bench.status?.phase == .starting)
    }

    @Test("Without a check a member whose process runs is healthy")
    func process() {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: false, health: HealthCheck(port: nil))
        #expect(bench.status?.phase == .healthy && bench.probes.isEmpty)
        bench.begin()
        bench.orders(1, hasVolume: false, health: HealthCheck(port: nil))
        #expect(bench.status?.phase == .healthy, "an adopted one, too")
    }

    @Test("Of an adopted member nothing is said before its first check; a slow answer does not restart it, three do")
    func adopted() {
        var bench = CellBench.serving()
        bench.now = 100_000
        bench.begin()
        #expect(bench.report?.members.isEmpty == true)
        bench.orders(2)
        #expect(bench.report == nil)
        #expect(bench.probe(false).isEmpty)
        #expect(bench.report != nil && bench.isRunning)
        bench.tick(102_000)
        #expect(bench.probe(false).isEmpty)
        bench.tick(104_000)
        #expect(bench.probe(false).map(\.name) == [.containerStop])
        // One that answers is healthy at once, and its uptime unbroken.
        var other = CellBench.serving()
        other.now = 100_000
        other.begin()
        other.orders(2)
        #expect(other.probe(true).isEmpty)
        #expect(
            other.status?.phase == .healthy && other.status?.startedAt == Samples.start && other.status?.restarts == 0)
    }

    @Test("An adopted member that is still starting keeps the rest of its start period")
    func adoptedYoung() {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: false)
        bench.now = 30_000
        bench.begin()
        bench.orders(1, hasVolume: false)
        #expect(bench.probe(false).isEmpty && bench.status?.phase == .starting)
        bench.tick(59_999)
        #expect(bench.probe(false).isEmpty)
        bench.tick(60_500)
        #expect(bench.probe(false).map(\.name) == [.containerStop])
    }

    @Test("Healthy for a minute, its ends are counted anew")
    func settled() {
        var bench = CellBench.serving()
        for _ in 0..<3 {
            bench.end()
            bench.tick(bench.now + 1_000)
            bench.probe(true)
        }
        #expect(bench.world.histories[CellBench.member]?.endsInARow == 3)
        bench.now += 60_000
        bench.end()
        #expect(bench.world.histories[CellBench.member]?.endsInARow == 1)
        #expect(bench.world.histories[CellBench.member]?.restarts == 4)
    }

    @Test("After eight ends in a row a member is crashed, says why, and is tried again later", .proves(.crashGivesUp))
    func crashed() {
        var bench = CellBench()
        bench.begin()
        bench.orders(1, hasVolume: false)
        for _ in 0..<8 {
            #expect(bench.isRunning)
            bench.end()
            bench.tick(bench.now + 31_000)
        }
        #expect(!bench.isRunning)
        guard case .crashed(let next)? = bench.status?.phase else {
            Issue.record("\(String(describing: bench.status))")
            return
        }
        #expect(bench.status?.restarts == 8 && bench.status?.lastExit?.reason == "exited with status 1")
        bench.tick(next - Samples.start - 1)
        #expect(!bench.isRunning)
        bench.tick(next - Samples.start)
        #expect(bench.isRunning)
    }
}
