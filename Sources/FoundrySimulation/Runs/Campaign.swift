/// Seeds, one after the other: fresh ones are drawn from a first one, so that a whole night can be repeated.
public struct Campaign: Sendable {
    public let first: UInt64
    /// Their seeds are filled in; they take turns.
    public let templates: [RunRequest]
    /// Comes before those that are drawn.
    public let remembered: UInt64?
    public private(set) var position = 0

    /// - Parameter first: printed, and enough to draw the same seeds again.
    public init(first: UInt64, templates: [RunRequest], remembered: UInt64? = nil) {
        self.first = first
        self.templates = templates
        self.remembered = remembered
    }

    public init(
        first: UInt64, profiles: [ProfileName] = ProfileName.allCases.filter { $0 != .calm }, minutes: Int = 10,
        size: WorldSize = .served
    ) {
        self.init(
            first: first,
            templates: profiles.map { RunRequest(seed: 0, profile: $0, minutes: minutes, size: size) })
    }

    /// The next request.
    public mutating func next() -> RunRequest {
        defer { position += 1 }
        var random = SimulationRandom(seed: first).stream("campaign", position)
        var request = templates[position % templates.count]
        // Seeds that people can type.
        let drawn = random.next() % 1_000_000_000
        request.seed = position == 0 ? remembered ?? drawn : drawn
        return request
    }
}
