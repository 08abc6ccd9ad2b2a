import SystemPackage

/// What the kernel is told about a member's host end.
enum InterfaceSettings {
    /// Only the member's own address is taken as a source, and no IPv6 address appears. A kernel without IPv6 lacks that file, and needs nothing.
    static func restrict(_ interface: String) {
        write("1", to: "/proc/sys/net/ipv4/conf/\(interface)/rp_filter")
        write("1", to: "/proc/sys/net/ipv6/conf/\(interface)/disable_ipv6")
    }

    /// Whether what comes from the member may go on to others, as far as the firewall lets it; without it the kernel itself forwards nothing of it.
    static func setForwarding(_ interface: String, _ isOn: Bool) {
        write(isOn ? "1" : "0", to: "/proc/sys/net/ipv4/conf/\(interface)/forwarding")
    }

    private static func write(_ text: String, to path: String) {
        guard let descriptor = try? FileDescriptor.open(FilePath(path), .writeOnly, options: [.closeOnExec]) else {
            return
        }
        _ = try? descriptor.closeAfter { try descriptor.writeAll(text.utf8) }
    }
}
