/// Where the control plane keeps its state: one table of keys and values with revisions and history.
///
/// The store's revision is one counter for all keys. A transaction that changes something makes it grow by one; all of its
/// changes carry that revision. There are no leases and no clocks: time is the rules' business.
///
/// Every make behaves alike: ``MemoryStore`` is the reference, and the property tests hold the others against it.
public protocol Store: Sendable {
    /// Reads one value as of the newest revision.
    ///
    /// - Returns: `nil` when there is no such key.
    func get(_ key: StoreKey) async throws(StoreError) -> StoredValue?

    /// Reads every value whose key begins with `prefix`, all at one revision.
    ///
    /// - Parameter prefix: compared byte by byte; the empty string lists everything.
    func list(prefix: String) async throws(StoreError) -> StoreSnapshot

    /// Compares, and if every comparison holds, does every operation; otherwise nothing.
    ///
    /// A transaction that changes nothing (no operations, or only deletes of absent keys) takes no revision and is
    /// answered with the current one. The call isn't cancelled with its task: once handed over, the transaction is
    /// carried out, and the answer says how it ended.
    ///
    /// - Returns: ``StoreCommit/committed(revision:)`` once the changes are as durable as this make promises.
    /// - Throws: ``StoreError/Code/invalid`` before anything changed when a limit of ``StoreLimits`` is passed;
    ///   ``StoreError/Code/busy`` when too many transactions wait. After ``StoreError/Code/inputOutput`` the outcome is
    ///   unknown: read again.
    func commit(_ transaction: StoreTransaction) async throws(StoreError) -> StoreCommit

    /// Follows the changes below a prefix.
    ///
    /// Events after `revision` come in order, each once. A watcher holds a small page of events; the rest stays in the
    /// store's history until asked for. When the history needed was compacted meanwhile (the watcher was too slow, or
    /// began too far back), or when `revision` lies beyond the newest one, a ``StoreWatchEvent/gap(resumeFrom:)`` is told
    /// and the stream goes on from there. The stream ends when the store is closed or the task is cancelled, and throws a
    /// ``StoreError`` when the history can't be read.
    ///
    /// One task reads a stream; open another for another reader.
    func watch(prefix: String, after revision: Int64) -> AsyncThrowingStream<StoreWatchEvent, any Error>

    /// As ``watch(prefix:after:)``, several events at a time: all events of a revision come in the same page, and a gap comes alone.
    func watchPages(prefix: String, after revision: Int64) -> AsyncThrowingStream<[StoreWatchEvent], any Error>

    /// Forgets the history before `revision`. Current values stay.
    func compact(before revision: Int64) async throws(StoreError)

    /// Finishes what was handed over, ends the watches, and closes. Later calls throw ``StoreError/Code/closed``.
    func close() async
}
