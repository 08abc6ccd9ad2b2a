import FoundryModel
import FoundryRules
import Testing

@Suite("When a controller wants to be woken, and what it says of an app")
struct ControllerWakeTests {
    private static let one = ClusterBench.cell(1)

    private static func wake(_ bench: ClusterBench) -> Int64? {
        bench.machine.nextWake(now: bench.moment).map { $0 - Samples.moment().monotonic }
    }

    /// Time passes, and the store is heard of.
    private static func tick(_ time: Int64, _ bench: inout ClusterBench) {
        bench.now = time
        bench.tell(.caughtUp)
        bench.tell(.tick)
    }

    @Test("When a silent cell is late, when it is overdue, and then no more for it")
    func sessions() {
        var bench = ClusterBench(cells: 1)
        bench.living = []
        #expect(Self.wake(bench) == 2_000)
        Self.tick(1_999, &bench)
        #expect(Self.wake(bench) == 2_000)
        Self.tick(2_000, &bench)
        #expect(Self.wake(bench) == 8_000)
        for time in [Int64(4_000), 6_000, 7_999] { Self.tick(time, &bench) }
        #expect(Self.wake(bench) == 8_000 && !bench.names.contains(.sessionExpire))
        Self.tick(8_000, &bench)
        #expect(bench.names.contains(.sessionExpire) && Self.wake(bench) == nil)
    }

    @Test("Every R while an app waits for room")
    func restless() {
        var bench = ClusterBench(cells: 1)
        let app = bench.push("big") { $0.memory = .gigabytes(64) }
        #expect(bench.view.members(of: app).isEmpty)
        #expect(Self.wake(bench) == 1_000)
        var other = ClusterBench(cells: 1)
        _ = other.push("small")
        #expect(Self.wake(other) == 2_000, "one that serves waits for nothing")
    }

    @Test("On one machine cells are no reason for anything, and of an app that is none nothing is said")
    func nothing() throws {
        var bench = ControllerBench()
        _ = try bench.push(PushRequest(name: "demo", image: "redis", disk: "100M"))
        let app = try #require(bench.view.apps.keys.first)
        #expect(bench.machine.reasons(of: app, now: bench.moment).isEmpty)
        let cluster = ClusterBench()
        #expect(cluster.machine.reasons(of: AppID("none")!, now: cluster.moment).isEmpty)
    }

    @Test("That its cell is silent is a reason, and so is what its rollout waits for")
    func reasons() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        #expect(bench.machine.reasons(of: app, now: bench.moment).isEmpty)
        bench.living.remove(member.cell)
        bench.pass(3_000)
        let silent = bench.machine.reasons(of: app, now: bench.moment)
        #expect(silent.map(\.subject) == ["db/0"])
        #expect(silent.first?.text.contains("is silent for 3 s") == true)
        ControllerRolloutTests.roll(app, &bench)
        let rolling = bench.machine.reasons(of: app, now: bench.moment)
        #expect(rolling.count == 2 && rolling.last?.text == "the rollout waits until it serves")
    }
}
