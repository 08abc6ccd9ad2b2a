import FoundryModel

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
        try VolumeLabelFile.write(label, of: "snapshot", to: path)
    }
}
