import FoundryEffects
import FoundryModel
import FoundryStore
import Logging

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a person does with an installation's store while no server has it open: backup, restore, and a look that changes nothing.
public struct StoreCare: Sendable {
    private static let openMilliseconds: Int64 = 3_000

    let paths: Paths

    public init(_ paths: Paths) { self.paths = paths }

    /// Without the keys of its secrets, records that have any are told as unreadable.
    var coding: RecordCoding {
        RecordCoding(secrets: try? SecretKeyring.open(paths.secretKeys, makes: false))
    }

    /// Whose store it is, as its backups say: the id of the installation's cell, and its instance.
    ///
    /// - Throws: `configuration_invalid`.
    static func installation(_ paths: Paths) throws(FoundryError) -> String {
        guard let cell = ProcFile.line(paths.cellID) else {
            throw FoundryError(
                .configurationInvalid, "\(paths.cellID) cannot be read.", hint: "foundry up --data \(paths.data)")
        }
        return "\(paths.instance)-\(cell)"
    }

    /// Backs the store up without a server.
    ///
    /// - Parameter path: for the backup; what is there is replaced.
    /// - Throws: `store_unavailable`, while a server has it open, too.
    public func backUp(to path: String) async throws(FoundryError) -> StoreBackupHeader {
        try requireStore()
        let store: SQLiteStore
        do { store = try SQLiteStore(path: paths.store) } catch { throw advised(error) }
        let answer: Result<StoreBackupHeader, FoundryError>
        do throws(FoundryError) {
            let records = StoredRecords(try await list(store), coding)
            answer = .success(
                try await StoreBackups(store: store, paths: paths).take(
                    to: path, generation: records.view.switches.generation))
        } catch {
            answer = .failure(error)
        }
        await store.close()
        return try answer.get()
    }

    func list(_ store: SQLiteStore) async throws(FoundryError) -> [StoredValue] {
        do { return try await store.list(prefix: "").values } catch { throw FoundryError(error) }
    }

    /// For a server. Somebody who looks at the store, or a server before this one, has it for a moment.
    ///
    /// - Throws: `store_unavailable`.
    func open(logger: Logger) async throws(FoundryError) -> SQLiteStore {
        let end = SystemClock.monotonic() + Self.openMilliseconds
        while true {
            do throws(StoreError) { return try SQLiteStore(path: paths.store, logger: logger) } catch {
                guard error.code == .inUse, SystemClock.monotonic() < end else { throw advised(error) }
            }
            try? await SystemClock.sleep(.milliseconds(20))
        }
    }

    /// A store that was there and is not is not made anew.
    ///
    /// - Throws: `store_unavailable`.
    func requireStore() throws(FoundryError) {
        guard GenerationFile(paths).newest != nil else { return }
        let size = (try? FileManager.default.attributesOfItem(atPath: paths.store))?[.size] as? Int64
        guard size ?? 0 == 0, StoreReplacement.pending(paths.store) == nil else { return }
        throw FoundryError(
            .storeUnavailable, size == nil ? "The store's file is missing." : "The store's file is empty.",
            detail: paths.store, hint: advice)
    }

    /// A store that went back by itself would have its cell stop what it does not know of any more.
    ///
    /// - Throws: `store_unavailable` when it is older than what is known to have been.
    func requireCurrent(_ store: SQLiteStore) async throws(FoundryError) {
        let snapshot: StoreSnapshot
        do { snapshot = try await store.list(prefix: "") } catch { throw FoundryError(error) }
        let generation = StoredRecords(snapshot.values, coding).view.switches.generation
        let newest = BackupFolder(paths).all.last.flatMap { try? StoreBackupFile.header(of: $0.path) }
        let isBehind = newest.map { $0.generation == generation && $0.revision > snapshot.revision } ?? false
        guard isBehind || GenerationFile(paths).newest ?? 0 > generation else { return }
        throw FoundryError(
            .storeUnavailable,
            "The store is older than it was: it lost its last changes, or an older copy was put in its place by hand.",
            detail: "\(paths.store): generation \(generation), revision \(snapshot.revision)", hint: advice)
    }

    /// What the store says of itself, with what helps here.
    func advised(_ error: StoreError) -> FoundryError { advised(FoundryError(error)) }

    func advised(_ error: FoundryError) -> FoundryError {
        let codes: [StoreError.Code] = [.corrupt, .foreign]
        guard error.code == .storeUnavailable, codes.contains(where: { error.detail?.hasPrefix($0.rawValue) == true })
        else { return error }
        var advised = error
        advised.hint = advice
        return advised
    }

    /// When those were taken that the platform took by itself, oldest first.
    public var backups: [Timestamp] { BackupFolder(paths).all.map(\.time) }

    /// How a store comes back that is lost or damaged. Nothing was removed.
    public var advice: String {
        let newest = BackupFolder(paths).all.last?.path
        let data = paths.data == Paths.usualData ? "" : " --data \(paths.data)"
        return "foundry down\(data), then `foundry store restore \(newest ?? "FILE")\(data)`, then `foundry up\(data)`"
            + (newest == nil ? "" : "; that is the newest of the backups that were taken by themselves")
    }
}
