import FoundryModel
import FoundryRules
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
        var generator = SplitMix(seed: 7)
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

/// - Source: Steele, Lea, Flood: "Fast splittable pseudorandom number generators".
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var value = state
        value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
        return value ^ (value >> 31)
    }
}
