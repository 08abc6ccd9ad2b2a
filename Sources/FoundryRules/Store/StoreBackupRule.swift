import FoundryModel

/// When the platform takes backups of its store by itself, and which of them it lets go.
public enum StoreBackupRule {
    public static let kept = 24
    /// Between two: a server that dies again and again must not push out the good ones.
    public static let pauseMilliseconds: Int64 = 3_600_000

    /// The newest one that there is.
    public struct Newest: Hashable, Sendable {
        public var takenAt: Timestamp
        /// Of the store; nil: not known.
        public var revision: Int64?

        public init(takenAt: Timestamp, revision: Int64?) {
            self.takenAt = takenAt
            self.revision = revision
        }
    }

    /// - Parameter view: what a backup would have in it.
    public static func isDue(newest: Newest?, view: PlatformView, now: Timestamp) -> Bool {
        guard let newest else { return !view.apps.isEmpty || !view.volumes.isEmpty }
        // One that lies ahead is as far away as one that lies behind: the clock may have been set back.
        return abs(now - newest.takenAt) >= pauseMilliseconds && newest.revision != view.revision
    }

    /// - Parameter numbers: of those that there are. They grow with each backup; times would not, on a clock that was set back.
    /// - Returns: those that go, sorted.
    public static func surplus(_ numbers: [Int]) -> [Int] { Array(numbers.sorted().dropLast(kept)) }
}
