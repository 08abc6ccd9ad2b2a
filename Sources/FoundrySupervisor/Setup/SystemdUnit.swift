import FoundryEffects
import FoundryModel
import Glibc

/// The unit under which systemd supervises our supervisor: it comes back when all of ours were killed at once, and with the machine.
public struct SystemdUnit: Sendable {
    public let instance: String
    public let data: String
    public let executable: String

    public init(instance: String, data: String, executable: String = ProgramPath.ownExecutable) {
        self.instance = instance
        self.data = data
        self.executable = executable
    }

    /// systemd is the init of this machine.
    public static var isSystemdHere: Bool { access("/run/systemd/system", F_OK) == 0 }

    public var name: String { "foundry-\(instance).service" }
    public var path: String { "/etc/systemd/system/\(name)" }

    /// Members are no part of the unit: they outlive it. Only when the whole machine goes down are they stopped in order first.
    public var text: String {
        """
        [Unit]
        Description=Service Foundry \(instance)
        After=network.target local-fs.target

        [Service]
        ExecStart=\(Self.quoted(executable)) up --foreground --data \(Self.quoted(data))
        ExecStop=/bin/sh -c 'if systemctl is-system-running | grep -q stopping; then exec "$0" down --data "$1"; fi' \(Self.quoted(executable)) \(Self.quoted(data))
        KillMode=process
        Restart=on-failure
        RestartSec=100ms
        StartLimitIntervalSec=0
        TimeoutStopSec=660

        [Install]
        WantedBy=multi-user.target

        """
    }

    /// Writes the unit, if it is not there as it should be, and starts it.
    public func install() async throws(FoundryError) {
        if ProcFile.read(path) != text {
            do { try DurableFile.write(text.utf8, to: path, mode: [.ownerReadWrite, .groupRead, .otherRead]) } catch {
                throw FoundryError(.machineUnfit, "\(path) cannot be written.", detail: "\(error)")
            }
            try await Command().run("systemctl", ["daemon-reload"])
        }
        try await Command().run("systemctl", ["enable", "--now", name], limit: .seconds(60))
    }

    /// Stops and removes it; nothing where there is none.
    public func remove() async throws(FoundryError) {
        guard access(path, F_OK) == 0 else { return }
        _ = try await Command().result("systemctl", ["disable", "--now", name], limit: .seconds(120))
        unlink(path)
        _ = try await Command().result("systemctl", ["daemon-reload"])
    }

    private static func quoted(_ text: String) -> String {
        "\""
            + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("%", with: "%%").replacing(
                "$", with: "$$") + "\""
    }
}
