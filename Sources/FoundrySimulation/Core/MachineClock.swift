import FoundryModel

/// How a machine's time passes while it stands still.
enum PauseKind: Hashable, Sendable, CaseIterable {
    /// Nothing of it runs, as under SIGSTOP or a stalled hypervisor that keeps time: all clocks go on.
    case stalled
    /// It sleeps: CLOCK_BOOTTIME counts that, timers on jiffies (those of nft, CLOCK_MONOTONIC) don't.
    case suspended
    /// Paused from outside: none of its clocks goes on, and it never learns of it.
    case frozen
}

/// The clocks of one simulated machine, as functions of true time.
///
///     var clock = MachineClock(partsPerMillion: -20_000, wall: start, at: .zero)
///     let now = clock.moment(at: queue.now)
///     let fires = clock.trueTime(of: now.monotonic + 500)      // nil while the clock stands
///     clock.pause(.frozen, at: queue.now)
///
/// After each change of the clock (``changes`` grows) the true time of a timer is another: compute it again. Timers of a machine that
/// stands still fire when it runs again.
struct MachineClock: Sendable {
    /// One clock: a line through a point, or a point while it stands.
    private struct Line {
        var since: Int64
        var value: Int64
        var isRunning = true

        @inline(__always)
        func value(at time: Int64, _ partsPerMillion: Int64) -> Int64 {
            guard isRunning else { return value }
            let passed = time - since
            return value + passed + (passed * partsPerMillion).flooredDivision(by: 1_000_000)
        }

        mutating func anchor(at time: Int64, _ partsPerMillion: Int64) {
            value = value(at: time, partsPerMillion)
            since = time
        }
    }

    /// How much faster than true time it goes; at most 2% off either way.
    private(set) var partsPerMillion: Int64
    private(set) var pause: PauseKind?
    /// Grows with each boot.
    private(set) var boots = 1
    /// Grows whenever true times of local ones changed.
    private(set) var changes = 0
    private var sinceBoot: Line
    private var awake: Line
    /// The wall clock's lead before CLOCK_BOOTTIME, in microseconds.
    private var wallLead: Int64

    static let greatestDrift: Int64 = 20_000

    /// - Parameter uptime: what CLOCK_BOOTTIME shows at `time`.
    init(
        partsPerMillion: Int64 = 0, wall: Timestamp = Timestamp(millisecondsSince1970: 1_700_000_000_000),
        uptime: SimulationDuration = .seconds(30), at time: SimulationTime = .zero
    ) {
        precondition(partsPerMillion.magnitude <= Self.greatestDrift.magnitude, "a clock is off by 2% at most")
        self.partsPerMillion = partsPerMillion
        sinceBoot = Line(since: time.microseconds, value: uptime.microseconds)
        awake = sinceBoot
        wallLead = wall.millisecondsSince1970 * 1_000 - uptime.microseconds
    }

    /// CLOCK_BOOTTIME.
    @inline(__always)
    func monotonic(at time: SimulationTime) -> MonotonicTime {
        MonotonicTime(milliseconds: sinceBoot.value(at: time.microseconds, partsPerMillion) / 1_000)
    }

    /// A clock that does not count suspension: CLOCK_MONOTONIC, jiffies, nft's timeouts.
    func monotonicAwake(at time: SimulationTime) -> MonotonicTime {
        MonotonicTime(milliseconds: awake.value(at: time.microseconds, partsPerMillion) / 1_000)
    }

    func wall(at time: SimulationTime) -> Timestamp {
        let microseconds = sinceBoot.value(at: time.microseconds, partsPerMillion) + wallLead
        return Timestamp(millisecondsSince1970: microseconds.flooredDivision(by: 1_000))
    }

    func moment(at time: SimulationTime) -> Moment { Moment(wall: wall(at: time), monotonic: monotonic(at: time)) }

    /// The first true time at which ``monotonic(at:)`` shows `local` or more, if nothing changes; nil while the clock stands.
    func trueTime(of local: MonotonicTime) -> SimulationTime? { trueTime(of: local, on: sinceBoot) }

    /// As ``trueTime(of:)``, by the clock that does not count suspension.
    func trueTime(ofAwake local: MonotonicTime) -> SimulationTime? { trueTime(of: local, on: awake) }

    private func trueTime(of local: MonotonicTime, on line: Line) -> SimulationTime? {
        let missing = local.milliseconds * 1_000 - line.value
        guard missing > 0 else { return SimulationTime(microseconds: line.since) }
        guard line.isRunning else { return nil }
        // passed + floor(passed * ppm / 1e6) >= missing, solved for the least passed.
        let passed = -(-missing * 1_000_000).flooredDivision(by: 1_000_000 + partsPerMillion)
        return SimulationTime(microseconds: line.since + passed)
    }

    var isPaused: Bool { pause != nil }

    /// Stops the machine; a machine that already stands changes the way in which it does.
    mutating func pause(_ kind: PauseKind, at time: SimulationTime) {
        anchor(at: time)
        pause = kind
        awake.isRunning = kind == .stalled
        sinceBoot.isRunning = kind != .frozen
    }

    mutating func resume(at time: SimulationTime) {
        anchor(at: time)
        pause = nil
        awake.isRunning = true
        sinceBoot.isRunning = true
    }

    /// From now on it goes at another rate.
    mutating func setRate(partsPerMillion: Int64, at time: SimulationTime) {
        precondition(partsPerMillion.magnitude <= Self.greatestDrift.magnitude, "a clock is off by 2% at most")
        anchor(at: time)
        self.partsPerMillion = partsPerMillion
    }

    /// The wall clock only: forth, or back when negative.
    mutating func jumpWall(by step: SimulationDuration) { wallLead += step.microseconds }

    /// Power is back: a new boot, whose clock begins at zero; the wall clock goes on.
    mutating func boot(at time: SimulationTime) {
        resume(at: time)
        let wall = sinceBoot.value + wallLead
        sinceBoot.value = 0
        awake.value = 0
        wallLead = wall
        boots += 1
    }

    /// Names a machine's boot; short, so that it needs no memory of its own.
    func bootID(machine: Int) -> String { "b\(machine).\(boots)" }

    private mutating func anchor(at time: SimulationTime) {
        sinceBoot.anchor(at: time.microseconds, partsPerMillion)
        awake.anchor(at: time.microseconds, partsPerMillion)
        changes += 1
    }
}

extension Int64 {
    /// Rounded down, below zero too.
    @inline(__always)
    fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
