/// A moment of the simulated world's true time, in microseconds since the world began. No machine knows it: see ``MachineClock``.
struct SimulationTime: Hashable, Comparable, Sendable, CustomStringConvertible {
    var microseconds: Int64

    @inline(__always)
    init(microseconds: Int64) { self.microseconds = microseconds }

    static let zero = Self(microseconds: 0)
    /// Later than everything that happens.
    static let never = Self(microseconds: .max)

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
    @inline(__always)
    static func + (left: Self, right: SimulationDuration) -> Self {
        Self(microseconds: left.microseconds + right.microseconds)
    }
    @inline(__always)
    static func - (left: Self, right: SimulationDuration) -> Self {
        Self(microseconds: left.microseconds - right.microseconds)
    }
    @inline(__always)
    static func - (left: Self, right: Self) -> SimulationDuration {
        SimulationDuration(microseconds: left.microseconds - right.microseconds)
    }

    /// `12.345678 s`, for stories of failures.
    var description: String { SimulationDuration(microseconds: microseconds).description }
}

/// A length of true time, in microseconds.
struct SimulationDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
    var microseconds: Int64

    @inline(__always)
    init(microseconds: Int64) { self.microseconds = microseconds }

    static let zero = Self(microseconds: 0)
    @inline(__always)
    static func microseconds(_ count: Int64) -> Self { Self(microseconds: count) }
    @inline(__always)
    static func milliseconds(_ count: Int64) -> Self { Self(microseconds: count * 1_000) }
    @inline(__always)
    static func seconds(_ count: Int64) -> Self { Self(microseconds: count * 1_000_000) }
    @inline(__always)
    static func minutes(_ count: Int64) -> Self { .seconds(count * 60) }

    @inline(__always)
    static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }
    @inline(__always)
    static func + (left: Self, right: Self) -> Self { Self(microseconds: left.microseconds + right.microseconds) }
    @inline(__always)
    static func - (left: Self, right: Self) -> Self { Self(microseconds: left.microseconds - right.microseconds) }
    @inline(__always)
    static func * (left: Self, right: Int64) -> Self { Self(microseconds: left.microseconds * right) }

    var description: String {
        let sign = microseconds < 0 ? "-" : ""
        let fraction = String(microseconds.magnitude % 1_000_000)
        return sign + "\(microseconds.magnitude / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count)
            + fraction + " s"
    }
}
