import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore

/// Makes this process the controller: from now on, writes under an older term fail.
enum TermClaim {
    /// - Throws: what the store throws; `conflict` when others claim terms as fast.
    static func take(_ store: any Store) async throws(FoundryError) -> Revised<TermRecord> {
        let key = StoreKey(RecordKind.term.prefix)
        do {
            for _ in 0..<10 {
                let stored = try await store.get(key)
                let generation = try await generation(store)
                var term = Term(0).next(in: generation)
                if let stored, case .term(let record) = try RecordCoding.plain.decode(stored) {
                    term = record.term.next(in: generation)
                }
                let record = TermRecord(term: term, since: SystemClock.timestamp())
                let expects = stored.map { RecordExpectation.revision($0.revision) } ?? .absent
                let transaction = try StoreTransaction(
                    name: "term.claim", writes: [.put(.term(record), expects: expects)], coding: .plain)
                if case .committed(let revision) = try await store.commit(transaction) {
                    return Revised(record, revision: revision)
                }
            }
        } catch {
            throw FoundryError(error)
        }
        throw FoundryError(.conflict, "Another controller starts at the same time.", hint: "foundry status")
    }

    /// How often the store was restored.
    private static func generation(_ store: any Store) async throws(StoreError) -> UInt16 {
        guard let stored = try await store.get(StoreKey(RecordKind.cluster.prefix)),
            case .cluster(let record) = try RecordCoding.plain.decode(stored)
        else { return 0 }
        return record.generation
    }
}
