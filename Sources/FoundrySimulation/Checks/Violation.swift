/// That an invariant does not hold: the end of a run.
public struct Violation: Error, Hashable, Sendable, CustomStringConvertible {
    public var invariant: Invariant
    /// True time of the simulated world, in microseconds.
    public var microseconds: Int64
    /// One sentence: what was found.
    public var detail: String

    init(_ invariant: Invariant, at time: SimulationTime, _ detail: String) {
        self.invariant = invariant
        microseconds = time.microseconds
        self.detail = detail
    }

    public var description: String {
        "\(SimulationTime(microseconds: microseconds))  \(invariant.rawValue): \(detail)"
    }
}
