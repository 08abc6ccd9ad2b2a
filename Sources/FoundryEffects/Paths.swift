import FoundryModel

/// Where everything of one installation lies.
public struct Paths: Hashable, Sendable {
    /// Kept: `/var/lib/foundry` unless chosen otherwise.
    public let data: String
    /// Gone at a reboot: `/run/foundry/<instance>`; short, because sockets lie in it.
    public let run: String
    public let instance: String

    public init(data: String, instance: String) {
        self.data = data
        self.instance = instance
        run = "/run/foundry/\(instance)"
    }

    public static let usualData = "/var/lib/foundry"

    public static func configuration(of data: String) -> String { "\(data)/config.json" }

    public var configuration: String { Self.configuration(of: data) }
    public var store: String { "\(data)/store.sqlite" }
    /// The newest generation of the store that was seen here; there since the store is.
    public var generation: String { "\(data)/generation" }
    /// Of the store, taken by the platform itself.
    public var backups: String { "\(data)/backups" }
    public var tls: String { "\(data)/tls" }
    public var token: String { "\(data)/token" }
    /// With which secrets in the store are sealed, newest first; mode 0600. Without it nobody reads them.
    public var secretKeys: String { "\(data)/secrets.key" }
    /// Holds the id of this machine's cell.
    public var cellID: String { "\(data)/cell-id" }
    public var images: String { "\(data)/images" }
    /// Archives on their way to us, in parts.
    public var uploads: String { "\(data)/uploads" }
    public var poolFile: String { "\(data)/pool.img" }
    /// Visible in the cell's mount namespace only.
    public var pool: String { "\(data)/pool" }
    public var logs: String { "\(data)/log" }
    public func journal(_ shell: String) -> String { "\(data)/journal/\(shell).log" }
    /// Who asked the API for what.
    public var audit: String { "\(logs)/audit.log" }
    /// Authorities of syslog servers, in PEM, put there by whoever runs the platform.
    public var drainAuthorities: String { "\(data)/log-drain-ca.pem" }
    /// Logs, history, bundle.
    public func member(_ id: MemberID) -> String { "\(data)/members/\(id)" }
    public func memberLog(_ id: MemberID) -> String { "\(member(id))/log" }
    public var members: String { "\(data)/members" }

    public func pidFile(_ daemon: String) -> String { "\(run)/\(daemon).pid" }
    /// There while a `down` is in progress: nobody starts a supervisor, and a cell that starts only stops what it finds.
    public var downMarker: String { "\(run)/down" }
    public var supervisorLock: String { "\(run)/supervisor.lock" }
    public var mountNamespace: String { "\(run)/mntns" }
    public var proxyConfiguration: String { "\(run)/haproxy.cfg" }
    public var proxySocket: String { "\(run)/haproxy.sock" }
    public var proxyMap: String { "\(run)/routes.map" }
    public var runc: String { "\(run)/runc" }
    public func monitor(_ id: MemberID) -> String { "\(run)/conmon/\(id)" }
    /// What belongs to commands that run in members: a directory each.
    public var execs: String { "\(run)/exec" }
    public func rootfs(_ id: MemberID) -> String { "\(run)/members/\(id)/rootfs" }
    public func volumeMount(_ id: VolumeID) -> String { "\(run)/volumes/\(id)" }

    public var networkNamespaces: String { "\(run)/netns" }
    /// A file that a member's network namespace is bound to.
    public func networkNamespace(_ slot: Int) -> String { "\(networkNamespaces)/\(slot)" }
    public func interface(_ slot: Int) -> String { "\(interfacePrefix)\(slot)" }
    /// Every host end of this installation begins with it.
    public var interfacePrefix: String { "f\(instance)." }
    public var firewallTable: String { "foundry_\(instance)" }
    public var cgroup: String { "/foundry-\(instance)" }
    public var guardedCgroup: String { "/foundry-\(instance)/guarded" }
    /// Of a member whose processes lie below the guards.
    public func guardedCgroup(_ id: MemberID) -> String { "\(guardedCgroup)/\(id)" }
    public func cgroup(_ id: MemberID) -> String { "/foundry-\(instance)/\(id)" }
    /// Where a member's processes may be: it is put below the guards, and taken out again.
    public func cgroups(_ id: MemberID) -> [String] { [cgroup(id), guardedCgroup(id)] }
}
