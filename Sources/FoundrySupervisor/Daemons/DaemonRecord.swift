import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What a supervisor knows of one daemon, for `foundry status` and for the supervisor after it.
public struct DaemonRecord: Hashable, Sendable, Codable {
    public var name: String
    /// Since the platform came up.
    public var starts = 0
    public var lastEnd: Timestamp?
    /// "was killed by signal 9"
    public var lastReason: String?
    /// It does not run; the next try is then.
    public var nextStart: Timestamp?

    init(name: String) { self.name = name }

    /// Starts after the first.
    public var restarts: Int { max(0, starts - 1) }

    /// - Returns: none when there is no file, or one that cannot be read: nothing depends on it.
    public static func load(_ path: String) -> [DaemonRecord] {
        guard let text = ProcFile.read(path) else { return [] }
        return (try? JSONDecoder().decode([DaemonRecord].self, from: Data(text.utf8))) ?? []
    }

    static func save(_ records: [DaemonRecord], to path: String) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        try DurableFile.write(try encoder.encode(records.sorted { $0.name < $1.name }), to: path)
    }
}
