import FoundryModel

/// One write of a client, as it lies in a volume.
struct DataWrite: Hashable, Sendable {
    var epoch: Epoch
    var branch: Int
    /// Given by the client; it grows.
    var number: Int64
}

/// Writes under one epoch whose numbers follow each other.
struct DataRun: Hashable, Sendable {
    var epoch: Epoch
    var branch: Int
    var first: Int64
    var count: Int64

    init(epoch: Epoch, branch: Int, first: Int64, count: Int64) {
        self.epoch = epoch
        self.branch = branch
        self.first = first
        self.count = count
    }

    init(_ write: DataWrite) { self.init(epoch: write.epoch, branch: write.branch, first: write.number, count: 1) }

    var numbers: Range<Int64> { first..<(first + count) }
}

/// The data of one copy of a volume: the writes of its clients in the order in which they came, as runs.
///
/// Positions are counted from 0. Up to ``syncedLength`` it is on the disk, except for ``unwritten``; behind it, in the page cache.
struct VolumeData: Hashable, Sendable {
    private(set) var runs: [DataRun] = []
    /// Writes that readers see.
    private(set) var length: Int64 = 0
    private(set) var syncedLength: Int64 = 0
    /// Positions whose sync failed: readers see them, the disk has not got them, and no later sync writes them.
    private(set) var unwritten: [Range<Int64>] = []
    /// Writes are missing before others that are there.
    private(set) var isDamaged = false
    /// Whether unsynced writes reach the disk in their order, as an engine's own log does.
    var keepsOrder = true

    init() {}

    var isEmpty: Bool { length == 0 }
    var last: DataWrite? {
        runs.last.map { DataWrite(epoch: $0.epoch, branch: $0.branch, number: $0.first + $0.count - 1) }
    }
    /// How much a power loss could take.
    var unsyncedCount: Int64 { length - syncedLength + unwritten.reduce(0) { $0 + Int64($1.count) } }

    /// - Returns: false when bytes of an older epoch now follow those of a later one: two writers were at work, or an old one.
    @discardableResult
    mutating func append(_ run: DataRun) -> Bool {
        guard run.count > 0 else { return true }
        let isInOrder = runs.last.map { $0.epoch <= run.epoch } ?? true
        length += run.count
        if let last = runs.last, last.epoch == run.epoch, last.branch == run.branch,
            last.first + last.count == run.first
        {
            runs[runs.count - 1].count += run.count
        } else {
            runs.append(run)
        }
        return isInOrder
    }

    /// Whether a client's write is there.
    func contains(_ number: Int64) -> Bool { runs.contains { $0.numbers.contains(number) } }

    /// Those of `numbers` that are not there, as ranges in order.
    func missing(of numbers: Range<Int64>) -> [Range<Int64>] {
        var gaps = [numbers]
        for run in runs {
            gaps = gaps.flatMap { gap in Self.subtract(run.numbers, from: gap) }
        }
        return gaps
    }

    /// The writes from a position on, for a replica that has those before it.
    func runs(from position: Int64) -> [DataRun] {
        var start: Int64 = 0
        var result: [DataRun] = []
        for run in runs {
            let skip = max(0, position - start)
            if skip < run.count {
                result.append(
                    DataRun(epoch: run.epoch, branch: run.branch, first: run.first + skip, count: run.count - skip))
            }
            start += run.count
        }
        return result
    }

    /// How many writes from the start both copies have in common.
    func commonPrefix(with other: VolumeData) -> Int64 {
        var common: Int64 = 0
        var mine = runs[...]
        var theirs = other.runs[...]
        while let left = mine.first, let right = theirs.first,
            left.epoch == right.epoch, left.branch == right.branch, left.first == right.first
        {
            let count = min(left.count, right.count)
            common += count
            Self.drop(count, from: &mine)
            Self.drop(count, from: &theirs)
        }
        return common
    }

    /// Forgets what lies behind a position, as a rewind does; what is left counts as synced.
    mutating func truncate(to position: Int64) { keep([0..<min(position, length)]) }

    /// All that readers see is on the disk.
    mutating func settle() { keep([0..<length]) }

    /// A sync that began when there were `length` writes has ended.
    mutating func didSync(upTo length: Int64) { syncedLength = max(syncedLength, min(length, self.length)) }

    /// A sync failed: its pages count as clean from now on, though `kept` of them only reached the disk.
    mutating func didFailSync(upTo length: Int64, kept: Int64) {
        let end = min(length, self.length)
        let start = min(end, syncedLength + kept)
        if start < end { unwritten.append(start..<end) }
        syncedLength = max(syncedLength, end)
    }

    /// It is mounted anew, after a sync: what the disk has not got is not seen any more.
    mutating func forgetUnwritten() {
        guard !unwritten.isEmpty else { return }
        losePower(kept: length - syncedLength, hole: nil)
    }

    /// Power was lost: of the unsynced tail `kept` writes survive, except for the positions in `hole`.
    mutating func losePower(kept: Int64, hole: Range<Int64>?) {
        let end = min(length, syncedLength + kept)
        let lost = unwritten + (hole.map { [$0] } ?? [])
        var ranges: [Range<Int64>] = [0..<end]
        for gap in lost { ranges = ranges.flatMap { Self.subtract(gap, from: $0) } }
        let survivors = ranges.filter { !$0.isEmpty }
        if survivors.count > 1 || survivors.first.map({ $0.lowerBound > 0 }) ?? false { isDamaged = true }
        keep(survivors)
    }

    /// Keeps the writes at these positions, all of them on the disk.
    private mutating func keep(_ positions: [Range<Int64>]) {
        var kept = VolumeData()
        var start: Int64 = 0
        for run in runs {
            for range in positions {
                let part = range.clamped(to: start..<(start + run.count))
                guard !part.isEmpty else { continue }
                let first = run.first + part.lowerBound - start
                kept.append(DataRun(epoch: run.epoch, branch: run.branch, first: first, count: Int64(part.count)))
            }
            start += run.count
        }
        runs = kept.runs
        length = kept.length
        syncedLength = length
        unwritten = []
    }

    private static func subtract(_ taken: Range<Int64>, from range: Range<Int64>) -> [Range<Int64>] {
        let part = taken.clamped(to: range)
        guard !part.isEmpty else { return [range] }
        return [range.lowerBound..<part.lowerBound, part.upperBound..<range.upperBound].filter { !$0.isEmpty }
    }

    private static func drop(_ count: Int64, from runs: inout ArraySlice<DataRun>) {
        guard var first = runs.popFirst(), first.count > count else { return }
        first.first += count
        first.count -= count
        runs.insert(first, at: runs.startIndex)
    }
}
