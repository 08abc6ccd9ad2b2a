import FoundryModel
import FoundryRules
import Testing

@Suite("When a cell wants to be woken")
struct CellWakeTests {
    private static func wake(_ machine: CellMachine, _ now: Int64) -> Int64? {
        machine.nextWake(now: Samples.moment(now)).map { $0 - Samples.moment().monotonic }
    }

    @Test("For nothing, while nothing waits for time")
    func nothing() {
        let bench = CellBench.serving(hasVolume: false, health: HealthCheck(port: nil))
        #expect(Self.wake(bench.machine, 0) == nil)
    }

    @Test("For a retry; one that is overdue is named as due now, whatever came in between")
    func overdue() {
        var bench = CellBench()
        bench.begin()
        bench.isHolding = true
        bench.orders(1, hasVolume: false)
        #expect(bench.held.map(\.name) == [.imageUnpack])
        #expect(bench.fail(bench.held[0]).isEmpty)
        #expect(Self.wake(bench.machine, 0) == 200)
        #expect(Self.wake(bench.machine, 250) == 250)
        bench.now = 250
        #expect(bench.rejection(.observed(bench.world.observe())) == .observedTwice)
        #expect(Self.wake(bench.machine, 250) == 250, "an event that was rejected did not look at it")
        #expect(bench.tick(250).map(\.name) == [.imageUnpack])
        #expect(Self.wake(bench.machine, 250) == nil)
    }

    @Test("For the next check of a member that runs, also before anybody asked for the checks that are due")
    func checks() {
        let bench = CellBench.serving()
        #expect(Self.wake(bench.machine, 0) == 2_000)
        var machine = bench.machine
        _ = machine.handle(.orders(CellBench.orders(2)), now: Samples.moment(0))
        #expect(Self.wake(machine, 0) == 2_000)
        #expect(Self.wake(machine, 2_500) == 2_500)
        #expect(machine.takeProbes(now: Samples.moment(2_500).monotonic).count == 1)
        #expect(Self.wake(machine, 2_500) == nil, "it is being made")
    }

    @Test("For whatever comes first")
    func sooner() {
        var bench = CellBench.serving()
        bench.orders(3, run: false)
        #expect(Self.wake(bench.machine, 0) == 2_000, "its next check")
        #expect(bench.tick(2_000).isEmpty && bench.probes.count == 1)
        #expect(Self.wake(bench.machine, 2_000) == 30_000, "SIGKILL")
        bench.tick(29_000)
        bench.probe(true)
        #expect(Self.wake(bench.machine, 29_000) == 30_000)
    }
}
