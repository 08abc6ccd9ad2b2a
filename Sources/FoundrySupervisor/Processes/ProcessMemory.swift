import FoundryEffects
import FoundryModel

/// What a process takes of the machine's memory.
public enum ProcessMemory {
    /// Its proportional share: pages that several processes use count in parts.
    ///
    /// - Returns: nil when it is gone, or not ours to look at.
    public static func proportional(_ pid: Int32) -> ByteCount? {
        guard let text = ProcFile.read("/proc/\(pid)/smaps_rollup") else { return nil }
        for line in text.split(separator: "\n") where line.hasPrefix("Pss:") {
            return line.split(separator: " ").dropFirst().first.flatMap { Int64($0) }.map { ByteCount(bytes: $0 << 10) }
        }
        return nil
    }
}
