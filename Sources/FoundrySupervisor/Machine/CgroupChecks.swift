import FoundryEffects

/// Where cgroups are mounted, and what they can limit.
struct CgroupLayout: Hashable, Sendable {
    /// Of the unified tree (version 2), with its controllers.
    var unified: (path: String, controllers: Set<String>)?
    /// Mount points of version 1, by controller.
    var legacy: [String: String]

    static func read() -> Self {
        var layout = Self(unified: nil, legacy: [:])
        for mount in (try? MountTable.read())?.entries ?? [] {
            if mount.type == "cgroup2" {
                layout.unified = (mount.target, usable(mount.target))
            } else if mount.type == "cgroup" {
                for option in mount.options where !option.contains("=") && layout.legacy[option] == nil {
                    layout.legacy[option] = mount.target
                }
            }
        }
        return layout
    }

    /// What groups below the root of a unified tree can be given.
    ///
    /// That of a container is no root to the kernel: while processes are in it, it hands down nothing new.
    /// - Source: Documentation/admin-guide/cgroup-v2.rst, "No Internal Process Constraint".
    private static func usable(_ root: String) -> Set<String> {
        let isInner = ProcFile.line("\(root)/cgroup.type") != nil && ProcFile.line("\(root)/cgroup.procs") != nil
        let names = ProcFile.line("\(root)/cgroup.\(isInner ? "subtree_control" : "controllers")") ?? ""
        return Set(names.split(separator: " ").map(String.init))
    }

    /// Controllers are used from one tree only: version 1 where it has memory.
    var isLegacy: Bool { legacy["memory"] != nil }

    var version: String {
        if isLegacy { return unified == nil ? "1" : "1 (hybrid)" }
        return unified == nil ? "none" : "2"
    }

    func has(_ controller: String) -> Bool {
        isLegacy ? legacy[controller] != nil : unified?.controllers.contains(controller) ?? false
    }

    static func == (left: Self, right: Self) -> Bool {
        left.unified?.path == right.unified?.path && left.unified?.controllers == right.unified?.controllers
            && left.legacy == right.legacy
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(unified?.path)
        hasher.combine(legacy)
    }
}

enum CgroupChecks {
    static func findings(_ layout: CgroupLayout = .read()) -> [Finding] {
        [version(layout)]
            + [
                ("memory", "a member's --memory does not hold: one can take all of it", true),
                ("cpu", "a member's --cpu does not hold", false),
                ("pids", "a member can start processes without limit", false),
                (layout.isLegacy ? "blkio" : "io", "--io-performance cannot hold", false),
            ].map { name, consequence, isNecessary in controller(name, consequence, isNecessary, layout) }
    }

    private static func version(_ layout: CgroupLayout) -> Finding {
        .necessary(
            "cgroups", layout.version != "none",
            found: layout.version == "none" ? "not mounted" : "version \(layout.version)",
            consequence: "members cannot be limited or counted", remedy: "mount -t cgroup2 none /sys/fs/cgroup")
    }

    private static func controller(
        _ name: String, _ consequence: String, _ isNecessary: Bool, _ layout: CgroupLayout
    ) -> Finding {
        let isThere = layout.has(name)
        return Finding(
            "cgroup \(name)", isThere ? .ok : isNecessary ? .missing : .degraded,
            found: isThere ? "there" : "not there",
            consequence: isThere ? nil : consequence,
            remedy: isThere
                ? nil
                : "a kernel and boot options that have it; in a container, a root of control groups without processes",
            isNecessary: isNecessary)
    }
}
