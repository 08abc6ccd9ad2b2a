import FoundryModel
import FoundryRules
import FoundryStore

@testable import FoundryCell
@testable import FoundryEffects
@testable import FoundryServer
@testable import FoundrySupervisor

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What lies on disks: written by us, and perhaps by others since.
enum DiskGrounds {
    static func labels(_ bytes: [UInt8]) {
        if case .label(let label) = VolumeLabelFile.reading(Data(bytes)) {
            demand(label.version == VolumeLabel.currentVersion, "a label of another version")
        }
        _ = try? JSONDecoder().decode(SnapshotLabel.self, from: Data(bytes))
        _ = try? JSONDecoder().decode(RestartHistory.self, from: Data(bytes))
    }

    /// A record is written as it was read: nothing of it is lost on the way.
    static func records(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        let stored = StoredValue(
            key: StoreKey(choice.name), value: choice.rest, createRevision: 1, revision: 1, version: 1)
        guard let record = try? RecordCoding.plain.decode(stored) else { return }
        guard let written = try? RecordCoding.plain.encode(record) else {
            fatalError("a record that was read cannot be written")
        }
        let again = StoredValue(key: stored.key, value: written, createRevision: 1, revision: 2, version: 2)
        demand((try? RecordCoding.plain.decode(again)) == record, "a record changes when it is written")
    }

    static func configuration(_ bytes: [UInt8]) {
        if let configuration = try? ConfigurationFile.parse(Data(bytes), path: "config.json") {
            demand(configuration.problem == nil, "a configuration with a problem")
        }
        _ = try? JSONDecoder().decode(UserConfiguration.self, from: Data(bytes))
    }
}
