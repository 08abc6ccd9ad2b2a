import FoundryClient
import FoundryEffects
import FoundryModel
import Glibc
import Logging
import SystemPackage

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Who asked for what: a file of JSON lines, bounded by rotation, readable by its owner only.
actor AuditLog {
    /// Kept beside the one being written.
    static let olderFiles = 4
    /// Of requests without a token that is one, within a minute: a flood of them must not drive out what was done.
    static let mostStrangers = 10
    private static let minute: Int64 = 60_000

    private let path: String
    private let limit: Int
    private let logger: Logger
    private var file: (descriptor: FileDescriptor, size: Int)?
    private var strangers: (since: MonotonicTime, written: Int, leftOut: Int) = (MonotonicTime(milliseconds: 0), 0, 0)

    /// - Parameter limit: bytes of one file.
    init(path: String, limit: Int = 4 << 20, logger: Logger) {
        self.path = path
        self.limit = limit
        self.logger = logger
    }

    deinit { try? file?.descriptor.close() }

    /// Writes it down. What cannot be written is told in the server's own log: no request fails for it.
    func write(_ entry: AuditEntry, now: MonotonicTime) {
        guard let entry = admitted(entry, now) else { return }
        do {
            var line = Array(try WireJSON.encode(entry))
            line.append(UInt8(ascii: "\n"))
            try append(line)
        } catch {
            logger.error("the audit log cannot be written", metadata: ["path": "\(path)", "error": "\(error)"])
            try? file?.descriptor.close()
            file = nil
        }
    }

    /// The last entries, oldest first; lines that cannot be read are passed over.
    func last(_ count: Int) -> [AuditEntry] {
        var entries: [AuditEntry] = []
        for age in 0...Self.olderFiles where entries.count < count {
            let bytes = FileManager.default.contents(atPath: name(age)) ?? Data()
            let newestFirst = bytes.split(separator: UInt8(ascii: "\n")).reversed().lazy.compactMap {
                try? WireJSON.decode(AuditEntry.self, from: $0)
            }
            entries = newestFirst.prefix(count - entries.count).reversed() + entries
        }
        return entries
    }

    /// - Returns: nil when there were too many of its kind.
    private func admitted(_ entry: AuditEntry, _ now: MonotonicTime) -> AuditEntry? {
        guard entry.token == nil else { return entry }
        if now - strangers.since >= Self.minute { strangers = (now, 0, strangers.leftOut) }
        guard strangers.written < Self.mostStrangers else {
            strangers.leftOut += 1
            return nil
        }
        var entry = entry
        entry.leftOut = strangers.leftOut > 0 ? strangers.leftOut : nil
        strangers.written += 1
        strangers.leftOut = 0
        return entry
    }

    private func name(_ age: Int) -> String { age == 0 ? path : "\(path).\(age)" }

    private func append(_ line: [UInt8]) throws {
        var (descriptor, size) = try file ?? open()
        if size > 0, size + line.count > limit {
            try descriptor.close()
            file = nil
            for age in (0..<Self.olderFiles).reversed() { _ = rename(name(age), name(age + 1)) }
            (descriptor, size) = try open()
        }
        try descriptor.writeAll(line)
        file = (descriptor, size + line.count)
    }

    /// A line that a killed process left half written is ended, so that it spoils no other.
    private func open() throws -> (FileDescriptor, Int) {
        let descriptor = try FileDescriptor.open(
            FilePath(path), .readWrite, options: [.create, .append, .closeOnExec, .noFollow],
            permissions: .ownerReadWrite)
        let size = Int(try descriptor.seek(offset: 0, from: .end))
        var last: [UInt8] = [UInt8(ascii: "\n")]
        if size > 0 {
            _ = try last.withUnsafeMutableBytes { try descriptor.read(fromAbsoluteOffset: Int64(size - 1), into: $0) }
        }
        if last != [UInt8(ascii: "\n")] { try descriptor.writeAll("\n".utf8) }
        file = (descriptor, size)
        return (descriptor, size)
    }
}
