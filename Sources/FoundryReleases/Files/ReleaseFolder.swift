import FoundryModel
import SystemPackage

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Reads a release's directory: plain files and directories, no links, nothing past the limits.
struct ReleaseFolder {
    /// Made by `pack`, and in an unpacked archive: no part of what they vouch for.
    static let seals: Set<String> = [ReleaseSeal.checksumsName, ReleaseSeal.signatureName]
    /// What editors and version control leave beside it.
    private static let passedOver: Set<String> = [".git", ".gitignore", ".DS_Store"]

    private let root: String
    private var files: [String: ReleaseFiles.File] = [:]
    private(set) var mistakes: [ReleaseMistake] = []
    private var bytes: Int64 = 0

    /// - Throws: `release_invalid` when the directory cannot be read at all.
    static func read(_ directory: String) throws(FoundryError) -> (ReleaseFiles, [ReleaseMistake]) {
        var status = stat()
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw FoundryError(
                .releaseInvalid, "\(directory) is no directory.", hint: "foundry release new NAME makes one")
        }
        var folder = ReleaseFolder(root: directory)
        folder.walk("", depth: 1)
        return (ReleaseFiles(files: folder.files, directory: directory), folder.mistakes)
    }

    private init(root: String) { self.root = root }

    private mutating func walk(_ path: String, depth: Int) {
        let names: [String]
        do { names = try Self.names(in: path.isEmpty ? root : "\(root)/\(path)") } catch {
            return add(path.isEmpty ? "." : path, "cannot be read: \(error)")
        }
        for name in names {
            let inside = path.isEmpty ? name : "\(path)/\(name)"
            if path.isEmpty, Self.seals.contains(name) || Self.passedOver.contains(name) { continue }
            guard files.count + mistakes.count <= ReleaseLimits.mostFiles else { return }
            guard ReleaseFiles.isComponent(name), ReleaseFiles.isPath(inside), depth <= ReleaseLimits.deepestPath else {
                add(
                    inside,
                    "its name is not plain: letters, digits, . _ - and at most \(ReleaseLimits.deepestPath) levels")
                continue
            }
            take(inside, depth: depth)
        }
    }

    private mutating func take(_ path: String, depth: Int) {
        var status = stat()
        guard lstat("\(root)/\(path)", &status) == 0 else {
            return add(path, "cannot be read: \(Errno(rawValue: errno))")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: walk(path, depth: depth + 1)
        case S_IFLNK: add(path, "is a link; a release has plain files only")
        case S_IFREG: read(path, isExecutable: status.st_mode & 0o111 != 0)
        default: add(path, "is no plain file")
        }
    }

    private mutating func read(_ path: String, isExecutable: Bool) {
        let most = ReleaseLimits.mostBytes(of: path)
        do {
            let file = try FileDescriptor.open(
                FilePath("\(root)/\(path)"), .readOnly, options: [.noFollow, .nonBlocking, .closeOnExec])
            try file.closeAfter {
                let size = try file.seek(offset: 0, from: .end)
                guard size <= most else { return add(path, "has \(size) bytes; at most \(most) are taken") }
                guard !ReleaseLimits.isArchive(path) else {
                    files[path] = .init(bytes: nil, size: size, isExecutable: isExecutable)
                    return
                }
                bytes += size
                guard bytes <= ReleaseLimits.mostBytes else {
                    return add(path, "the files have more than \(ReleaseLimits.mostBytes) bytes in all")
                }
                let content = try Self.content(of: file, size: Int(size))
                files[path] = .init(bytes: content, size: Int64(content.count), isExecutable: isExecutable)
            }
        } catch {
            add(path, "cannot be read: \(error)")
        }
    }

    private static func content(of file: FileDescriptor, size: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < size {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let read = try file.read(fromAbsoluteOffset: Int64(count), into: rest)
                if read == 0 { break }
                count += read
            }
        }
    }

    private static func names(in directory: String) throws -> [String] {
        guard let stream = opendir(directory) else { throw Errno(rawValue: errno) }
        defer { closedir(stream) }
        var names: [String] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                if errno != 0 { throw Errno(rawValue: errno) }
                return names.sorted()
            }
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
    }

    private mutating func add(_ path: String, _ message: String) { mistakes.append(ReleaseMistake(path, message)) }
}
