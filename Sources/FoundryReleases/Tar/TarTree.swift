import FoundryModel

/// Puts small files into a tar archive: sorted, with the directories above them.
struct TarTree {
    private var files: [String: ReleaseFiles.File] = [:]

    mutating func add(_ path: String, _ bytes: [UInt8], isExecutable: Bool) {
        files[path] = .init(bytes: bytes, size: Int64(bytes.count), isExecutable: isExecutable)
    }

    /// - Throws: `release_invalid` for a path that is too long.
    func encoded() throws(FoundryError) -> [UInt8] {
        var archive: [UInt8] = []
        var made: Set<String> = []
        for (path, file) in files.sorted(by: { Array($0.key.utf8).lexicographicallyPrecedes(Array($1.key.utf8)) }) {
            for directory in Self.parents(of: path) where made.insert(directory).inserted {
                archive += try Self.header(
                    TarHeader(path: directory, isDirectory: true, isExecutable: true, bytes: 0))
            }
            let header = TarHeader(
                path: path, isDirectory: false, isExecutable: file.isExecutable, bytes: file.size)
            archive += try Self.header(header)
            archive += file.bytes ?? []
            archive += [UInt8](repeating: 0, count: header.padding)
        }
        return archive + Self.end
    }

    static let end = [UInt8](repeating: 0, count: 2 * TarHeader.size)

    /// `a/b/c` -> `a`, `a/b`
    static func parents(of path: String) -> [String] {
        let parts = path.split(separator: "/").dropLast()
        return parts.indices.map { parts[...$0].joined(separator: "/") }
    }

    static func header(_ header: TarHeader) throws(FoundryError) -> [UInt8] {
        guard let block = header.encoded else {
            throw FoundryError(.releaseInvalid, "\(header.path) is too long a path for an archive.")
        }
        return block
    }
}
