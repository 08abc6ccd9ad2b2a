import FoundryEffects
import Glibc
import SystemPackage

/// Freezes a process of its own in a cgroup of its own, and looks.
struct FreezerTrial {
    let group: String
    let isLegacy: Bool

    /// - Returns: nil when it froze; why not otherwise.
    func run() async -> String? {
        guard mkdir(group, 0o755) == 0 else { return "no cgroup can be made" }
        defer { rmdir(group) }
        guard let sleep = ProgramPath.find("sleep"),
            let null = try? FileDescriptor.open("/dev/null", .writeOnly, options: .closeOnExec)
        else {
            return "no process can be started"
        }
        defer { try? null.close() }
        guard let pid = try? ProcessStart(command: [sleep, "60"], output: null).run() else {
            return "no process can be started"
        }
        let answer = await freeze(pid)
        write(isLegacy ? "THAWED" : "0", to: isLegacy ? "freezer.state" : "cgroup.freeze")
        kill(pid, SIGKILL)
        _ = ProcessStart.collect(pid)
        return answer
    }

    private func freeze(_ pid: Int32) async -> String? {
        guard write("\(pid)", to: "cgroup.procs") else { return "a process cannot be moved into a cgroup" }
        guard write(isLegacy ? "FROZEN" : "1", to: isLegacy ? "freezer.state" : "cgroup.freeze") else {
            return "not there"
        }
        for _ in 0..<50 {
            if isFrozen { return nil }
            try? await SystemClock.sleep(.milliseconds(10))
        }
        return "a process did not freeze"
    }

    private var isFrozen: Bool {
        if isLegacy { return ProcFile.line("\(group)/freezer.state") == "FROZEN" }
        return (ProcFile.read("\(group)/cgroup.events") ?? "").contains("frozen 1")
    }

    @discardableResult
    private func write(_ text: String, to file: String) -> Bool {
        guard let descriptor = try? FileDescriptor.open(FilePath("\(group)/\(file)"), .writeOnly, options: .closeOnExec)
        else { return false }
        defer { try? descriptor.close() }
        return (try? descriptor.writeAll(text.utf8)) != nil
    }
}
