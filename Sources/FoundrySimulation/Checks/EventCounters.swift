import FoundryModel
import FoundryRules

/// How often each thing that the control plane can decide was decided: a run proves that it reached them all.
public struct EventCounters: Sendable {
    /// By the place of the name in `EventName.allCases`.
    public private(set) var counts: [Int]
    private static let places = Dictionary(
        uniqueKeysWithValues: EventName.allCases.enumerated().map { ($1, $0) })

    public init() { counts = [Int](repeating: 0, count: EventName.allCases.count) }

    mutating func count(_ commit: Commit) {
        for change in commit.changes {
            guard case .event(let event)? = change.new, let place = Self.places[event.kind] else { continue }
            counts[place] += 1
        }
    }

    public subscript(name: EventName) -> Int { Self.places[name].map { counts[$0] } ?? 0 }

    /// Adds what another run reached.
    public mutating func add(_ other: EventCounters) {
        for index in counts.indices { counts[index] += other.counts[index] }
    }
}
