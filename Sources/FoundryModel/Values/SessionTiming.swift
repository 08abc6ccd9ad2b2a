/// How fast a cell's silence is noticed, and what its guards are given; design 5.6. Milliseconds.
public struct SessionTiming: Hashable, Sendable, Codable {
    /// R: between a cell's renewals.
    public var renewMilliseconds: Int64
    /// F: the age of a session at which its cell's guards act.
    public var fuseMilliseconds: Int64
    /// K: within which the guards have stopped every guarded member.
    public var killMilliseconds: Int64
    /// W: the hardware watchdog's period; nil where none is used.
    public var watchdogMilliseconds: Int64?
    /// T: the silence after which the controller expires a session.
    public var expiryMilliseconds: Int64

    public init(renew: Int64, fuse: Int64, kill: Int64, watchdog: Int64?, expiry: Int64) {
        renewMilliseconds = renew
        fuseMilliseconds = fuse
        killMilliseconds = kill
        watchdogMilliseconds = watchdog
        expiryMilliseconds = expiry
    }

    public static let fast = Self(renew: 500, fuse: 3_000, kill: 500, watchdog: nil, expiry: 4_000)
    public static let normal = Self(renew: 1_000, fuse: 5_000, kill: 500, watchdog: 1_000, expiry: 8_000)
    public static let calm = Self(renew: 3_000, fuse: 15_000, kill: 1_000, watchdog: 5_000, expiry: 30_000)

    /// e: what two clocks may drift apart during T, at 2% of difference in rate.
    public var driftMilliseconds: Int64 { (expiryMilliseconds + 49) / 50 }

    /// The least T at which the guards have acted before a session expires: F + K + 2W + e.
    public var leastExpiryMilliseconds: Int64 {
        fuseMilliseconds + killMilliseconds + 2 * (watchdogMilliseconds ?? 0) + driftMilliseconds
    }

    /// Refuses timings under which a member could still write when its session has expired.
    ///
    /// - Throws: `configuration_invalid`, with a sentence.
    /// - Source: design 5.6.
    public func check() throws(FoundryError) {
        let parts = [
            ("renew", renewMilliseconds), ("fuse", fuseMilliseconds), ("kill", killMilliseconds),
            ("watchdog", watchdogMilliseconds ?? 1), ("expiry", expiryMilliseconds),
        ]
        // An hour is more than anybody waits for; below it no sum of these can overflow.
        for (name, value) in parts where !(1...3_600_000).contains(value) {
            throw Self.refusal("timing.\(name) must be from 1 ms to an hour; it is \(value) ms.")
        }
        guard 2 * renewMilliseconds <= fuseMilliseconds else {
            throw Self.refusal(
                "The fuse of \(fuseMilliseconds) ms leaves no room for one lost renewal every \(renewMilliseconds) ms: it must be at least twice as long."
            )
        }
        guard leastExpiryMilliseconds <= expiryMilliseconds else {
            let watchdog = watchdogMilliseconds.map { " + 2 x watchdog \($0)" } ?? ""
            throw Self.refusal(
                "A session would expire after \(expiryMilliseconds) ms, before its guards are sure to have acted: fuse \(fuseMilliseconds) + kill \(killMilliseconds)\(watchdog) + drift \(driftMilliseconds) = \(leastExpiryMilliseconds) ms."
            )
        }
    }

    private static func refusal(_ message: String) -> FoundryError {
        FoundryError(.configurationInvalid, message, hint: "timing `fast`, `normal` or `calm` are known to be sound")
    }
}
