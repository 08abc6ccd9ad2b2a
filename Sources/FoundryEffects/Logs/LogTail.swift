import FoundryModel
import SystemPackage

/// Reads the last lines of a member's log, from the end backwards, across its files.
public struct LogTail: Sendable {
    /// Of what is read at most, in bytes.
    public static let longestRead = 4 << 20
    /// Of what can be asked for.
    public static let mostLines = 10_000
    private static let blockSize = 64 << 10

    private let files: LogFiles

    public init(_ files: LogFiles) { self.files = files }

    /// - Returns: at most so many lines, oldest first; fewer when the log has no more, or they are very long.
    /// - Throws: `internal_error` when a file cannot be read; a log that does not exist is empty.
    public func read(lines: Int) throws(FoundryError) -> [LogLine] { try read(lines: lines, currentEnd: nil) }

    /// - Parameter currentEnd: of the file being written, what lies behind it is left out.
    func read(lines: Int, currentEnd: (number: UInt64, offset: Int64)?) throws(FoundryError) -> [LogLine] {
        guard lines > 0 else { return [] }
        let wanted = min(lines, Self.mostLines)
        var blocks: [[UInt8]] = []
        var (breaks, size) = (0, 0)
        do {
            for path in files.all {
                guard let opened = try LogFiles.open(path) else { continue }
                try opened.descriptor.closeAfter {
                    var end = opened.number == currentEnd?.number ? currentEnd?.offset ?? 0 : opened.size
                    // One more than wanted: what lies before the first break may be the rest of a line.
                    while end > 0, breaks <= wanted, size < Self.longestRead {
                        let start = max(0, end - Int64(Self.blockSize))
                        let block = try Self.read(opened.descriptor, from: start, count: Int(end - start))
                        breaks += Self.wholeLines(in: block)
                        size += block.count
                        blocks.append(block)
                        end = start
                    }
                }
                if breaks > wanted || size >= Self.longestRead { break }
            }
        } catch {
            throw FoundryError(.internalError, "A log cannot be read.", detail: "\(files.current): \(error)")
        }
        var reader = LogLineReader()
        let whole = blocks.reversed().flatMap { reader.read($0) }
        return Array((whole + reader.unfinished).suffix(wanted))
    }

    private static func read(_ descriptor: FileDescriptor, from offset: Int64, count: Int) throws -> [UInt8] {
        try [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            filled = try descriptor.read(fromAbsoluteOffset: offset, into: UnsafeMutableRawBufferPointer(buffer))
        }
    }

    /// Breaks of lines that are not only a part of a longer one.
    private static func wholeLines(in block: [UInt8]) -> Int {
        block.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast().count { line in
            line.split(separator: UInt8(ascii: " "), maxSplits: 3).dropFirst(2).first != [UInt8(ascii: "P")]
        }
    }
}
