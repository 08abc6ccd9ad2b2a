import Crypto
import FoundryEffects
import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Sums up the files of an archive, and holds them against its checksums and signature.
final class ArchiveJudge {
    private var sums: [String: String] = [:]
    private var seals: [String: [UInt8]] = [:]
    private var path = ""
    private var hash = SHA256()

    func take(_ event: TarStream.Event) throws {
        switch event {
        case .directory: break
        case .file(let header):
            path = header.path
            hash = SHA256()
            if ReleaseFolder.seals.contains(path) { seals[path] = [] }
        case .data(let bytes):
            if ReleaseFolder.seals.contains(path) { seals[path]? += bytes } else { hash.update(data: Data(bytes)) }
        case .fileEnd:
            if !ReleaseFolder.seals.contains(path) { sums[path] = ReleaseSeal.hex(hash.finalize()) }
        }
    }

    /// - Throws: `release_invalid` when the checksums are not those of exactly these files; `release_untrusted`.
    func verdict() throws(FoundryError) -> ReleaseArchive.Verdict {
        guard let checksums = seals[ReleaseSeal.checksumsName] else { throw TarStream.refused("has no checksums") }
        let said = try ReleaseSeal.read(checksums: checksums)
        guard sums.count <= ReleaseLimits.mostFiles else { throw TarStream.refused("has too many files") }
        for path in Set(said.keys).union(sums.keys).sorted() where said[path] != sums[path] {
            let why =
                said[path] == nil
                ? "has no checksum" : sums[path] == nil ? "is missing" : "is not what its checksum says"
            throw TarStream.refused("is not whole: \(path) \(why)")
        }
        let signer = try seals[ReleaseSeal.signatureName].map { signature throws(FoundryError) in
            try ReleaseSeal.signer(signature, of: checksums)
        }
        return .init(
            digest: ReleaseSeal.digest(of: String(decoding: checksums, as: UTF8.self)), signer: signer, sums: sums)
    }
}

/// Writes the files of an archive that was judged, and judges each again by its sum.
final class ArchiveWriter {
    private let root: String
    private let sums: [String: String]
    private var file: FileDescriptor?
    private var path = ""
    private var hash = SHA256()

    init(to root: String, sums: [String: String]) {
        self.root = root
        self.sums = sums
    }

    deinit { try? file?.close() }

    func take(_ event: TarStream.Event) throws {
        switch event {
        case .directory(let path): try makeDirectory(path)
        case .file(let header):
            guard !ReleaseFolder.seals.contains(header.path) else { break }
            for parent in TarTree.parents(of: header.path) { try makeDirectory(parent) }
            path = header.path
            hash = SHA256()
            file = try FileDescriptor.open(
                FilePath("\(root)/\(path)"), .writeOnly,
                options: [.create, .exclusiveCreate, .noFollow, .closeOnExec],
                permissions: FilePermissions(rawValue: header.isExecutable ? 0o755 : 0o644))
        case .data(let bytes):
            guard let file else { break }
            hash.update(data: Data(bytes))
            try file.writeAll(bytes)
        case .fileEnd: try end()
        }
    }

    private func end() throws {
        guard let file else { return }
        self.file = nil
        try file.closeAfter { try DurableFile.sync(file) }
        guard sums[path] == ReleaseSeal.hex(hash.finalize()) else {
            throw TarStream.refused("changed while it was read")
        }
    }

    private func makeDirectory(_ path: String) throws {
        try FileManager.default.createDirectory(
            atPath: "\(root)/\(path)", withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
    }
}
