/// Seeds, one after the other: fresh ones are drawn from a first one, so that a whole night can be repeated.
public struct Campaign: Sendable {
    public let first: UInt64
    public let profiles: [ProfileName]
    public private(set) var position = 0

    /// - Parameter first: printed, and enough to draw the same seeds again.
    public init(first: UInt64, profiles: [ProfileName] = ProfileName.allCases.filter { $0 != .calm }) {
        self.first = first
        self.profiles = profiles
    }

    /// The next request; profiles take turns.
    public mutating func next(minutes: Int = 10, size: WorldSize = .usual) -> RunRequest {
        defer { position += 1 }
        var random = SimulationRandom(seed: first).stream("campaign", position)
        // Seeds that people can type.
        let seed = random.next() % 1_000_000_000
        return RunRequest(seed: seed, profile: profiles[position % profiles.count], minutes: minutes, size: size)
    }
}
