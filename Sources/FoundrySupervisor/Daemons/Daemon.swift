import FoundryEffects

/// A long-running process that a supervisor keeps alive.
public struct Daemon: Hashable, Sendable, Codable {
    /// Names its pid file and its log: `server`.
    public var name: String
    /// A program's absolute path, and its arguments.
    public var command: [String]
    /// It holds members: SIGUSR1, or a start while a `down` is in progress, makes it stop them in order, let go of everything and exit with 0.
    public var drains: Bool
    /// It runs in the mount namespace that is pinned for it.
    public var hasOwnMounts: Bool

    public init(name: String, command: [String], drains: Bool = false, hasOwnMounts: Bool = false) {
        self.name = name
        self.command = command
        self.drains = drains
        self.hasOwnMounts = hasOwnMounts
    }

    public static let names = ["server", "cell", "router", "haproxy"]

    /// The daemons of an installation.
    ///
    /// - Parameter executable: `foundry` itself.
    public static func all(_ paths: Paths, executable: String = ProgramPath.ownExecutable) -> [Daemon] {
        // Its configuration is written afresh before each start, by the same process that then becomes HAProxy.
        let proxy = #""$1" proxy-config --data "$2" && exec "$3" -db -f "$4""#
        return [
            Daemon(name: "server", command: [executable, "server", "--data", paths.data]),
            Daemon(
                name: "cell", command: [executable, "cell", "--data", paths.data], drains: true, hasOwnMounts: true),
            Daemon(
                name: "haproxy",
                command: [
                    "/bin/sh", "-c", proxy, "haproxy", executable, paths.data, ProgramPath.find("haproxy") ?? "haproxy",
                    paths.proxyConfiguration,
                ]),
            Daemon(name: "router", command: [executable, "router", "--data", paths.data]),
        ]
    }
}
