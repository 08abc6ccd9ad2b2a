/// The world's randomness: all of it comes from one seed, by streams that don't disturb each other.
///
/// A stream belongs to a name, not to an order of draws: one more draw for one fault leaves all other faults as they were, so a
/// seed stays comparable while the simulation grows.
///
///     let root = SimulationRandom(seed: 42)
///     var loss = root.stream("network.loss")
///     var third = root.stream("cell", 3)
///     if loss.happens(Rate(0.001)) { ... }
///
/// - Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014.
struct SimulationRandom: RandomNumberGenerator, Sendable {
    /// What its streams are derived from; draws don't change it.
    let seed: UInt64
    private var state: UInt64

    init(seed: UInt64) {
        self.seed = seed
        state = Self.mix(seed &+ 0x9e37_79b9_7f4a_7c15)
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        return Self.mix(state)
    }

    /// A stream of its own, the same for the same seed and name.
    func stream(_ name: String, _ index: Int = 0) -> SimulationRandom {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return SimulationRandom(
            seed: Self.mix(seed ^ Self.mix(hash &+ UInt64(bitPattern: Int64(index)) &* 0xd6e8_feb8_6659_fd93)))
    }

    /// Whether something of this rate happens now. What never happens draws nothing.
    @inline(__always)
    mutating func happens(_ rate: Rate) -> Bool { rate.threshold != 0 && next() < rate.threshold }

    /// From zero to `bound` - 1.
    @inline(__always)
    mutating func index(below bound: Int) -> Int {
        precondition(bound > 0, "there is nothing to choose from")
        return Int(truncatingIfNeeded: next().multipliedFullWidth(by: UInt64(bound)).high)
    }

    @inline(__always)
    mutating func integer(in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(truncatingIfNeeded: next().multipliedFullWidth(by: width).high)
    }

    @inline(__always)
    mutating func duration(in range: ClosedRange<SimulationDuration>) -> SimulationDuration {
        SimulationDuration(
            microseconds: integer(in: range.lowerBound.microseconds...range.upperBound.microseconds))
    }

    /// From zero up to, but not, one.
    @inline(__always)
    mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[index(below: choices.count)] }

    mutating func coin() -> Bool { next() >> 63 == 0 }

    /// A wait with a heavy tail: most are a little above `least`, one in ten thousand is a hundred times that.
    ///
    /// - Source: Pareto's distribution with exponent 2, cut at `most`.
    @inline(__always)
    mutating func heavyTail(least: SimulationDuration, most: SimulationDuration) -> SimulationDuration {
        let scaled = Double(least.microseconds) / (1 - unit()).squareRoot()
        return SimulationDuration(microseconds: Int64(min(scaled, Double(most.microseconds))))
    }

    /// The wait until the next of events that come by themselves, `mean` apart.
    mutating func wait(mean: SimulationDuration) -> SimulationDuration {
        SimulationDuration(microseconds: Int64(Double(mean.microseconds) * -Self.naturalLogarithm(1 - unit())))
    }

    /// Of a number above zero, exact to six digits: the standard library has none.
    private static func naturalLogarithm(_ value: Double) -> Double {
        let ratio = (value.significand - 1) / (value.significand + 1)
        let square = ratio * ratio
        let series = 2 * ratio * (1 + square * (1.0 / 3 + square * (1.0 / 5 + square * (1.0 / 7 + square / 9))))
        return series + Double(value.exponent) * 0.693_147_180_559_945_3
    }

    @inline(__always)
    private static func mix(_ value: UInt64) -> UInt64 {
        var z = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}

/// How often something happens when it could, from 0 to 1.
struct Rate: Hashable, Sendable, ExpressibleByFloatLiteral {
    fileprivate let threshold: UInt64

    init(_ probability: Double) {
        precondition((0...1).contains(probability), "a rate lies between 0 and 1")
        threshold = probability >= 1 ? .max : UInt64(probability * 0x1p64)
    }

    init(floatLiteral value: Double) { self.init(value) }

    static let never = Rate(0)
    static let always = Rate(1)
    var isNever: Bool { threshold == 0 }
}
