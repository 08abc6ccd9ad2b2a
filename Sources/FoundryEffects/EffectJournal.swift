import CFoundryLinux
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Writes down each effect of a shell before it is done and after: that is how a killed process knows what it was doing.
///
/// One line of JSON each. The file is bounded: at `limit` bytes it is begun anew with the effects that are still open.
public actor EffectJournal {
    public struct Entry: Hashable, Sendable, Codable {
        public enum Phase: String, Hashable, Sendable, Codable {
            case begun
            case done
            case failed
        }
        public var sequence: Int64
        public var name: String
        public var subject: String
        public var phase: Phase
        public var time: Timestamp
        public var problem: String?
    }

    private let shell: String
    private let file: JournalFile
    private var sequence: Int64
    /// Begun and not ended, by sequence.
    private var open: [Int64: Entry]
    /// What the process before this one had begun and not ended, in order.
    public let interrupted: [Entry]

    /// - Parameter shell: `cell`, `router`, `controller`: the first word of its kill points.
    /// - Throws: `internal_error` when the file cannot be read or written.
    public init(shell: String, path: String, limit: Int = 4 << 20) throws(FoundryError) {
        self.shell = shell
        let (file, entries) = try JournalFile.open(path: path, limit: limit)
        self.file = file
        var open: [Int64: Entry] = [:]
        for entry in entries { open[entry.sequence] = entry.phase == .begun ? entry : nil }
        self.open = [:]
        interrupted = open.values.sorted { $0.sequence < $1.sequence }
        sequence = entries.map(\.sequence).max() ?? 0
    }

    /// Journals, does, journals; the kill points `shell.name.before` and `shell.name.after` lie around the work.
    ///
    /// - Parameter isDurable: the entry is on the disk before the work begins, for effects on data.
    public func perform<Result: Sendable>(
        _ name: String, _ subject: String, isDurable: Bool, _ work: @Sendable () async throws(FoundryError) -> Result
    ) async throws(FoundryError) -> Result {
        sequence += 1
        let mine = sequence
        let entry = Entry(sequence: mine, name: name, subject: subject, phase: .begun, time: SystemClock.timestamp())
        open[mine] = entry
        try file.append(entry, synced: isDurable)
        KillPoints.reach("\(shell).\(name).before")
        let outcome: Swift.Result<Result, FoundryError>
        do throws(FoundryError) { outcome = .success(try await work()) } catch { outcome = .failure(error) }
        if case .success = outcome { KillPoints.reach("\(shell).\(name).after") }
        try end(entry, outcome)
        return try outcome.get()
    }

    private func end<Result>(_ entry: Entry, _ outcome: Swift.Result<Result, FoundryError>) throws(FoundryError) {
        var ended = entry
        ended.time = SystemClock.timestamp()
        ended.phase = .done
        if case .failure(let error) = outcome {
            ended.phase = .failed
            ended.problem = error.code.rawValue
        }
        open[entry.sequence] = nil
        try file.append(ended, synced: false)
        if file.isFull { try file.rewrite(open.values.sorted { $0.sequence < $1.sequence }) }
    }
}
