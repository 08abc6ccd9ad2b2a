import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Puts another store in the place of the present one, which is kept beside it. Killed at any moment, the one or the other is in its place, whole.
///
///     STORE.restoring        being built: of no meaning when it is found
///     STORE.restored-N       whole: whoever opens the store next puts it in place
///     STORE.before-N/        the one that it replaced, with its log
///
/// N is the generation that begins with the restore.
public enum StoreReplacement {
    /// What was put in place.
    public struct Outcome: Hashable, Sendable {
        /// Of the backup; nil when it was a store's own file.
        public var header: StoreBackupHeader?
        public var generation: UInt16
        /// The directory with the store that was there; nil when there was none.
        public var kept: String?
    }

    /// - Parameter file: a backup, or a store's file that nobody has open; the present store's own, too.
    /// - Parameter prepare: writes into the new store what it does not know, and says its generation.
    /// - Throws: `backup_invalid`; what the store throws (`store_unavailable` while somebody has it open), and what `prepare` throws; then all is as it was.
    public static func replace(
        _ path: String, by file: String,
        prepare: (SQLiteStore, StoreBackupHeader?) async throws(FoundryError) -> UInt16
    ) async throws(FoundryError) -> Outcome {
        let lock = try lock(path)
        defer { extendLifetime(lock) }
        _ = try mapped { () throws(StoreError) in try finish(path) }
        let candidate = path + ".restoring"
        defer { clear(candidate) }
        let header = try refused { () throws(StoreError) in
            clear(candidate)
            let header = try StoreBackupFile.unpack(file, to: candidate)
            let look = try StoreLook.at(candidate)
            guard look.damage.isEmpty else {
                throw StoreError(
                    .corrupt, "what should be restored is damaged itself", detail: look.damage.joined(separator: "; "),
                    hint: "foundry store check \(file)")
            }
            return header
        }
        let store = try mapped { () throws(StoreError) in try SQLiteStore(path: candidate) }
        let generation: UInt16
        do throws(FoundryError) { generation = try await prepare(store, header) } catch {
            await store.close()
            throw error
        }
        await store.close()
        let kept = try mapped { () throws(StoreError) in
            try StoreFile.rename(candidate, "\(path).restored-\(generation)")
            try StoreFile.syncDirectory(of: path)
            return try finish(path)
        }
        return Outcome(header: header, generation: generation, kept: kept)
    }

    /// Goes on with a replacement that was whole and not in place yet. Under the store's lock.
    ///
    /// - Returns: the directory with the store that was there, if there was one, and if anything was to be done.
    @discardableResult
    static func finish(_ path: String) throws(StoreError) -> String? {
        guard let (ready, generation) = pending(path) else { return nil }
        let kept = "\(path).before-\(generation)"
        // What a store that was closed in order leaves; it says nothing.
        if StoreFile.size(path + "-wal") == 0 { StoreFile.remove(path + "-wal") }
        if StoreFile.exists(path) || StoreFile.exists(path + "-wal") {
            try StoreFile.makeDirectory(kept)
            // The log first: the new database must never be found beside the old one's log.
            if StoreFile.exists(path + "-wal") { try StoreFile.rename(path + "-wal", kept + "/store.sqlite-wal") }
            StoreFile.remove(path + "-shm")
            if StoreFile.exists(path) { try StoreFile.rename(path, kept + "/store.sqlite") }
            try StoreFile.syncDirectory(of: kept + "/store.sqlite")
            try StoreFile.syncDirectory(of: path)
        }
        try StoreFile.rename(ready, path)
        try StoreFile.syncDirectory(of: path)
        return StoreFile.exists(kept) ? kept : nil
    }

    /// A store that is whole and waits for its place.
    public static func pending(_ path: String) -> (path: String, generation: Int)? {
        numbers(path, ".restored-").max().map { ("\(path).restored-\($0)", $0) }
    }

    /// The newest generation that replaced another one here, as far as what was kept says it; 0: none.
    public static func newest(_ path: String) -> UInt16 { UInt16(clamping: numbers(path, ".before-").max() ?? 0) }

    private static func numbers(_ path: String, _ suffix: String) -> [Int] {
        let directory = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let prefix = path.dropFirst(directory.count + 1) + suffix
        let names = (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? []
        return names.compactMap { $0.hasPrefix(prefix) ? Int($0.dropFirst(prefix.count)) : nil }
    }

    private static func clear(_ candidate: String) {
        for suffix in ["", "-wal", "-shm", "-journal", ".lock", ".new"] { StoreFile.remove(candidate + suffix) }
    }

    /// What cannot be read of a file that shall be put in place.
    private static func refused<Result>(_ body: () throws(StoreError) -> Result) throws(FoundryError) -> Result {
        do throws(StoreError) { return try body() } catch { throw FoundryError(backup: error) }
    }

    private static func lock(_ path: String) throws(FoundryError) -> LockFile {
        do throws(StoreError) { return try LockFile(path + ".lock") } catch { throw FoundryError(error) }
    }

    private static func mapped<Result>(_ body: () throws(StoreError) -> Result) throws(FoundryError) -> Result {
        do throws(StoreError) { return try body() } catch { throw FoundryError(error) }
    }
}
