import GRDB

extension StoreError {
    /// What an error of the database means for the operator.
    init(sqlite error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(database: error, path: path)
        case is CancellationError: self.init(.cancelled, "the read was cancelled")
        default: self.init(.inputOutput, "the store failed", detail: "\(path): \(error)")
        }
    }

    private init(database error: DatabaseError, path: String) {
        let detail = "\(path): SQLite \(error.extendedResultCode.rawValue), \(error.message ?? "no message")"
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(
                .diskFull, "the disk that holds the store is full; nothing was changed", detail: detail,
                hint: "make room (`df -h \(path)` shows the file system), then try again")
        case .SQLITE_CORRUPT:
            self.init(
                .corrupt, "the store's file is damaged", detail: detail,
                hint: """
                    nothing was repaired or removed: stop foundry, copy \(path)* to a safe place, look at the disk \
                    (`dmesg`), and bring back a backup, or try `sqlite3 \(path) .recover` on the copy
                    """)
        case .SQLITE_NOTADB:
            self.init(
                .foreign, "the store's file is not a database of foundry", detail: detail,
                hint: "choose another data directory; the file was left as it is")
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
            self.init(
                .unavailable, "the store's file can't be opened for writing", detail: detail,
                hint:
                    "look at the rights of \(path) and its directory (`ls -ld`), and whether the file system is read-only"
            )
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(
                .inUse, "another program holds the store's file", detail: detail,
                hint: "`fuser \(path)` shows which; close it")
        case .SQLITE_INTERRUPT, .SQLITE_ABORT:
            self.init(.cancelled, "the read was cancelled")
        case .SQLITE_MISUSE:
            self = .closed
        default:
            self.init(
                .inputOutput, "the disk failed the store", detail: detail,
                hint: "look at the disk (`dmesg`, `df -h \(path)`); nothing that was acknowledged is touched")
        }
    }
}
