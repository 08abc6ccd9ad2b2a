/// How a SQLite store behaves. The defaults are right for the control plane of one machine.
public struct SQLiteOptions: Sendable {
    public var history = HistoryPolicy()
    /// How long to wait for another program's lock on the file (a backup, a shell), in seconds.
    public var busyTimeoutSeconds: Double = 5
    /// Reads that run at once; further ones wait.
    public var readers = 3
    /// The largest database in pages of 4 KiB; `nil`: as large as the disk. Reached, it counts as a full disk.
    public var maximumPages: Int?
    var queue = CommitQueue.Bounds()

    public init() {}
}
