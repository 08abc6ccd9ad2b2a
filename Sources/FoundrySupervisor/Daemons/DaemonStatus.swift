import FoundryEffects
import FoundryModel

/// One of our processes, as `foundry status` shows it.
public struct DaemonStatus: Hashable, Sendable, Codable {
    public var name: String
    /// nil: it does not run.
    public var pid: Int32?
    public var uptimeSeconds: Int64?
    /// Its share of the machine's memory.
    public var memoryBytes: Int64?
    /// Starts after the first, since the platform came up.
    public var restarts: Int
    /// How it ended last, if it did: "was killed by signal 9".
    public var lastEnd: String?

    /// The supervisor and its daemons, whether they run or not.
    public static func all(_ paths: Paths) -> [DaemonStatus] {
        let records = Dictionary(DaemonRecord.load(paths.daemonRecords).map { ($0.name, $0) }) { first, _ in first }
        return (["supervisor"] + Daemon.names).map { name in
            let process = PidFile.live(paths.pidFile(name))?.identity
            return DaemonStatus(
                name: name, pid: process?.pid, uptimeSeconds: process.map { $0.uptimeMilliseconds / 1000 },
                memoryBytes: process.flatMap { ProcessMemory.proportional($0.pid) }?.bytes,
                restarts: records[name]?.restarts ?? 0,
                lastEnd: records[name]?.lastReason)
        }
    }
}
