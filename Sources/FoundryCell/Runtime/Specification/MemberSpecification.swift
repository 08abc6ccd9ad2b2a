import FoundryEffects
import FoundryModel
import FoundryRules

/// Makes the runtime's specification of one member.
struct MemberSpecification {
    static let mostProcesses: Int64 = 4096
    private static let path = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    let order: MemberOrder
    let user: ContainerUser
    let networkNamespace: String
    let rootfs: String
    let cgroup: String
    let limitsSwap: Bool
    let mounts: [RuntimeSpecification.Mount]
    var extras = MemberExtras.none

    /// - Throws: `image_unsupported` when neither the image nor the order says what to run.
    func specification() throws(FoundryError) -> RuntimeSpecification {
        let image = order.spec.image.configuration
        let arguments = image.entrypoint + image.command
        guard !arguments.isEmpty else {
            throw FoundryError(.imageUnsupported, "Image \(order.spec.image.name) does not say what to run.")
        }
        return RuntimeSpecification(
            process: RuntimeSpecification.Process(
                user: .init(uid: user.uid, gid: user.gid, additionalGids: user.additionalGroups), args: arguments,
                env: environment, cwd: image.workingDirectory.isEmpty ? "/" : image.workingDirectory,
                capabilities: MemberPrivileges.capabilities(user),
                rlimits: [Self.noCore]),
            root: .init(path: rootfs), hostname: MemberFiles.hostname(order.name), mounts: mounts,
            annotations: ["foundry.member": order.id.description, "foundry.generation": "\(order.generation)"],
            linux: RuntimeSpecification.Linux(
                cgroupsPath: cgroup, namespaces: namespaces, sysctl: Self.sysctl, resources: resources,
                seccomp: .members(defersSyncs: defersSyncs),
                maskedPaths: MemberPrivileges.maskedPaths, readonlyPaths: MemberPrivileges.readOnlyPaths))
    }

    /// A core would hold the tenant's memory and go wherever the machine's pattern says. One byte is none, as none is smaller than a page; and 0 would
    /// not stop a pattern that is a program.
    /// - Source: core(5); fs/coredump.c, where a limit of 1 ends a dump to a program.
    static let noCore = RuntimeSpecification.ResourceLimit(type: "RLIMIT_CORE", soft: 1, hard: 1)

    /// In the member's own network namespace, where nobody else's ports are.
    static let sysctl = ["net.ipv4.ip_unprivileged_port_start": "0"]

    private var defersSyncs: Bool {
        guard let disk = order.spec.disk, case .platform = DeferralRule.deferral(disk, order.spec.image) else {
            return false
        }
        return true
    }

    /// The image's, then the user's, which win; then what the platform says of the disk, of the instance, and of bindings.
    private var environment: [String] {
        let chosen = order.spec.environment.merging(order.spec.disk.map(DeferralRule.variables) ?? [:]) { $1 }
            .merging(extras.environment.mapValues { $0.reveal() }) { $1 }
        let image = order.spec.image.configuration.environment.filter { variable in
            variable.firstIndex(of: "=").map { chosen[String(variable[..<$0])] == nil } ?? false
        }
        let path = image.contains { $0.hasPrefix("PATH=") } || chosen["PATH"] != nil ? [] : [Self.path]
        return path + image + chosen.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    }

    private var namespaces: [RuntimeSpecification.Namespace] {
        ["pid", "ipc", "uts", "mount", "cgroup"].map { .init(type: $0) } + [
            .init(type: "network", path: networkNamespace)
        ]
    }

    private var resources: RuntimeSpecification.Resources {
        let limits = LimitSpecification(order.spec.limits, limitsSwap: limitsSwap)
        return RuntimeSpecification.Resources(
            devices: [.init(allow: false, access: "rwm")], memory: limits.memory, cpu: limits.cpu,
            pids: .init(limit: Self.mostProcesses))
    }
}
