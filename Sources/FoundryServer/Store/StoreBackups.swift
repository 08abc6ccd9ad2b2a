import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Takes backups of a store that is open.
struct StoreBackups: Sendable {
    /// nil: a store that keeps nothing on a disk.
    let store: SQLiteStore?
    let paths: Paths

    /// - Parameter path: what is there is replaced.
    /// - Throws: what the store throws.
    func take(to path: String, generation: UInt16) async throws(FoundryError) -> StoreBackupHeader {
        guard let store else {
            throw FoundryError(.storeUnavailable, "This store keeps nothing on a disk, so there is no backup of it.")
        }
        let source = StoreBackupHeader.Source(
            installation: try StoreCare.installation(paths), generation: generation,
            takenAt: SystemClock.timestamp().millisecondsSince1970)
        do { return try await store.backUp(to: path, source: source) } catch { throw FoundryError(error) }
    }

    /// For somebody who asks over the API: a file of its own, to be removed by the caller.
    func takeAside(generation: UInt16) async throws(FoundryError) -> String {
        let folder = BackupFolder(paths)
        do throws(FoundryError) {
            try folder.make()
            let path = folder.fresh()
            _ = try await take(to: path, generation: generation)
            return path
        } catch {
            // The disk of the data directory is full: the more is a backup needed.
            guard store != nil else { throw error }
            let path = FileManager.default.temporaryDirectory.appending(path: "foundry-\(UUID().uuidString)").path()
            _ = try await take(to: path, generation: generation)
            return path
        }
    }

    /// Takes one if it is due, and lets the oldest go.
    ///
    /// - Returns: whether one was taken.
    @discardableResult
    func rotate(_ view: PlatformView) async throws(FoundryError) -> Bool {
        guard store != nil else { return false }
        let folder = BackupFolder(paths)
        let there = folder.all
        let newest = there.last.map { backup in
            StoreBackupRule.Newest(
                takenAt: backup.time, revision: (try? StoreBackupFile.header(of: backup.path))?.revision)
        }
        guard StoreBackupRule.isDue(newest: newest, view: view, now: SystemClock.timestamp()) else { return false }
        try folder.make()
        let number = (there.last?.number ?? 0) + 1
        _ = try await take(to: folder.path(number), generation: view.switches.generation)
        for number in StoreBackupRule.surplus(folder.all.map(\.number)) {
            try? FileManager.default.removeItem(atPath: folder.path(number))
        }
        return true
    }
}

/// `D/backups`: those that the platform took by itself, numbered.
struct BackupFolder {
    struct Backup: Hashable {
        var number: Int
        var path: String
        var time: Timestamp
    }

    private static let prefix = "store-"
    private static let suffix = ".backup"
    private static let asidePrefix = "aside-"

    let directory: String

    init(_ paths: Paths) { directory = paths.backups }

    func path(_ number: Int) -> String { "\(directory)/\(Self.prefix)\(number)\(Self.suffix)" }
    func fresh() -> String { "\(directory)/\(Self.asidePrefix)\(UUID().uuidString)" }

    /// Oldest first.
    var all: [Backup] {
        names.compactMap { name in
            guard name.hasPrefix(Self.prefix), name.hasSuffix(Self.suffix),
                let number = Int(name.dropFirst(Self.prefix.count).dropLast(Self.suffix.count)),
                let date = (try? FileManager.default.attributesOfItem(atPath: path(number)))?[.modificationDate]
                    as? Date
            else { return nil }
            let time = Timestamp(millisecondsSince1970: Int64(date.timeIntervalSince1970 * 1000))
            return Backup(number: number, path: path(number), time: time)
        }.sorted { $0.number < $1.number }
    }

    private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] }

    /// - Throws: `machine_unfit`.
    func make() throws(FoundryError) {
        do {
            try FileManager.default.createDirectory(
                atPath: directory, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw FoundryError(
                .machineUnfit, "\(directory) cannot be made.", detail: "\(error)", hint: "foundry doctor")
        }
    }

    /// What a server that was killed was making.
    func clear() {
        for name in names where name.hasPrefix(Self.asidePrefix) || !name.hasSuffix(Self.suffix) {
            try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
        }
    }
}
