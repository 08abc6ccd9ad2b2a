/// A running sum of what happened, sensitive to its order: two runs of one seed must have the same.
///
/// - Source: the mixing step is FNV-1a's, on whole words.
struct Fingerprint {
    private(set) var value: UInt64 = 0xcbf2_9ce4_8422_2325

    init() {}

    @inline(__always)
    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x0000_0100_0000_01b3 ^ (value >> 29) }

    @inline(__always)
    mutating func add(_ word: Int64) { add(UInt64(bitPattern: word)) }

    mutating func add(_ text: String) { for byte in text.utf8 { add(UInt64(byte)) } }
}
