import FoundryModel

/// Decides whether a volume fits on a pool: sizes are promised whole, so one tenant never breaks another.
public enum PoolRule {
    /// The smallest file system that a database starts on.
    public static let smallest = ByteCount.megabytes(16)

    /// - Parameter taken: the sizes of all volumes on the pool, those that are kept for a grace period among them.
    /// - Throws: `pool_full`, saying what is free.
    public static func admit(_ size: ByteCount, taken: [ByteCount], capacity: ByteCount) throws(FoundryError) {
        let free = capacity - taken.reduce(.zero, +)
        guard size <= free else {
            throw FoundryError(.poolFull, text(size, free: free, capacity: capacity), hint: "foundry volumes")
        }
    }

    /// - Parameter pool: what begins the sentence.
    static func text(_ size: ByteCount, free: ByteCount, capacity: ByteCount, pool: String = "The pool") -> String {
        "\(pool) has \(max(free, .zero)) left of \(capacity); a volume of \(size) does not fit."
    }
}
