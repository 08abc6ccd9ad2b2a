import FoundryModel
import Glibc

/// What this machine has.
enum MachineFacts {
    /// A tenth stays with the machine itself and with us.
    private static let memoryShare: Int64 = 90

    /// - Parameter disk: what volumes may take of the pool.
    static func capacity(disk: ByteCount) -> CellCapacity {
        let pages = Int64(sysconf(Int32(_SC_PHYS_PAGES)))
        let memory = pages * Int64(sysconf(Int32(_SC_PAGESIZE))) / 100 * memoryShare
        return CellCapacity(
            memory: ByteCount(bytes: memory), cpu: Millicores(Int(sysconf(Int32(_SC_NPROCESSORS_ONLN))) * 1000),
            disk: disk)
    }
}
