import FoundryModel
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The file under a journal: appended to, read at start, replaced whole when it is full.
final class JournalFile {
    private let path: String
    private let limit: Int
    private var descriptor: FileDescriptor
    private var size: Int
    private let encoder: JSONEncoder

    var isFull: Bool { size > limit }

    private init(path: String, limit: Int, descriptor: FileDescriptor, size: Int) {
        self.path = path
        self.limit = limit
        self.descriptor = descriptor
        self.size = size
        encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
    }

    deinit { try? descriptor.close() }

    /// A line that a killed process left half written is the last one, and is passed over.
    static func open(path: String, limit: Int) throws(FoundryError) -> (JournalFile, [EffectJournal.Entry]) {
        do {
            let bytes = FileManager.default.contents(atPath: path) ?? Data()
            let decoder = JSONDecoder()
            let entries = bytes.split(separator: UInt8(ascii: "\n")).compactMap {
                try? decoder.decode(EffectJournal.Entry.self, from: $0)
            }
            let descriptor = try Self.descriptor(path, .append)
            let file = JournalFile(path: path, limit: limit, descriptor: descriptor, size: bytes.count)
            if let last = bytes.last, last != UInt8(ascii: "\n") { try file.descriptor.writeAll("\n".utf8) }
            return (file, entries)
        } catch {
            throw FoundryError(.internalError, "A journal cannot be opened.", detail: "\(path): \(error)")
        }
    }

    func append(_ entry: EffectJournal.Entry, synced: Bool) throws(FoundryError) {
        do {
            var line = try encoder.encode(entry)
            line.append(UInt8(ascii: "\n"))
            try descriptor.writeAll(line)
            size += line.count
            if synced { try DurableFile.sync(descriptor) }
        } catch {
            throw FoundryError(.internalError, "A journal cannot be written.", detail: "\(path): \(error)")
        }
    }

    func rewrite(_ entries: [EffectJournal.Entry]) throws(FoundryError) {
        do {
            var bytes = Data()
            for entry in entries { bytes += try encoder.encode(entry) + [UInt8(ascii: "\n")] }
            try DurableFile.write(bytes, to: path)
            try descriptor.close()
            descriptor = try Self.descriptor(path, .append)
            size = bytes.count
        } catch {
            throw FoundryError(.internalError, "A journal cannot be written.", detail: "\(path): \(error)")
        }
    }

    private static func descriptor(_ path: String, _ option: FileDescriptor.OpenOptions) throws -> FileDescriptor {
        try FileDescriptor.open(
            FilePath(path), .writeOnly, options: [.create, .closeOnExec, option], permissions: [.ownerReadWrite])
    }
}
