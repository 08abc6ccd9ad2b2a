import FoundryModel
import FoundryTestSupport
import Testing

@Suite("Session timings")
struct SessionTimingTests {
    @Test("The named timings are sound", arguments: [SessionTiming.fast, .normal, .calm])
    func named(_ timing: SessionTiming) throws {
        try timing.check()
        #expect(timing.leastExpiryMilliseconds <= timing.expiryMilliseconds)
    }

    @Test("A timing is accepted exactly when fuse, kill, twice the watchdog and the drift fit before the expiry")
    func sum() {
        var random = Seeded(5)
        var counts = [0, 0]
        for _ in 0..<2_000 {
            let renew = Int64.random(in: 1...2_000, using: &random)
            let timing = SessionTiming(
                renew: renew, fuse: 2 * renew + Int64.random(in: 0...5_000, using: &random),
                kill: Int64.random(in: 1...2_000, using: &random),
                watchdog: Bool.random(using: &random) ? Int64.random(in: 1...2_000, using: &random) : nil,
                expiry: Int64.random(in: 1...20_000, using: &random))
            // 50 times both sides, so that no rounding can hide: e is 2% of T.
            let needed =
                timing.fuseMilliseconds + timing.killMilliseconds + 2 * (timing.watchdogMilliseconds ?? 0)
            let fits = needed + (timing.expiryMilliseconds + 49) / 50 <= timing.expiryMilliseconds
            #expect(Self.isSound(timing) == fits)
            counts[fits ? 1 : 0] += 1
        }
        #expect(counts.allSatisfy { $0 > 100 })
    }

    @Test("Figures of nothing, and of more than an hour, are refused by name")
    func bounds() {
        let sound = SessionTiming.normal
        var timing = sound
        timing.watchdogMilliseconds = 0
        #expect(Self.problem(timing)?.contains("timing.watchdog") == true)
        timing = sound
        timing.killMilliseconds = -1
        #expect(Self.problem(timing)?.contains("timing.kill") == true)
        timing = sound
        timing.expiryMilliseconds = 3_600_001
        #expect(Self.problem(timing)?.contains("timing.expiry") == true)
    }

    @Test("A fuse that one lost renewal would burn is refused")
    func fuse() {
        var timing = SessionTiming.normal
        timing.renewMilliseconds = 2_501
        #expect(Self.problem(timing)?.contains("one lost renewal") == true)
    }

    private static func isSound(_ timing: SessionTiming) -> Bool { problem(timing) == nil }

    private static func problem(_ timing: SessionTiming) -> String? {
        do throws(FoundryError) {
            try timing.check()
            return nil
        } catch {
            return error.message
        }
    }
}
