import FoundryModel
import FoundryRules
import Testing

@Suite("Pauses, to the millisecond")
struct RestartDelayTests {
    @Test("A daemon's pauses double from 10 ms to 5 s")
    func daemon() {
        var restart = DaemonRestart()
        let delays = (0..<12).map { _ in restart.delay(afterRunOf: 0) }
        #expect(delays == [10, 20, 40, 80, 160, 320, 640, 1_280, 2_560, 5_000, 5_000, 5_000])
        #expect(restart.endsInARow == 12)
        for _ in 12..<100 { #expect(restart.delay(afterRunOf: 0) == 5_000, "however often") }
        restart = DaemonRestart()
        for _ in 0..<12 { _ = restart.delay(afterRunOf: 0) }
        #expect(restart.delay(afterRunOf: 2_999) == 5_000 && restart.endsInARow == 13)
        #expect(restart.delay(afterRunOf: 3_000) == 10 && restart.endsInARow == 1)
        #expect(restart.delay(afterRunOf: 3_000) == 10 && restart.endsInARow == 1)
    }

    @Test("A first pause of nothing grows all the same; a longest that is shorter than the first counts")
    func nothing() {
        var restart = DaemonRestart(limits: .init(firstDelayMilliseconds: 0, longestDelayMilliseconds: 5))
        #expect((0..<5).map { _ in restart.delay(afterRunOf: 0) } == [0, 2, 4, 5, 5])
        var short = DaemonRestart(limits: .init(firstDelayMilliseconds: 100, longestDelayMilliseconds: 5))
        #expect((0..<3).map { _ in short.delay(afterRunOf: 0) } == [5, 5, 5])
        let limits = RestartLimits(firstDelayMilliseconds: 0, longestDelayMilliseconds: 5, endsUntilCrashed: 9)
        #expect((1...5).map { RestartRule.delay(endsInARow: $0, limits: limits) } == [0, 2, 4, 5, 5])
    }

    @Test("An end is counted from when it is told, and the rest of the history stays")
    func history() {
        let exit = MemberExit(time: Samples.start + 3, reason: "killed by signal 9", status: nil, lastLines: ["x"])
        var history = RestartHistory(generation: 4, endsInARow: 2)
        history.restarts = 6
        let next = RestartRule.afterEnd(
            history, exit: exit, healthyForMilliseconds: 0, limits: RestartLimits(settledMilliseconds: 1),
            now: Samples.start + 50)
        #expect(next.generation == 4 && next.restarts == 6 && next.endsInARow == 3 && next.lastExit == exit)
        #expect(next.nextTry == Samples.start + 50 + 400)
    }
}
