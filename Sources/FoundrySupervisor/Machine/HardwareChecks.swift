import FoundryEffects
import FoundryModel
import Glibc

/// What the machine is, as far as promises depend on it. Nothing here is necessary.
enum HardwareChecks {
    static func findings() -> [Finding] { [watchdog(), hypervisor()] }

    private static func watchdog() -> Finding {
        let devices: [String] = ["/dev/watchdog0", "/dev/watchdog"]
        let device = devices.first { access($0, F_OK) == 0 }
        return Finding(
            "watchdog device", device == nil ? .degraded : .ok, found: device ?? "none",
            consequence: device == nil
                ? "a machine that hangs is not reset by itself; with several machines, a fence of this one rests on other evidence"
                : nil)
    }

    private static func hypervisor() -> Finding {
        let flags = (ProcFile.read("/proc/cpuinfo") ?? "").split(separator: "\n").first { $0.hasPrefix("flags") } ?? ""
        let isGuest = flags.split(separator: " ").contains("hypervisor")
        let name = ["sys_vendor", "product_name"].compactMap { ProcFile.line("/sys/class/dmi/id/\($0)") }.joined(
            separator: " ")
        guard isGuest else { return Finding("hypervisor", .ok, found: name.isEmpty ? "none" : "none (\(name))") }
        return Finding(
            "hypervisor", .degraded, found: name.isEmpty ? "yes" : name,
            consequence:
                "the machine can be paused from outside: with several machines, its silence alone never proves that it is dead"
        )
    }
}
