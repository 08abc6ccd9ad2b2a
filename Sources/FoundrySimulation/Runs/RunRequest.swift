/// One run of the simulated world: everything in it follows from this value.
public struct RunRequest: Hashable, Sendable, CustomStringConvertible {
    public var seed: UInt64
    public var profile: ProfileName
    /// Of simulated time: faults in the first part, then the world heals and must come to rest.
    public var minutes: Int
    public var size: WorldSize
    /// Places in the drawn schedule that are kept, sorted; nil: all.
    public var kept: [Int]?
    /// The last lines of the story are kept.
    public var tells: Bool

    public init(
        seed: UInt64, profile: ProfileName, minutes: Int = 10, size: WorldSize = .usual, kept: [Int]? = nil,
        tells: Bool = false
    ) {
        self.seed = seed
        self.profile = profile
        self.minutes = minutes
        self.size = size
        self.kept = kept
        self.tells = tells
    }

    /// The arguments that repeat it.
    public var description: String { "--seed \(seed) --profile \(profile.rawValue) --minutes \(minutes)" }

    /// Nothing goes wrong before everything was placed once.
    static let warmUp = SimulationTime.zero + .seconds(60)

    /// When the world begins to heal: three fifths of the run, and never less than three minutes before its end.
    var healsAt: SimulationTime {
        let length = SimulationDuration.minutes(Int64(minutes))
        let share = SimulationTime(microseconds: length.microseconds / 5 * 3)
        return max(min(share, .zero + length - .minutes(3)), Self.warmUp + .seconds(20))
    }

    var endsAt: SimulationTime { .zero + .minutes(Int64(minutes)) }

    /// What goes wrong in it.
    func schedule() -> FaultSchedule {
        let drawn = FaultSchedule.draw(
            FaultProfile(profile), size, window: Self.warmUp...healsAt, seed: seed)
        return kept.map { drawn.keeping($0) } ?? drawn
    }
}

extension RunRequest {
    /// What goes wrong in it, a line each.
    public var faults: [String] { schedule().faults.map(\.description) }
}
