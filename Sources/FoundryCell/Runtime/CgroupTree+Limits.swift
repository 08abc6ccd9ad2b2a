import CFoundryLinux
import FoundryEffects
import FoundryModel

extension CgroupTree {
    private static let limits = ["memory.max", "memory.swap.max", "cpu.max", "cpu.weight", "pids.max"]

    /// Version 1 keeps limits in hierarchies of their own, in which nothing is moved: there is nothing to copy.
    func copyLimits(from source: String, to target: String) throws(FoundryError) {
        guard version == .v2 else { return }
        try handDown(target.split(separator: "/").dropLast().map { "/\($0)" }.joined())
        for file in Self.limits {
            guard let limit = read(source, Self.unified, file) else { continue }
            try write(limit.filter { $0 != "\n" }, target, Self.unified, file)
        }
        guard let from = directory(source, Self.unified), let to = directory(target, Self.unified) else { return }
        // Not in a file: the kernel has programs decide.
        try SystemCall.check(foundry_copy_device_rules(from, to), "copy the device rules of \(from) to \(to)")
    }

    /// Lets groups take no more memory than this, without killing for it: past it they wait while the kernel takes back what it can. With
    /// version 1 nothing happens.
    ///
    /// - Parameter most: nil: no longer.
    func holdGrowth(_ groups: [String], at most: ByteCount?) throws(FoundryError) {
        let file = "memory.high"
        for group in groups where version == .v2 && read(group, Self.unified, file) != nil {
            try write(most.map { "\($0.bytes)" } ?? "max", group, Self.unified, file)
        }
    }
}
