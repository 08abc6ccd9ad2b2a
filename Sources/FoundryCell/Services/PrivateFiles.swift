import CFoundryLinux
import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage

/// A file that one member alone may read.
public struct PrivateFile: Hashable, Sendable {
    /// Where in a member files of ours lie; nothing else of an image is hidden.
    public enum Place: String, Hashable, Sendable, CaseIterable {
        case config
        case secrets
        case tls
        case bindings

        var target: String { self == .bindings ? "/bindings" : "/foundry/\(rawValue)" }
    }

    public var place: Place
    /// Below its place.
    public var path: String
    public var text: Secret
    public var isExecutable: Bool

    public init(_ place: Place, _ path: String, _ text: Secret, isExecutable: Bool = false) {
        self.place = place
        self.path = path
        self.text = text
        self.isExecutable = isExecutable
    }
}

/// The private files of one member: in memory that is not swapped where the kernel can do that, never on a disk, and gone with the container.
struct PrivateFiles {
    /// Of all of them.
    static let size = ByteCount.megabytes(16)
    private static let mostFiles = 2_048

    /// Beside the container's other files.
    let directory: String

    init(_ places: MonitorPlaces) { directory = places.file("private") }

    /// Writes them into a file system of their own.
    ///
    /// Directories are there only for places that have files.
    /// - Throws: `internal_error`; nothing that it says has a file's text in it.
    func write(_ files: [PrivateFile], owner: ContainerUser) throws(FoundryError) {
        try remove()
        guard !files.isEmpty else { return }
        try HostFiles.makeDirectory(directory)
        try mount()
        for place in Set(files.map(\.place)) { try makeDirectory(place.rawValue, owner) }
        for file in files.sorted(by: { ($0.place.rawValue, $0.path) < ($1.place.rawValue, $1.path) }) {
            try write(file, owner)
        }
    }

    /// Lets go of their memory; nothing happens when there are none.
    func remove() throws(FoundryError) {
        guard HostFiles.exists(directory) else { return }
        let mounts = try MountTable.read()
        for entry in mounts.entries where entry.target == directory {
            try SystemCall.check(foundry_unmount(directory), "unmount \(entry.type) at \(directory)")
        }
        HostFiles.removeEmptyDirectory(directory)
    }

    /// Where the member sees which of them.
    func sources(_ files: [PrivateFile]) -> [PrivateSource] {
        PrivateFile.Place.allCases.filter { place in files.contains { $0.place == place } }.map {
            PrivateSource(
                source: "\(directory)/\($0.rawValue)", path: $0.target, hasPrograms: $0 == .config)
        }
    }

    /// Linux before 6.4 has no `noswap`.
    private func mount() throws(FoundryError) {
        let options = "size=\(Self.size.bytes),nr_inodes=\(Self.mostFiles),mode=0700"
        if foundry_mount_scratch(directory, "\(options),noswap") == 0 { return }
        try SystemCall.check(foundry_mount_scratch(directory, options), "mount a tmpfs at \(directory)")
    }

    private func write(_ file: PrivateFile, _ owner: ContainerUser) throws(FoundryError) {
        let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
        guard !parts.contains(where: { $0.isEmpty || $0 == "." || $0 == ".." }) else {
            throw FoundryError(.internalError, "A member's file has no name that can be written.", detail: file.path)
        }
        for count in 1..<max(1, parts.count) {
            let above = "\(file.place.rawValue)/\(parts[..<count].joined(separator: "/"))"
            if !HostFiles.exists("\(directory)/\(above)") { try makeDirectory(above, owner) }
        }
        let path = "\(directory)/\(file.place.rawValue)/\(file.path)"
        do {
            let descriptor = try FileDescriptor.open(
                FilePath(path), .writeOnly, options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: [])
            try descriptor.closeAfter {
                try descriptor.writeAll(file.text.reveal().utf8)
                guard fchown(descriptor.rawValue, owner.uid, owner.gid) == 0,
                    fchmod(descriptor.rawValue, file.isExecutable ? 0o500 : 0o400) == 0
                else { throw Errno(rawValue: foundry_errno()) }
            }
        } catch {
            throw FoundryError(.internalError, "A member's file cannot be written.", detail: "\(path): \(error)")
        }
    }

    private func makeDirectory(_ path: String, _ owner: ContainerUser) throws(FoundryError) {
        let place = "\(directory)/\(path)"
        try SystemCall.check(mkdir(place, 0o500), "make \(place)")
        try SystemCall.check(chown(place, owner.uid, owner.gid), "give \(place) to its user")
    }
}

/// A directory of private files that a member sees, and cannot write to.
struct PrivateSource: Hashable, Sendable {
    var source: String
    var path: String
    var hasPrograms: Bool
}
