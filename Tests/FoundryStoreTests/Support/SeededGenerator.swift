import Foundation

/// Random numbers that can be had again: SplitMix64.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &self) < percent }

    mutating func pick<T>(_ values: [T]) -> T { values[Int.random(in: 0..<values.count, using: &self)] }
}

/// The seeds of this run: `FOUNDRY_SEED` alone, or a few fixed ones and a new one, which is printed.
enum Seeds {
    static let all: [UInt64] = {
        if let text = ProcessInfo.processInfo.environment["FOUNDRY_SEED"], let seed = UInt64(text) { return [seed] }
        let fresh = UInt64.random(in: 1...999_999)
        print("FoundryStoreTests: fresh seed \(fresh) (again with FOUNDRY_SEED=\(fresh))")
        return [1, 2, 3, fresh]
    }()
}
