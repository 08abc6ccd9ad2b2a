import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What this cell promised to fences, in its data directory: on the disk before anybody is told.
struct PromiseFile: Sendable {
    let paths: Paths

    private struct Entry: Codable {
        var fence: FenceID
        var promises: [VolumePromise]
    }

    /// - Throws: `internal_error` when the file cannot be read: a cell that does not know what it promised must not start anything.
    func read() throws(FoundryError) -> [FenceID: [VolumePromise]] {
        guard HostFiles.exists(place) else { return [:] }
        guard let bytes = FileManager.default.contents(atPath: place),
            let entries = try? JSONDecoder().decode([Entry].self, from: bytes)
        else {
            throw FoundryError(
                .internalError, "What this cell promised cannot be read; it is left as it is.", detail: place)
        }
        return Dictionary(entries.map { ($0.fence, $0.promises) }) { _, last in last }
    }

    /// Whole, and synced, when it returns.
    func write(_ promises: [VolumePromise], for fence: FenceID) throws(FoundryError) {
        var all = try read()
        all[fence] = promises
        let entries = all.sorted { $0.key < $1.key }.map { Entry(fence: $0.key, promises: $0.value) }
        do { try DurableFile.write(JSONEncoder().encode(entries), to: place) } catch {
            throw FoundryError(.internalError, "A promise cannot be written.", detail: "\(place): \(error)")
        }
    }

    private var place: String { "\(paths.data)/promises.json" }
}
