import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A snapshot's label as a file beside its data.
enum SnapshotLabelFile {
    /// - Returns: nil when it is missing, or cannot be read.
    static func read(_ path: String) -> SnapshotLabel? {
        guard let bytes = try? Data(contentsOf: URL(filePath: path)),
            let label = try? JSONDecoder().decode(SnapshotLabel.self, from: bytes),
            label.version == SnapshotLabel.currentVersion
        else { return nil }
        return label
    }

    /// Whole and on the disk when it returns.
    static func write(_ label: SnapshotLabel, to path: String) throws(FoundryError) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try DurableFile.write(try encoder.encode(label) + Data("\n".utf8), to: path)
        } catch {
            let code: ErrorCode = (error as? Errno) == .noSpace ? .poolFull : .internalError
            throw FoundryError(code, "A snapshot's label cannot be written.", detail: "\(path): \(error)")
        }
    }
}
