import FoundryModel

/// One run of the simulated world: everything in it follows from this value.
public struct RunRequest: Hashable, Sendable, CustomStringConvertible {
    public var seed: UInt64
    public var profile: ProfileName
    /// Of simulated time: faults in the first part, then the world heals and must come to rest.
    public var minutes: Int
    public var size: WorldSize
    /// Places in the drawn schedule that are kept, sorted; nil: all.
    public var kept: [Int]?
    /// Faults that come often, beside the profile's.
    public var stress: [Stress] = []
    /// nil: as the seed chooses.
    public var pace: Pace?
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
    public var description: String {
        var words = "--seed \(seed) --profile \(profile.rawValue) --minutes \(minutes)"
        if size.apps != WorldSize.usual.apps { words += " --apps \(size.apps)" }
        if size.cells != WorldSize.usual.cells { words += " --cells \(size.cells)" }
        if size.memory != WorldSize.usual.memory { words += " --memory \(size.memory)" }
        if size.routers != WorldSize.usual.routers { words += " --routers \(size.routers)" }
        if size.services != WorldSize.usual.services { words += " --services \(size.services)" }
        if let kind = size.kind { words += " --kind \(kind.rawValue)" }
        if let pace { words += " --pace \(pace.rawValue)" }
        if !stress.isEmpty { words += " --stress " + stress.map(\.description).joined(separator: ",") }
        return words
    }

    /// How fast sessions expire in it.
    public enum Pace: String, CaseIterable, Sendable {
        case fast
        case normal
        case calm
        /// As little time as rule 5.6 allows between the fuse and the expiry.
        case tight
    }

    var timing: SessionTiming {
        switch pace ?? drawnPace {
        case .fast: .fast
        case .normal: .normal
        case .calm: .calm
        case .tight: SessionTiming(renew: 1_000, fuse: 3_000, kill: 200, watchdog: nil, expiry: 3_266)
        }
    }

    private var drawnPace: Pace {
        switch seed % 8 {
        case 0: .fast
        case 4: .tight
        default: .normal
        }
    }

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
            FaultProfile(profile), size, window: Self.warmUp...healsAt, seed: seed,
            limit: .milliseconds(timing.expiryMilliseconds), stress: stress)
        return kept.map { drawn.keeping($0) } ?? drawn
    }
}

extension RunRequest {
    /// What goes wrong in it, a line each.
    public var faults: [String] { schedule().faults.map(\.description) }
}
