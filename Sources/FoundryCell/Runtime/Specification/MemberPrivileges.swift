/// What a member's process may do beyond an ordinary user: fixed, the same for all.
enum MemberPrivileges {
    /// Of a process that begins as root, which many images do to put their volume right and then become another user.
    ///
    /// CHOWN, DAC_OVERRIDE, FOWNER, FSETID: give files another owner and mode, whoever owns them now. SETUID, SETGID: become the service's user.
    /// KILL: signal the processes of that user. Ports below 1024 need none, see `MemberSpecification.sysctl`. No device, no raw socket, no root
    /// of another directory, no trace: what a service does not do, an intruder shall not do in its name.
    static let root = [
        "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
    ]

    /// A process that begins as another user has none and, without new privileges, never gets one.
    static func capabilities(_ user: ContainerUser) -> RuntimeSpecification.Capabilities {
        let list = user.uid == 0 ? root : []
        return RuntimeSpecification.Capabilities(bounding: list, effective: list, permitted: list)
    }

    /// What the kernel tells about the whole machine, or lets it be told.
    static let maskedPaths = [
        "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats",
        "/proc/sched_debug",
        "/proc/scsi", "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
    ]
    static let readOnlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
}
