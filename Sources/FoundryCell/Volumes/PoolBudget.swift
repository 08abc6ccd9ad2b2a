import FoundryModel

/// How much of a pool volumes may take.
///
/// Three parts are held back, so that one tenant never breaks another: btrfs turns the whole pool read-only when its metadata has no room.
/// - The system's own blocks: 32 MiB.
/// - Metadata, kept twice: 6% of the pool, and not less than what mkfs.btrfs takes at once (two chunks of a sixteenth of the pool, each 32 to
///   256 MiB). A volume written in scattered blocks of 4 KiB needs about 120 bytes of metadata for each, in two copies.
/// - Slack: 5%.
///
/// A snapshot takes its part of what is left: as much as its volume, because whatever is written after it is written beside it.
enum PoolBudget {
    static func capacity(poolSize: ByteCount) -> ByteCount {
        let size = poolSize.bytes
        let chunk = min(max(size / 16, 32 << 20), 256 << 20)
        let metadata = max(size / 100 * 6, 2 * chunk)
        return ByteCount(bytes: max(0, size - (32 << 20) - metadata - size / 20))
    }

    /// Of a directory on a btrfs that others use too: what we have and what is free, without 11% of the whole for metadata and slack.
    static func capacity(total: ByteCount, available: ByteCount, ours: ByteCount) -> ByteCount {
        ByteCount(bytes: max(ours.bytes, ours.bytes + available.bytes - total.bytes / 100 * 11))
    }

    /// Below this mkfs.btrfs refuses, or nothing is left for volumes.
    static let smallestPool = ByteCount.megabytes(192)
}
