#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The store's file before SQLite sees it: there, ordinary, and readable by its owner only.
enum StoreFile {
    /// Makes the file if it is missing, with mode 0600; SQLite gives the files beside it the same mode.
    static func prepare(_ path: String) throws(StoreError) {
        let file = try open(path)
        defer { close(file) }
        try check(file, path)
        try syncDirectory(of: path)
    }

    /// Takes other users' rights from the file and those beside it. Only for a file that is known to be ours.
    static func restrict(_ path: String) throws(StoreError) {
        for name in [path, path + "-wal", path + "-shm"] {
            guard chmod(name, 0o600) == 0 || errno == ENOENT else {
                throw failure(name, "its mode can't be set to 0600")
            }
        }
    }

    /// Opens or makes a file with mode 0600, not through a symbolic link, not inherited by children.
    static func open(_ path: String) throws(StoreError) -> CInt {
        while true {
            let file = openFile(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
            if file >= 0 { return file }
            guard errno == EINTR else { throw failure(path, "it can't be opened") }
        }
    }

    static func sync(_ file: CInt, _ path: String) throws(StoreError) {
        guard fsync(file) == 0 else { throw failure(path, "it can't be synced") }
    }

    static func rename(_ path: String, _ target: String) throws(StoreError) {
        guard renameFile(path, target) == 0 else { throw failure(target, "nothing can be put there") }
    }

    /// Nothing happens when there is none.
    static func remove(_ path: String) { _ = unlink(path) }

    /// For its owner only; nothing happens when there is one.
    static func makeDirectory(_ path: String) throws(StoreError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw failure(path, "it can't be made") }
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// - Returns: nil when there is none.
    static func size(_ path: String) -> Int64? {
        var status = stat()
        return stat(path, &status) == 0 ? Int64(status.st_size) : nil
    }

    /// Makes the file's name durable.
    static func syncDirectory(of path: String) throws(StoreError) {
        let slash = path.lastIndex(of: "/")
        let directory = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let file = openFile(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard file >= 0 else { throw failure(directory, "it can't be opened") }
        defer { close(file) }
        guard fsync(file) == 0 else { throw failure(directory, "it can't be synced") }
    }

    static func failure(_ path: String, _ what: String) -> StoreError { failure(path, errno, what) }

    static func failure(_ path: String, _ number: CInt, _ what: String) -> StoreError {
        let hint =
            switch number {
            case ENOENT: "look at the path: the file, or its directory, is not there"
            case ENOSPC, EDQUOT: "make room (`df -h`), then try again"
            default: "look at the rights of the path and its directory (`ls -ld`)"
            }
        return StoreError(
            number == ENOSPC || number == EDQUOT ? .diskFull : .unavailable, "the store's file can't be used: \(what)",
            detail: "\(path): \(String(cString: strerror(number)))", hint: hint)
    }

    private static func check(_ file: CInt, _ path: String) throws(StoreError) {
        var status = stat()
        guard fstat(file, &status) == 0 else { throw failure(path, "its state can't be read") }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw StoreError(
                .foreign, "the store's path is not an ordinary file", detail: path,
                hint: "choose another data directory")
        }
    }
}

private func renameFile(_ path: String, _ target: String) -> CInt { rename(path, target) }
private func openFile(_ path: String, _ flags: CInt) -> CInt { open(path, flags, 0o600) }
