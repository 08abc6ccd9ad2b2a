import FoundryModel
import SystemPackage

/// Hands out a member's lines as they are written, across rotations.
///
/// It looks every quarter of a second, and only while somebody follows. Lines that the monitor threw away under a flood are missing.
public actor LogFollower {
    private static let pause = Duration.milliseconds(250)
    private static let blockSize = 64 << 10

    private let files: LogFiles
    private var file: LogFiles.Opened?
    private var offset: Int64 = 0
    private var reader = LogLineReader()
    private var waiting: ArraySlice<LogLine> = []

    /// - Parameter lines: of what is there already, to begin with.
    /// - Throws: `internal_error` when the log cannot be read.
    public init(_ files: LogFiles, lines: Int) throws(FoundryError) {
        self.files = files
        do { file = try LogFiles.open(files.current) } catch {
            throw FoundryError(.internalError, "A log cannot be read.", detail: "\(files.current): \(error)")
        }
        offset = file?.size ?? 0
        waiting = try LogTail(files).read(lines: lines, currentEnd: file.map { ($0.number, $0.size) })[...]
    }

    deinit { try? file?.descriptor.close() }

    /// Takes the lines that were there to begin with, all at once; the stream then goes on behind them, and none is missed between.
    public func takeBeginning() -> [LogLine] {
        defer { waiting = [] }
        return Array(waiting)
    }

    /// The lines as a stream; it ends when its reader is cancelled, or when the log's directory is removed.
    public nonisolated var lines: AsyncStream<LogLine> { AsyncStream { await self.next() } }

    private func next() async -> LogLine? {
        while true {
            if let line = waiting.popFirst() { return line }
            if let lines = readOn() {
                waiting = lines[...]
                continue
            }
            if moveOn() { continue }
            guard LogFiles.number(FilePath(files.current).removingLastComponent().string) != nil else { return nil }
            do { try await SystemClock.sleep(Self.pause) } catch { return nil }
        }
    }

    /// nil at the end of the file; may be empty.
    private func readOn() -> [LogLine]? {
        guard let file else { return nil }
        let bytes = try? [UInt8](unsafeUninitializedCapacity: Self.blockSize) { buffer, filled in
            filled = try file.descriptor.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
        guard let bytes, !bytes.isEmpty else { return nil }
        offset += Int64(bytes.count)
        return reader.read(bytes)
    }

    /// Goes to the next file when this one is no longer written; false while it is.
    ///
    /// A new file at the path means that the monitor has let go of the old one: what is in it now is all of it.
    private func moveOn() -> Bool {
        guard let newest = LogFiles.number(files.current), newest != file?.number else { return false }
        if let lines = readOn() {
            waiting = lines[...]
            return true
        }
        // Rotated twice between two looks: the files between come first.
        let age = file.flatMap { old in files.all.firstIndex { LogFiles.number($0) == old.number } }
        guard let next = try? LogFiles.open(files.file(max(0, (age ?? 1) - 1))) else { return false }
        try? file?.descriptor.close()
        file = next
        offset = 0
        return true
    }
}
