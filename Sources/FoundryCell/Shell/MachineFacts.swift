import FoundryEffects
import FoundryModel
import Glibc

/// What this machine has.
enum MachineFacts {
    /// A tenth stays with the machine itself and with us.
    private static let memoryShare: Int64 = 90

    /// ext4 grows while it is mounted only for who may exceed limits.
    ///
    /// - Source: fs/ext4/resize.c, `ext4_resize_begin`; capabilities(7), CAP_SYS_RESOURCE.
    static var growsAtRest: Bool {
        let line = (ProcFile.read("/proc/self/status") ?? "").split(separator: "\n").first { $0.hasPrefix("CapEff:") }
        let effective = line.flatMap { UInt64($0.dropFirst("CapEff:".count).filter { !$0.isWhitespace }, radix: 16) }
        return effective.map { $0 & (1 << 24) == 0 } ?? false
    }

    /// - Parameter disk: what volumes may take of the pool.
    static func capacity(disk: ByteCount) -> CellCapacity {
        let pages = Int64(sysconf(Int32(_SC_PHYS_PAGES)))
        let memory = pages * Int64(sysconf(Int32(_SC_PAGESIZE))) / 100 * memoryShare
        return CellCapacity(
            memory: ByteCount(bytes: memory), cpu: Millicores(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 1000),
            disk: disk)
    }
}
