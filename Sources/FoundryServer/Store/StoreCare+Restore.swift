import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore

extension StoreCare {
    /// What a restore did.
    public struct Restored: Hashable, Sendable, Codable {
        /// The generation that begins.
        public var generation: UInt16
        /// When the backup was taken; nil for a store's own file.
        public var takenAt: Timestamp?
        /// Of the store that was put in place.
        public var apps: Int
        /// The directory with the store that was there; nil when there was none.
        public var kept: String?
        /// Records that cannot be read; they were restored as they are.
        public var unreadable: [String]
    }

    /// Puts a backup, or a store's file, in the place of the store, which is kept beside it. While nothing of the platform runs.
    ///
    /// - Throws: `backup_invalid`, `store_unavailable`; `conflict` when it is of another installation. Then all is as it was.
    public func restore(_ file: String) async throws(FoundryError) -> Restored {
        let installation = try Self.installation(paths)
        let now = SystemClock.timestamp()
        var records = StoredRecords([], coding)
        let outcome = try await StoreReplacement.replace(paths.store, by: file) {
            store, header throws(FoundryError) -> UInt16 in
            records = StoredRecords(try await list(store), coding)
            try refuseForeign(header, records.view, installation)
            return try await write(store, records.view, header, now)
        }
        // What is killed before this, the next server makes up for.
        try GenerationFile(paths).note(outcome.generation)
        return Restored(
            generation: outcome.generation,
            takenAt: outcome.header.map { Timestamp(millisecondsSince1970: $0.takenAt) },
            apps: records.view.apps.count, kept: outcome.kept, unreadable: records.unreadable.keys.sorted())
    }

    /// What the backup does not know.
    private func write(
        _ store: SQLiteStore, _ view: PlatformView, _ header: StoreBackupHeader?, _ now: Timestamp
    ) async throws(FoundryError) -> UInt16 {
        var generator = SystemRandomNumberGenerator()
        let seen = max(GenerationFile(paths).newest ?? 0, StoreReplacement.newest(paths.store))
        let plans = try OperatorVerbs.restore(
            view: view, seen: seen,
            takenAt: header.map { Timestamp(millisecondsSince1970: $0.takenAt) }, now: now, using: &generator)
        for plan in plans {
            do throws(StoreError) {
                let transaction = try StoreTransaction(name: plan.name, writes: plan.writes, coding: coding)
                guard case .committed = try await store.commit(transaction) else {
                    throw StoreError(.invalid, "a record of the backup changed while it was restored")
                }
            } catch {
                throw FoundryError(error)
            }
        }
        return StoredRecords(try await list(store), coding).view.switches.generation
    }

    /// Its records would speak of disks that are not here, and say of those that are here that nobody needs them.
    private func refuseForeign(
        _ header: StoreBackupHeader?, _ view: PlatformView, _ installation: String
    ) throws(FoundryError) {
        if let header {
            guard header.installation != installation else { return }
            throw FoundryError(
                .backupInvalid,
                "The backup is of another installation, \(header.installation); this one is \(installation).",
                hint: "`foundry store backup FILE` takes one of this")
        }
        let cells = view.cells.keys.map(\.description)
        guard !cells.isEmpty, !cells.contains(where: installation.hasSuffix) else { return }
        throw FoundryError(
            .backupInvalid,
            "The store's file is of another installation, of cell \(cells.sorted().joined(separator: ", ")).",
            hint: "`foundry store backup FILE` takes one of this")
    }
}
