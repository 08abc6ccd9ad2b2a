import FoundryModel
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Finds the programs that we build on, also for a user whose PATH lacks the `sbin` directories.
public enum ProgramPath {
    private static let usual = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"]

    /// The user's PATH, with the usual directories that it lacks.
    public static let variable: String = {
        let own = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map(String.init)
        return (own + usual.filter { !own.contains($0) }).joined(separator: ":")
    }()

    /// - Returns: its absolute path; nil when it is not installed.
    public static func find(_ name: String) -> String? {
        if name.hasPrefix("/") { return access(name, X_OK) == 0 ? name : nil }
        return variable.split(separator: ":").lazy.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    /// - Throws: `machine_unfit` when it is not installed.
    public static func require(_ name: String) throws(FoundryError) -> String {
        if let path = find(name) { return path }
        throw FoundryError(
            .machineUnfit, "The program \(name) is not installed.", detail: variable, hint: "foundry doctor")
    }

    /// Lets programs that this process starts by name be found as `find` finds them.
    public static func adopt() { setenv("PATH", variable, 1) }

    /// The file that this process runs; after an upgrade, the one that took its place.
    public static let ownExecutable: String = {
        let link = ProcFile.link("/proc/self/exe") ?? CommandLine.arguments.first ?? "foundry"
        return link.hasSuffix(" (deleted)") ? String(link.dropLast(10)) : link
    }()
}
