import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore

/// What a request would change, and what it is answered with.
struct Change<Answer: Sendable>: Sendable {
    /// Of the store transaction, and of its kill points.
    var name: String
    var subject: String
    var writes: [RecordWrite]
    var answer: Answer
}

extension RecordWrite {
    /// An event tells whose token asked; anything else stays as it is.
    func signed(by caller: String) -> RecordWrite {
        guard case .put(.event(var event), let expects) = self else { return self }
        event.actor = caller
        return .put(.event(event), expects: expects)
    }
}

/// Changes that people ask for: planned on the newest view, stored as one transaction, and answered when the view shows them.
///
/// One at a time: of requests that meet in one server none has to be planned again.
struct Changes: Sendable {
    private static let attempts = 4
    /// Requests that wait for those before them.
    private static let waiting = 64

    let store: any Store
    let coding: RecordCoding
    let feed: ViewFeed
    let journal: EffectJournal
    private let lane = SerialLane(limit: Self.waiting)

    init(store: any Store, coding: RecordCoding, feed: ViewFeed, journal: EffectJournal) {
        self.store = store
        self.coding = coding
        self.feed = feed
        self.journal = journal
    }

    /// - Parameter plan: decides on a view; called again on a newer one when a record changed meanwhile.
    /// - Throws: what the plan throws; `conflict` when records change faster than it can plan; what the store throws.
    func make<Answer: Sendable>(
        _ plan: @Sendable (PlatformView) throws(FoundryError) -> Change<Answer>
    ) async throws(FoundryError) -> Answer {
        try await lane.run { () async throws(FoundryError) -> Answer in
            for _ in 0..<Self.attempts {
                let edition = feed.edition
                let change = try plan(edition.view)
                if change.writes.isEmpty { return change.answer }
                switch try await commit(change) {
                case .committed(let revision):
                    try await feed.wait(until: revision)
                    return change.answer
                case .conflict:
                    await feed.change(after: edition.revision, limit: .milliseconds(500))
                }
            }
            throw FoundryError(.conflict, "It was changed by somebody else at the same time.", hint: "try again")
        }
    }

    private func commit<Answer>(_ change: Change<Answer>) async throws(FoundryError) -> StoreCommit {
        let transaction: StoreTransaction
        let hold = coding.hold()
        defer { withExtendedLifetime(hold) {} }
        do { transaction = try StoreTransaction(name: change.name, writes: change.writes, coding: coding) } catch {
            throw FoundryError(error)
        }
        let store = store
        return try await journal.perform(change.name, change.subject, isDurable: false) {
            () async throws(FoundryError) -> StoreCommit in
            do throws(StoreError) { return try await store.commit(transaction) } catch { throw FoundryError(error) }
        }
    }
}
