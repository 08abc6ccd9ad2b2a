import GRDB

/// Carries out a batch of transactions with one sync of the disk.
///
/// Each has its own comparisons, its own revision and its own answer: a conflict undoes nothing of its neighbours, since
/// comparisons come before changes. Only a failure of the database undoes the batch; when the disk was full, each is tried
/// once more by itself, so that one large transaction does not take the small ones with it.
struct GroupCommit {
    let db: Database
    let history: HistoryPolicy
    let path: String

    struct Outcome {
        /// In the order of the transactions.
        var answers: [Result<StoreCommit, StoreError>] = []
        var news: [WatchHub.News] = []
    }

    func run(_ transactions: [StoreTransaction]) -> Outcome {
        do {
            return try together(transactions)
        } catch {
            let failure = StoreError(sqlite: error, path: path)
            guard failure.code == .diskFull, transactions.count > 1 else {
                return Outcome(answers: transactions.map { _ in .failure(failure) })
            }
            return transactions.map { run([$0]) }.reduce(into: Outcome()) { sum, one in
                sum.answers += one.answers
                sum.news += one.news
            }
        }
    }

    private func together(_ transactions: [StoreTransaction]) throws -> Outcome {
        var outcome = Outcome()
        try db.inTransaction(.immediate) {
            let table = SQLiteTable(db: db)
            let before = try table.meta("revision")
            var revision = before
            for transaction in transactions {
                let (commit, changed) = try table.commit(transaction, revision: &revision)
                outcome.answers.append(.success(commit))
                if !changed.isEmpty { outcome.news.append(WatchHub.News(revision: revision, keys: changed)) }
            }
            if revision > before { try table.setRevision(revision) }
            if let due = history.due(newest: revision, compacted: try table.meta("compacted")) {
                try table.compact(before: due + 1)
            }
            return .commit
        }
        return outcome
    }
}
