import FoundryEffects
import FoundryModel
import Glibc

/// The machine's control groups, of either version; on a hybrid machine those of version 1, which has the controllers there.
///
/// A group's path begins with `/` and is the same below every hierarchy.
struct CgroupTree: Sendable {
    enum Version: Sendable {
        case v1
        case v2
    }

    let version: Version
    /// Where the hierarchies are mounted, by controller; version 2 is `unified`.
    let hierarchies: [String: String]

    static let unified = "unified"

    /// - Throws: `machine_unfit` when no hierarchy has a memory controller.
    init() throws(FoundryError) { try self.init(MountTable.read()) }

    init(_ mounts: MountTable) throws(FoundryError) {
        var found: [String: String] = [:]
        for mount in mounts.entries {
            // The first of each: others are copies, in some container's root.
            if mount.type == "cgroup2" { found[Self.unified] = found[Self.unified] ?? mount.target }
            // The last part of the place names the controllers: `cpu,cpuacct`.
            if mount.type == "cgroup", let name = mount.target.split(separator: "/").last {
                for controller in name.split(separator: ",") {
                    found[String(controller)] = found[String(controller)] ?? mount.target
                }
            }
        }
        guard found["memory"] != nil || found[Self.unified] != nil else {
            throw FoundryError(
                .machineUnfit, "The machine has no control groups to limit memory with.", hint: "foundry doctor")
        }
        version = found["memory"] == nil ? .v2 : .v1
        hierarchies = found
    }

    /// A group's directory in every hierarchy, each once.
    func directories(_ group: String) -> [String] { Set(hierarchies.values).sorted().map { $0 + group } }

    func directory(_ group: String, _ controller: String) -> String? {
        hierarchies[version == .v1 ? controller : Self.unified].map { $0 + group }
    }

    func read(_ group: String, _ controller: String, _ file: String) -> String? {
        directory(group, controller).flatMap { ProcFile.read("\($0)/\(file)") }
    }

    func write(_ text: String, _ group: String, _ controller: String, _ file: String) throws(FoundryError) {
        guard let directory = directory(group, controller) else { return }
        try Self.write(text, to: "\(directory)/\(file)")
    }

    /// Every process of a group, in the hierarchy of a controller.
    ///
    /// With version 2 those of commands too, whose groups lie below it; with version 1 these are in the group itself.
    func processes(_ group: String, _ controller: String = "memory") -> [Int32] {
        let below = version == .v1 ? [] : commandGroups(group)
        return ([group] + below).flatMap { ownProcesses($0, controller) }
    }

    /// Without those of groups below it.
    func ownProcesses(_ group: String, _ controller: String) -> [Int32] {
        (read(group, controller, "cgroup.procs") ?? "").split(separator: "\n").compactMap { Int32($0) }
    }

    /// How many processes of it the kernel killed for want of memory.
    func outOfMemoryKills(_ group: String) -> Int {
        let text = read(group, "memory", version == .v1 ? "memory.oom_control" : "memory.events") ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("oom_kill ") }
        return line.flatMap { Int($0.dropFirst("oom_kill ".count)) } ?? 0
    }

    /// The kernel counts swap, so a limit of memory can include it.
    ///
    /// - Parameter group: any that has a limit of memory; version 2 says nothing of that in the root.
    func limitsSwap(_ group: String) -> Bool {
        let file = version == .v1 ? "memory.memsw.limit_in_bytes" : "memory.swap.max"
        return directory(group, "memory").map { HostFiles.exists("\($0)/\(file)") } ?? false
    }

    /// Sends SIGKILL to every process of a group, in the hierarchy of a controller; with version 2 to those below it too.
    ///
    /// - Returns: false when there was none.
    @discardableResult
    func kill(_ group: String, _ controller: String = "memory") throws(FoundryError) -> Bool {
        let found = processes(group, controller)
        // At once, so that none escapes by a fork. Since Linux 5.14.
        if version == .v2, !found.isEmpty,
            let directory = directory(group, controller), HostFiles.exists("\(directory)/cgroup.kill")
        {
            try Self.write("1", to: "\(directory)/cgroup.kill")
            return true
        }
        for pid in found { _ = Glibc.kill(pid, SIGKILL) }
        return !found.isEmpty
    }

    /// Makes a group in every hierarchy; nothing happens where it exists.
    func make(_ group: String) throws(FoundryError) {
        for (controller, root) in hierarchies.sorted(by: { $0.key < $1.key }) {
            try HostFiles.makeDirectory(root + group, mode: 0o755)
            if controller == "cpuset", version == .v1 { try inheritProcessors(root, group) }
        }
    }

    /// Moves a process to a group, in the hierarchies by which systemd knows what belongs to a unit.
    ///
    /// When a unit ends, systemd kills all that is in its group: what is to outlive the unit must not be.
    func move(_ process: ProcessIdentity, to group: String) throws(FoundryError) {
        for hierarchy in ["systemd", Self.unified] {
            guard let root = hierarchies[hierarchy] else { continue }
            try Self.write("\(process.pid)", to: "\(root)\(group)/cgroup.procs")
        }
    }

    /// Removes an empty group from every hierarchy, and nothing below it.
    func remove(_ group: String) { for directory in directories(group) { rmdir(directory) } }

    /// A new group of version 1 may use no processor until it is told which.
    private func inheritProcessors(_ root: String, _ group: String) throws(FoundryError) {
        var (parent, parts) = (root, group.split(separator: "/")[...])
        while let part = parts.popFirst() {
            let child = "\(parent)/\(part)"
            for file in ["cpuset.cpus", "cpuset.mems"] {
                guard let own = ProcFile.read("\(child)/\(file)"), own.allSatisfy(\.isWhitespace) else { continue }
                try Self.write(ProcFile.read("\(parent)/\(file)") ?? "", to: "\(child)/\(file)")
            }
            parent = child
        }
    }

    static func write(_ text: String, to path: String) throws(FoundryError) {
        let descriptor = try SystemCall.check(open(path, O_WRONLY | O_CLOEXEC), "open \(path)")
        defer { close(descriptor) }
        let written = text.withCString { Glibc.write(descriptor, $0, strlen($0)) }
        try SystemCall.check(Int32(written), "write \(path)")
    }
}
