import FoundryModel
import Testing

@Suite("Timing of sessions")
struct SessionTimingTests {
    @Test(
        "The three profiles are sound, and 2% of drift is rounded up",
        arguments: [(SessionTiming.fast, Int64(80)), (.normal, 160), (.calm, 600)])
    func profiles(timing: SessionTiming, drift: Int64) throws {
        try timing.check()
        #expect(timing.driftMilliseconds == drift)
        var odd = timing
        odd.expiryMilliseconds += 1
        #expect(odd.driftMilliseconds == drift + 1)
    }

    @Test("A session expires only after its guards had the fuse, the kill, two watchdog periods and the drift")
    func least() throws {
        #expect(SessionTiming.normal.leastExpiryMilliseconds == 5_000 + 500 + 2_000 + 160)
        #expect(SessionTiming.fast.leastExpiryMilliseconds == 3_000 + 500 + 80)
        let exact = SessionTiming(renew: 1_000, fuse: 2_940, kill: 960, watchdog: 500, expiry: 5_000)
        try exact.check()
        for change: WritableKeyPath<SessionTiming, Int64> in [\.fuseMilliseconds, \.killMilliseconds] {
            var late = exact
            late[keyPath: change] += 1
            #expect(throws: FoundryError.self) { try late.check() }
        }
        var watched = exact
        watched.watchdogMilliseconds = 501
        let error = #expect(throws: FoundryError.self) { try watched.check() }
        #expect(error?.code == .configurationInvalid)
        #expect(
            error?.message
                == "A session would expire after 5000 ms, before its guards are sure to have acted: fuse 2940 + kill 960 + 2 x watchdog 501 + drift 100 = 5002 ms."
        )
        watched.watchdogMilliseconds = nil
        watched.fuseMilliseconds += 1_001
        let without = #expect(throws: FoundryError.self) { try watched.check() }
        #expect(without?.message.contains("kill 960 + drift 100 = 5001 ms") == true)
        #expect(without?.hint?.contains("`normal`") == true)
    }

    @Test("One lost renewal never trips the fuse")
    func renewals() throws {
        try SessionTiming(renew: 1_000, fuse: 2_000, kill: 500, watchdog: nil, expiry: 4_000).check()
        let error = #expect(throws: FoundryError.self) {
            try SessionTiming(renew: 1_001, fuse: 2_000, kill: 500, watchdog: nil, expiry: 4_000).check()
        }
        #expect(error?.message.contains("leaves no room for one lost renewal every 1001 ms") == true)
    }

    @Test("No part is zero or longer than an hour; the message names it")
    func limits() throws {
        try SessionTiming(renew: 1, fuse: 2, kill: 1, watchdog: 1, expiry: 3_600_000).check()
        for (name, change) in [
            ("renew", \SessionTiming.renewMilliseconds), ("fuse", \.fuseMilliseconds), ("kill", \.killMilliseconds),
            ("expiry", \.expiryMilliseconds),
        ] {
            for value in [Int64.min, 0, 3_600_001, .max] {
                var timing = SessionTiming.normal
                timing[keyPath: change] = value
                let error = #expect(throws: FoundryError.self) { try timing.check() }
                #expect(error?.message == "timing.\(name) must be from 1 ms to an hour; it is \(value) ms.")
            }
        }
        var timing = SessionTiming.normal
        timing.watchdogMilliseconds = 0
        let error = #expect(throws: FoundryError.self) { try timing.check() }
        #expect(error?.message.hasPrefix("timing.watchdog ") == true)
    }
}
