import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite struct DaemonRestartTests {
    @Test func `the first restart comes at once, and each one in a row later, up to the longest delay`() {
        var restart = DaemonRestart()
        let delays = (0..<30).map { _ in restart.delay(afterRunOf: 0) }
        #expect(delays.first == restart.limits.firstDelayMilliseconds)
        #expect(zip(delays, delays.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(delays.last == restart.limits.longestDelayMilliseconds)
    }

    @Test func `a settled run begins the count anew`() {
        var restart = DaemonRestart()
        for _ in 0..<8 { _ = restart.delay(afterRunOf: 10) }
        #expect(restart.delay(afterRunOf: restart.limits.settledMilliseconds) == restart.limits.firstDelayMilliseconds)
        #expect(restart.endsInARow == 1)
    }

    @Test func `whatever happens, there is a next start within the limits`() {
        var generator = Seeded(7)
        for _ in 0..<200 {
            let first = Int64.random(in: 1...100, using: &generator)
            let limits = DaemonRestart.Limits(
                firstDelayMilliseconds: first,
                longestDelayMilliseconds: first + Int64.random(in: 0...10_000, using: &generator),
                settledMilliseconds: Int64.random(in: 0...10_000, using: &generator))
            var restart = DaemonRestart(limits: limits)
            for _ in 0..<100 {
                let delay = restart.delay(afterRunOf: Int64.random(in: 0...20_000, using: &generator))
                #expect((limits.firstDelayMilliseconds...limits.longestDelayMilliseconds).contains(delay))
            }
        }
    }
}
