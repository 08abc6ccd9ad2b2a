import CFoundryLinux
import FoundryEffects
import FoundryModel
import SystemPackage

/// Brings a volume to the state in which nothing can write to it: not mounted, in no mount namespace, and its loop device gone.
///
/// An unmount alone does not say that: a process with mounts of its own may keep the file system alive.
struct VolumeRelease {
    let image: String
    let mount: String

    /// Tries after which a device that should have detached itself is detached by hand.
    private static let patientTries = 12

    func step(_ attempt: Int) throws(FoundryError) -> Patience.Step {
        if try MountTable.read().entry(at: mount) != nil {
            if let problem = SystemCall.problem(foundry_unmount(mount)) {
                guard problem == .resourceBusy else { throw SystemCall.error(problem, "unmount \(mount)") }
                return .waiting(for: "\(mount) is busy")
            }
            if try MountTable.read().entry(at: mount) != nil {
                return .waiting(for: "something lies mounted below at \(mount)")
            }
        }
        guard let number = try LoopDevices.numbers(of: image).first else {
            HostFiles.removeEmptyDirectory(mount)
            return .done
        }
        if LoopDevices.carriesMountedFileSystem(number) {
            return .waiting(for: "loop\(number) is mounted in another mount namespace")
        }
        if attempt > Self.patientTries { try LoopDevices.detach(number) }
        return .waiting(for: "loop\(number) is still attached")
    }

    /// - Returns: nil when nothing can write to it, otherwise what can.
    func obstacle() throws(FoundryError) -> String? {
        if try MountTable.read().entry(at: mount) != nil { return "it is mounted at \(mount)" }
        return try LoopDevices.numbers(of: image).first.map { "its image is attached to loop\($0)" }
    }

    /// Who sees it mounted, for the operator.
    func users() -> String {
        guard let number = try? LoopDevices.numbers(of: image).first else { return "" }
        let users = MountUsers.describe(device: LoopDevices.device(number))
        return users.isEmpty ? "" : "; seen by \(users)"
    }
}
