import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("When a member that ended is started again")
struct RestartRuleTests {
    private static let limits = RestartLimits()
    private static let exit = MemberExit(time: Samples.start, reason: "exited with status 1", status: 1, lastLines: [])

    private static func end(
        _ history: RestartHistory, healthyFor: Int64? = nil, limits: RestartLimits = Self.limits
    ) -> RestartHistory {
        RestartRule.afterEnd(
            history, exit: exit, healthyForMilliseconds: healthyFor, limits: limits, now: Samples.start)
    }

    @Test("The pauses double from the first to the longest", .proves(.crashRestarts))
    func doubles() {
        let patient = RestartLimits(endsUntilCrashed: 100)
        let delays = (1...12).map { RestartRule.delay(endsInARow: $0, limits: patient) }
        #expect(delays == [100, 200, 400, 800, 1_600, 3_200, 6_400, 12_800, 25_600, 30_000, 30_000, 30_000])
        #expect(RestartRule.delay(endsInARow: .max - 1, limits: RestartLimits(endsUntilCrashed: .max)) == 30_000)
    }

    @Test("After eight ends in a row it counts as crashed, and is tried every five minutes", .proves(.crashGivesUp))
    func givesUp() {
        var history = RestartHistory(generation: 1)
        for end in 1...7 {
            history = Self.end(history)
            #expect(RestartRule.verdict(history, limits: Self.limits) == .waiting, "after \(end)")
            #expect(history.nextTry! - Samples.start <= 6_400)
        }
        for _ in 8...20 {
            history = Self.end(history)
            #expect(RestartRule.verdict(history, limits: Self.limits) == .crashed)
            #expect(history.nextTry == Samples.start + 300_000)
        }
        #expect(history.lastExit == Self.exit)
    }

    @Test("An end after a minute of health begins the count anew; one before it does not")
    func settles() {
        let history = RestartHistory(generation: 1, endsInARow: 7)
        #expect(Self.end(history, healthyFor: 60_000).endsInARow == 1)
        #expect(Self.end(history, healthyFor: 60_000).nextTry == Samples.start + 100)
        #expect(Self.end(history, healthyFor: 59_999).endsInARow == 8)
        #expect(Self.end(history, healthyFor: nil).endsInARow == 8)
        #expect(RestartRule.verdict(Self.end(history, healthyFor: 60_000), limits: Self.limits) == .waiting)
    }

    @Test(
        "Whatever the limits, a pause is never negative, never past the longest, and never shorter than the one before")
    func property() {
        var random = Seeded(51)
        for _ in 0..<500 {
            let limits = RestartLimits(
                firstDelayMilliseconds: Int64.random(in: 0...5_000, using: &random),
                longestDelayMilliseconds: Int64.random(in: 0...60_000, using: &random),
                endsUntilCrashed: Int.random(in: 1...12, using: &random),
                crashedDelayMilliseconds: 300_000)
            var last: Int64 = 0
            for ends in 1..<limits.endsUntilCrashed {
                let delay = RestartRule.delay(endsInARow: ends, limits: limits)
                #expect((last...limits.longestDelayMilliseconds).contains(delay), "\(limits), \(ends) ends")
                last = delay
            }
            #expect(RestartRule.delay(endsInARow: limits.endsUntilCrashed, limits: limits) == 300_000)
        }
    }

    @Test("Nobody waits for longer than its delay, also when the clock was set back")
    func clockSetBack() {
        let limits = RestartLimits()
        var history = RestartHistory(generation: 1, endsInARow: 1)
        let now = Samples.start
        let delay = RestartRule.delay(endsInARow: 1, limits: limits)
        func isHeldBack(_ next: Timestamp?) -> Bool {
            history.nextTry = next
            return RestartRule.isHeldBack(history, limits: limits, now: now)
        }
        #expect(!isHeldBack(nil) && !isHeldBack(now))
        #expect(isHeldBack(now + 1) && isHeldBack(now + delay))
        #expect(!isHeldBack(now + delay + 1))
    }
}
