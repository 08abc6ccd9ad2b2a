#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// The first line of a backup: what it is of, and what must follow. `head -1 FILE` shows it.
public struct StoreBackupHeader: Hashable, Sendable, Codable {
    public static let kind = "foundry-store-backup"
    public static let currentVersion = 1
    /// In bytes, its newline counted.
    static let longest = 4096

    public var kind: String
    public var version: Int
    /// Whose store it is: restored into another installation, its records would speak of disks that are not there.
    public var installation: String
    /// How often the store had been restored.
    public var generation: UInt16
    public var revision: Int64
    /// Milliseconds since 1970, UTC.
    public var takenAt: Int64
    /// Of the database that follows the line.
    public var bytes: Int64
    /// Of these bytes, in hexadecimal digits.
    public var sha256: String

    /// What a maker of a backup knows of it beforehand.
    public struct Source: Hashable, Sendable {
        public var installation: String
        public var generation: UInt16
        public var takenAt: Int64

        public init(installation: String, generation: UInt16, takenAt: Int64) {
            self.installation = installation
            self.generation = generation
            self.takenAt = takenAt
        }
    }

    init(_ source: Source, revision: Int64, bytes: Int64, sha256: String) {
        kind = Self.kind
        version = Self.currentVersion
        installation = source.installation
        generation = source.generation
        self.revision = revision
        takenAt = source.takenAt
        self.bytes = bytes
        self.sha256 = sha256
    }

    /// With its newline.
    func line() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
    }

    /// - Parameter bytes: the beginning of a file.
    /// - Returns: the header, and its length with the newline; nil when the file is no backup.
    /// - Throws: ``StoreError/Code/newer`` for one that a newer version wrote.
    static func parse(_ bytes: [UInt8]) throws(StoreError) -> (header: Self, length: Int)? {
        struct Version: Decodable {
            var kind: String
            var version: Int
        }
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")) else { return nil }
        let line = Data(bytes[..<end])
        guard let version = try? JSONDecoder().decode(Version.self, from: line), version.kind == kind else {
            return nil
        }
        guard version.version <= currentVersion else {
            throw StoreError(
                .newer, "the backup was written by a newer version of foundry", hint: "install that version again")
        }
        return (try? JSONDecoder().decode(Self.self, from: line)).map { ($0, end + 1) }
    }
}
