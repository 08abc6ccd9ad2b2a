import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

extension StoreCare {
    /// What a look at a store or a backup found.
    public struct Found: Hashable, Sendable, Codable {
        public var file: String
        public var revision: Int64
        public var generation: UInt16
        public var records: Int
        public var apps: Int
        /// Of a backup: when it was taken, and whether it is of this installation.
        public var takenAt: Timestamp?
        public var isOurs: Bool?
        /// SQLite's own words of what is damaged.
        public var damage: [String]
        /// Keys of records that cannot be read, each with the reason.
        public var unreadable: [String]
        /// Records that contradict others.
        public var flaws: [StoreFlaw]

        public var isSound: Bool { damage.isEmpty && unreadable.isEmpty && flaws.isEmpty && isOurs != false }
    }

    /// Looks, and changes nothing.
    ///
    /// - Parameter file: a backup, or a store's file that nobody has open; nil: the installation's store, whoever has it open.
    /// - Throws: `store_unavailable`, `backup_invalid` for what cannot be opened at all.
    public func check(_ file: String? = nil) throws(FoundryError) -> Found {
        let look: StoreLook
        if let file {
            do throws(StoreError) {
                look = try inScratch { scratch throws(StoreError) in try StoreLook.atCopy(of: file, in: scratch) }
            } catch { throw FoundryError(backup: error) }
        } else {
            try requireStore()
            do throws(StoreError) {
                look = try inScratch { scratch throws(StoreError) in try StoreLook.atStore(paths.store, in: scratch) }
            } catch { throw advised(error) }
        }
        return try found(look, file ?? paths.store)
    }

    private func found(_ look: StoreLook, _ file: String) throws(FoundryError) -> Found {
        let records = StoredRecords(look.values, coding)
        let installation = try Self.installation(paths)
        return Found(
            file: file, revision: look.revision, generation: records.view.switches.generation, records: records.count,
            apps: records.view.apps.count,
            takenAt: look.header.map { Timestamp(millisecondsSince1970: $0.takenAt) },
            isOurs: look.header.map { $0.installation == installation }, damage: look.damage,
            unreadable: records.unreadable.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" },
            flaws: StoreCheckRule.flaws(records.view))
    }

    private func inScratch(_ body: (String) throws(StoreError) -> StoreLook) throws(StoreError) -> StoreLook {
        let scratch = FileManager.default.temporaryDirectory.appending(path: "foundry-store-\(UUID().uuidString)")
            .path()
        do {
            try FileManager.default.createDirectory(
                atPath: scratch, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        } catch {
            throw StoreError(
                .unavailable, "there is no place for a copy to look at", detail: "\(scratch): \(error)",
                hint: "`df -h` shows whether there is room")
        }
        defer { try? FileManager.default.removeItem(atPath: scratch) }
        return try body(scratch)
    }
}
