import FoundryEffects
import FoundryModel
import Glibc

/// What the kernel can do, by looking only.
enum KernelChecks {
    static func findings() -> [Finding] {
        [
            .necessary(
                "root", geteuid() == 0, found: geteuid() == 0 ? "yes" : "user \(geteuid())",
                consequence: "no namespace, mount or cgroup can be made", remedy: "run it as root, by sudo"),
            fileSystem("overlay", "members have no root file system"),
            fileSystem("btrfs", "there can be no pool"),
            fileSystem("ext4", "there can be no volumes"),
            .necessary(
                "loop devices", access("/dev/loop-control", F_OK) == 0,
                found: access("/dev/loop-control", F_OK) == 0 ? "/dev/loop-control" : "none",
                consequence: "volumes cannot be attached", remedy: "modprobe loop"),
            .necessary(
                "network namespaces", access("/proc/self/ns/net", F_OK) == 0,
                found: ProcFile.line("/proc/sys/kernel/osrelease") ?? "unknown kernel",
                consequence: "members cannot have a network of their own", remedy: "a kernel with CONFIG_NET_NS"),
        ]
    }

    /// Compiled in, loaded, or there to be loaded at the first mount.
    private static func fileSystem(_ name: String, _ consequence: String) -> Finding {
        let isLoaded = (ProcFile.read("/proc/filesystems") ?? "").split(whereSeparator: \.isWhitespace).contains(
            Substring(name))
        let release = ProcFile.line("/proc/sys/kernel/osrelease") ?? ""
        let isLoadable = ["modules.builtin", "modules.dep"].contains { file in
            (ProcFile.read("/lib/modules/\(release)/\(file)") ?? "").contains("/\(name).ko")
        }
        return .necessary(
            "\(name) file system", isLoaded || isLoadable,
            found: isLoaded ? "in the kernel" : isLoadable ? "a module" : "not there",
            consequence: consequence, remedy: "modprobe \(name), or a kernel that has it")
    }
}
