/// One kind of fault that comes often, beside what a profile draws: `processPausedLong@cell=60`, sixty times in ten minutes, at cells only.
public struct Stress: Hashable, Sendable, CustomStringConvertible {
    let kind: FaultKind
    /// nil: whom the kind hits by itself.
    let victim: FaultShape.Victim?
    let rate: Int

    /// - Returns: nil when the text names no kind of fault, or nobody to be hit.
    public init?(_ text: String) {
        let parts = text.split(separator: "=").map { String($0) }
        let words = parts.first?.split(separator: "@").map { String($0) } ?? []
        guard (1...2).contains(parts.count), (1...2).contains(words.count),
            let kind = FaultKind.allCases.first(where: { "\($0)" == words[0] }), kind.shape.isScheduled
        else { return nil }
        self.kind = kind
        rate = parts.count == 2 ? Int(parts[1]) ?? 0 : 30
        guard words.count == 2 else {
            victim = nil
            return
        }
        guard let victim = FaultShape.Victim.allCases.first(where: { "\($0)" == words[1] }) else { return nil }
        self.victim = victim
    }

    public var description: String { "\(kind)" + (victim.map { "@\($0)" } ?? "") + "=\(rate)" }
}

extension Stress {
    /// Of every kind that can be drawn.
    public static var names: [String] { FaultKind.allCases.filter(\.shape.isScheduled).map { "\($0)" } }
}
