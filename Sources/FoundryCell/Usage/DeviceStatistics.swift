import FoundryEffects
import FoundryModel

/// What the kernel counts of a block device.
///
/// - Source: Documentation/admin-guide/iostats.rst: reads, merged, sectors, ms, the same of writes, in flight, busy ms, weighted ms, the four of discards,
///   then flushes and their ms since Linux 5.5. A sector is 512 bytes whatever the device.
enum DeviceStatistics {
    private static let sector: Int64 = 512

    /// - Parameter source: of a mount: `/dev/loop3`.
    /// - Returns: nil when the kernel does not say.
    static func read(source: String) -> DeviceUsage? {
        guard source.hasPrefix("/dev/"), let name = source.split(separator: "/").last else { return nil }
        return ProcFile.line("/sys/block/\(name)/stat").flatMap(parse)
    }

    /// - Returns: nil for a kernel that counts no flushes.
    static func parse(_ line: String) -> DeviceUsage? {
        let fields = line.split(whereSeparator: \.isWhitespace).map { Int64($0) }
        guard fields.count >= 17, let reads = fields[0], let sectorsRead = fields[2], let writes = fields[4],
            let sectorsWritten = fields[6], let busy = fields[9], let flushes = fields[15]
        else { return nil }
        return DeviceUsage(
            reads: reads, readBytes: ByteCount(bytes: sectorsRead &* sector), writes: writes,
            writtenBytes: ByteCount(bytes: sectorsWritten &* sector), flushes: flushes, busyMilliseconds: busy)
    }
}
