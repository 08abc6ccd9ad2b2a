import GRDB

extension SQLiteStore {
    /// Takes a backup while others read and write: of one revision, compact, and on the disk when this returns.
    ///
    /// - Parameter path: for the backup; what is there is replaced. Scratch files beside it are gone in the end.
    /// - Throws: ``StoreError/Code/corrupt`` when the store itself is damaged; ``StoreError/Code/diskFull``, ``StoreError/Code/unavailable``.
    public func backUp(
        to path: String, source: StoreBackupHeader.Source
    ) async throws(StoreError) -> StoreBackupHeader {
        let scratch = path + ".part"
        StoreFile.remove(scratch)
        defer { for suffix in ["", "-journal", "-wal", "-shm"] { StoreFile.remove(scratch + suffix) } }
        try StoreFile.prepare(scratch)
        try await copy(to: scratch)
        let revision = try StoreLook.revision(of: scratch)
        return try StoreBackupFile.write(scratch, source: source, revision: revision, to: path)
    }

    /// - Source: SQLite's documentation of VACUUM INTO: a transaction of its own, so the copy is of one moment; it can be made while others write.
    private func copy(to scratch: String) async throws(StoreError) {
        let path = path
        let answer = await withCheckedContinuation {
            (continuation: CheckedContinuation<Result<Void, StoreError>, Never>) in
            pool.asyncUnsafeRead { connection in
                do {
                    try connection.get().execute(sql: "VACUUM INTO ?", arguments: [scratch])
                    continuation.resume(returning: .success(()))
                } catch {
                    continuation.resume(returning: .failure(StoreError(sqlite: error, path: path)))
                }
            }
        }
        try answer.get()
    }
}
