import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension Paths {
    /// What the supervisor knows of its daemons.
    public var daemonRecords: String { "\(run)/daemons.json" }
    /// Which boot the run directory is of.
    var bootMark: String { "\(run)/boot" }
    /// Leads from the run directory to the data directory.
    var dataLink: String { "\(run)/data" }
    /// Of all installations of the machine.
    static var allRuns: String { "/run/foundry" }
    /// One `up`, `down` or `reset` at a time.
    var lifecycleLock: String { "\(data)/lock" }
}

/// `/run/foundry/<instance>`: emptied when it is of an earlier boot, for machines whose /run outlives one.
public enum RunDirectory {
    /// - Throws: `machine_unfit` when it cannot be made.
    public static func prepare(_ paths: Paths) throws(FoundryError) {
        let files = FileManager.default
        do {
            try files.createDirectory(
                atPath: Paths.allRuns, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
            if files.fileExists(atPath: paths.run), ProcFile.line(paths.bootMark) != ProcessIdentity.bootID {
                try clear(paths)
            }
            try files.createDirectory(
                atPath: paths.run, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            for directory in [paths.logs, "\(paths.data)/journal"] {
                try files.createDirectory(
                    atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o750])
            }
            if ProcFile.line(paths.bootMark) != ProcessIdentity.bootID {
                try DurableFile.write("\(ProcessIdentity.bootID)\n".utf8, to: paths.bootMark)
            }
            if ProcFile.link(paths.dataLink) != paths.data {
                try? files.removeItem(atPath: paths.dataLink)
                try files.createSymbolicLink(atPath: paths.dataLink, withDestinationPath: paths.data)
            }
        } catch {
            throw FoundryError(
                .machineUnfit, "\(paths.run) cannot be made.", detail: "\(error)", hint: "run it as root")
        }
    }

    /// Removes what an end leaves behind that only lived for the daemons. Members' things are the cell's to remove.
    static func tidy(_ paths: Paths) {
        for path in [paths.proxyConfiguration, paths.proxySocket, paths.proxyMap] {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    /// Only what is not mounted: nothing of an earlier boot can be.
    private static func clear(_ paths: Paths) throws {
        guard try MountTable.read().under(paths.run).isEmpty else { return }
        for name in try FileManager.default.contentsOfDirectory(atPath: paths.run)
        where "\(paths.run)/\(name)" != paths.supervisorLock {
            try FileManager.default.removeItem(atPath: "\(paths.run)/\(name)")
        }
    }
}
