import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The mount namespace of the cell. It is pinned to a file, so that it outlives the cell, and what is mounted in it does too.
///
/// What the machine unmounts is unmounted in it as well; what the cell mounts is seen nowhere else.
public struct MountNamespace: Sendable {
    /// The file that it is pinned to.
    public let pin: String
    /// Holds the name of the namespace that it was made from: where every daemon but the cell belongs.
    private var homeFile: String { "\(pin).home" }

    public init(pin: String) { self.pin = pin }

    public var isPinned: Bool {
        var answer = foundry_file_system()
        return foundry_read_file_system(pin, &answer) == 0 && answer.type == Self.namespaceFileSystem
    }

    /// NSFS_MAGIC of linux/magic.h.
    private static let namespaceFileSystem: Int64 = 0x6e73_6673

    /// Makes it when it is not there. The file is bound to itself as a private mount first, because a namespace cannot be pinned to a shared one.
    ///
    /// - Throws: `command_failed`.
    func make(output: FileDescriptor) throws(FoundryError) {
        guard !isPinned else { return }
        do {
            try DurableFile.write(Self.own.utf8, to: homeFile)
            try FileDescriptor.open(
                FilePath(pin), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite
            ).close()
        } catch {
            throw FoundryError(.commandFailed, "A mount namespace cannot be pinned.", detail: "\(pin): \(error)")
        }
        if try MountTable.read().under(pin).isEmpty { try Self.run(["mount", "--bind", pin, pin], output) }
        try Self.run(["mount", "--make-private", pin], output)
        try Self.run(["unshare", "--mount=\(pin)", "--propagation", "slave", "true"], output)
    }

    /// Lets it go: with the last process in it everything that is mounted in it goes too.
    public func remove(output: FileDescriptor) throws(FoundryError) {
        for _ in try MountTable.read().under(pin) { try Self.run(["umount", "--lazy", pin], output) }
        for path in [pin, homeFile] { try? FileManager.default.removeItem(atPath: path) }
    }

    /// The command that runs another one in it.
    public func entering(_ command: [String]) -> [String] {
        [ProgramPath.find("nsenter") ?? "nsenter", "--mount=\(pin)", "--"] + command
    }

    /// A daemon that the cell started lives in the cell's namespace, where the pin cannot be seen. This continues the same command where it belongs.
    ///
    /// - Returns: only when this process is where it belongs, or no process is there any more.
    public func goHome(command: [String]) {
        guard let home = ProcFile.line(homeFile), home != Self.own, let process = Self.process(in: home),
            let nsenter = ProgramPath.find("nsenter")
        else { return }
        let arguments = [nsenter, "--mount=/proc/\(process)/ns/mnt", "--"] + command
        let pointers: [UnsafeMutablePointer<CChar>?] = arguments.map { strdup($0) } + [nil]
        execv(nsenter, pointers)
    }

    static var own: String { ProcFile.link("/proc/self/ns/mnt") ?? "" }

    /// Some process of that namespace; the first one of the machine first.
    private static func process(in namespace: String) -> Int32? {
        if ProcFile.link("/proc/1/ns/mnt") == namespace { return 1 }
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return names.lazy.compactMap { Int32($0) }.first { ProcFile.link("/proc/\($0)/ns/mnt") == namespace }
    }

    private static func run(_ command: [String], _ output: FileDescriptor) throws(FoundryError) {
        guard let program = ProgramPath.find(command[0]) else {
            throw FoundryError(
                .machineUnfit, "\(command[0]) is not installed.", hint: "apt-get install util-linux mount")
        }
        try ProcessStart(command: [program] + command.dropFirst(), output: output).runToEnd()
    }
}
