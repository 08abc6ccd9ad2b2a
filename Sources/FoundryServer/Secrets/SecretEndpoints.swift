import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Hummingbird

/// Another key for the secrets of the store.
///
/// Killed anywhere, the file has every key that something is sealed with; asked for again, it is finished.
struct SecretEndpoints: Sendable {
    private static let passes = 20
    /// For changes on their way to be stored.
    private static let patience = 500
    private static let pause = Duration.milliseconds(20)
    private static let limit = Duration.seconds(120)

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/foundry/v1/secrets/actions/rotate", limit: Self.limit) { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(try await rotate())
            }
        ]
    }

    private func rotate() async throws(FoundryError) -> SecretsRotationAnswer {
        guard let vault = platform.changes.coding.secrets as? SecretVault else {
            throw FoundryError(.internalError, "This server seals no secrets.")
        }
        let age = try vault.renew()
        for _ in 0..<Self.patience where !vault.isSettled(at: age) { await pause() }
        guard vault.isSettled(at: age) else { throw Self.unfinished }
        var records = 0
        for _ in 0..<Self.passes {
            let stale = try await stale(Array(vault.ring.ids.dropFirst()))
            if stale.isEmpty {
                // Somebody made a newer key meanwhile: the older ones go with that.
                let dropped = try vault.dropOlder(than: age) ?? 0
                return SecretsRotationAnswer(records: records, droppedKeys: dropped)
            }
            records += try await seal(stale)
        }
        throw Self.unfinished
    }

    /// Sealed with one of the older keys.
    private func stale(_ keys: [String]) async throws(FoundryError) -> [StoredValue] {
        var stale: [StoredValue] = []
        let marks = keys.map { Array("1:\($0):".utf8) }
        for kind in [RecordKind.instance, .binding] {
            do throws(StoreError) {
                stale += try await platform.changes.store.list(prefix: kind.prefix).values.filter { stored in
                    marks.contains { Self.contains(stored.value, $0) }
                }
            } catch { throw FoundryError(error) }
        }
        return stale
    }

    /// As they are, one by one where somebody else changed one meanwhile: that one is sealed anew already.
    private func seal(_ stale: [StoredValue]) async throws(FoundryError) -> Int {
        let (store, coding) = (platform.changes.store, platform.changes.coding)
        var written = 0
        for stored in stale {
            let transaction: StoreTransaction
            do throws(StoreError) {
                guard let record = try coding.decode(stored) else { continue }
                transaction = try StoreTransaction(
                    name: "secrets.seal", writes: [.put(record, expects: .revision(stored.revision))], coding: coding)
            } catch { throw FoundryError(error) }
            let commit = try await platform.changes.journal.perform(
                "secrets.seal", stored.key.path, isDurable: false
            ) { () async throws(FoundryError) -> StoreCommit in
                do throws(StoreError) { return try await store.commit(transaction) } catch { throw FoundryError(error) }
            }
            if case .committed = commit { written += 1 }
        }
        return written
    }

    private static func contains(_ bytes: [UInt8], _ mark: [UInt8]) -> Bool {
        guard bytes.count >= mark.count else { return false }
        return (0...(bytes.count - mark.count)).contains { start in
            bytes[start] == mark[0] && bytes[start..<(start + mark.count)].elementsEqual(mark)
        }
    }

    private func pause() async { try? await SystemClock.sleep(Self.pause) }

    private static let unfinished = FoundryError(
        .conflict, "Secrets are sealed with a new key; some records are still sealed with older ones, which are kept.",
        hint: "ask again")
}
