import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Files that name a process by number, start and boot, so that a later process of that number is never taken for it.
public enum PidFile {
    /// The process that the file names, if it lives.
    public static func live(_ path: String) -> ProcessHandle? {
        guard let text = ProcFile.read(path), let identity = ProcessIdentity(parsing: text) else { return nil }
        return ProcessHandle.open(identity)
    }

    /// The words after the identity.
    static func remark(_ path: String) -> String? {
        let words = ProcFile.line(path)?.split(separator: " ").dropFirst(3) ?? []
        return words.isEmpty ? nil : words.joined(separator: " ")
    }

    static func write(_ identity: ProcessIdentity, remark: String? = nil, to path: String) throws(FoundryError) {
        do {
            try DurableFile.write(
                "\(identity)\(remark.map { " \($0)" } ?? "")\n".utf8, to: path,
                mode: [.ownerReadWrite, .groupRead, .otherRead])
        } catch {
            throw FoundryError(.internalError, "A pid file cannot be written.", detail: "\(path): \(error)")
        }
    }

    static func remove(_ path: String) { try? FileManager.default.removeItem(atPath: path) }
}
