import FoundryEffects
import FoundryModel

/// Where a container's monitor keeps what belongs to it: one directory, which is there from before the container to after it, and goes at a reboot.
///
/// It is the bundle, too: the container's environment never lies on a disk.
struct MonitorPlaces: Hashable, Sendable {
    let directory: String
    private let member: MemberID

    init(_ paths: Paths, _ member: MemberID) {
        directory = paths.monitor(member)
        self.member = member
    }

    /// Of the OCI runtime; mode 0600.
    var configuration: String { "\(directory)/config.json" }
    /// Written when the container was made whole.
    var record: String { "\(directory)/record.json" }
    var processFile: String { "\(directory)/init.pid" }
    var monitorFile: String { "\(directory)/conmon.pid" }
    /// What conmon itself has to say.
    var monitorLog: String { "\(directory)/conmon.log" }
    var exitDirectory: String { "\(directory)/exit" }
    /// Written by conmon when the container ended: its exit code.
    var exitFile: String { "\(exitDirectory)/\(member)" }
    /// conmon's control pipe.
    var control: String { "\(directory)/ctl" }
    func file(_ name: String) -> String { "\(directory)/\(name)" }

    /// While it exists, the container waits for its start.
    static func startPipe(_ paths: Paths, _ member: MemberID) -> String { "\(paths.runc)/\(member)/exec.fifo" }
    static func all(_ paths: Paths) -> String { "\(paths.run)/conmon" }
}
