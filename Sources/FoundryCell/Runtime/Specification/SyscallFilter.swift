/// The seccomp part of the specification: which system calls a member may make.
struct SyscallFilter: Hashable, Sendable, Encodable {
    var defaultAction = "SCMP_ACT_ERRNO"
    /// EPERM
    var defaultErrnoRet: UInt32 = 1
    var architectures: [String]
    var syscalls: [Rule]

    struct Rule: Hashable, Sendable, Encodable {
        var names: [String]
        var action: String
        var errnoRet: UInt32?
        var args: [Argument]?
    }

    struct Argument: Hashable, Sendable, Encodable {
        var index: UInt32
        var value: UInt64
        var valueTwo: UInt64 = 0
        var op: String
    }

    /// - Parameter defersSyncs: they return at once, as if they were done; the cell flushes the volume. A file that was opened to sync each write goes on
    ///   doing so, which a filter could not change, and which only keeps more.
    static func members(defersSyncs: Bool = false) -> SyscallFilter { defersSyncs ? deferring : plain }

    private static let plain = filter(allowed: SyscallTable.allowed, others: [])
    private static let deferring = filter(
        allowed: SyscallTable.allowed.filter { !SyscallTable.syncs.contains($0) },
        others: [Rule(names: SyscallTable.syncs, action: "SCMP_ACT_ERRNO", errnoRet: 0)])

    private static func filter(allowed: [String], others: [Rule]) -> SyscallFilter {
        SyscallFilter(
            architectures: machine,
            syscalls: [
                Rule(names: allowed, action: "SCMP_ACT_ALLOW"),
                Rule(names: SyscallTable.unknown, action: "SCMP_ACT_ERRNO", errnoRet: 38),
                // A new process or thread, not a new namespace.
                Rule(
                    names: ["clone"], action: "SCMP_ACT_ALLOW",
                    args: [Argument(index: 0, value: SyscallTable.namespaceFlags, op: "SCMP_CMP_MASKED_EQ")]),
            ]
                + SyscallTable.socketFamilies.map { family in
                    Rule(
                        names: ["socket"], action: "SCMP_ACT_ALLOW",
                        args: [Argument(index: 0, value: family, op: "SCMP_CMP_EQ")])
                }
                + SyscallTable.personalities.map { persona in
                    Rule(
                        names: ["personality"], action: "SCMP_ACT_ALLOW",
                        args: [Argument(index: 0, value: persona, op: "SCMP_CMP_EQ")])
                } + others)
    }

    /// The machine's own system calls alone: a process that makes one of a 32-bit table is killed. Their `socketcall` hides the family of a socket
    /// from a filter, so with them the list of families would be void.
    #if arch(arm64)
    private static let machine = ["SCMP_ARCH_AARCH64"]
    #else
    private static let machine = ["SCMP_ARCH_X86_64"]
    #endif
}
