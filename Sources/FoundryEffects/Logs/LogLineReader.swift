import FoundryModel

/// Turns the bytes of a member's log into lines: whole ones, whatever pieces the bytes come in.
///
/// Each line of the file is a time, a stream, `F` or `P`, and text; `P` says that the text goes on in the next one of its stream.
/// - Source: the Kubernetes CRI logging format, which conmon writes.
public struct LogLineReader: Sendable {
    /// Of one line, in bytes.
    public static let longestLine = 64 << 10
    private static let lineBreak = UInt8(ascii: "\n")

    private var rest: [UInt8] = []
    private var begun: [LogLine.Stream: (time: Timestamp, text: [UInt8])] = [:]

    public init() {}

    /// Lines that the bytes complete, in order. What is no line of the format is passed over.
    public mutating func read(_ bytes: some Collection<UInt8>) -> [LogLine] {
        var lines: [LogLine] = []
        rest += bytes
        var start = rest.startIndex
        while let end = rest[start...].firstIndex(of: Self.lineBreak) {
            if let line = take(rest[start..<end]) { lines.append(line) }
            start = end + 1
        }
        rest.removeSubrange(..<start)
        // conmon's own pieces are far shorter: this is no log.
        if rest.count > 2 * Self.longestLine { rest = [] }
        return lines
    }

    /// What was begun and has no end yet: the last words of a process that ended in the middle of a line.
    public var unfinished: [LogLine] {
        begun.map { stream, line in
            LogLine(time: line.time, stream: stream, text: String(decoding: line.text, as: UTF8.self))
        }.sorted { $0.time < $1.time }
    }

    private mutating func take(_ raw: ArraySlice<UInt8>) -> LogLine? {
        let fields = raw.split(separator: UInt8(ascii: " "), maxSplits: 3, omittingEmptySubsequences: false)
        guard fields.count == 4, let time = LogTime.parse(fields[0]),
            let stream = LogLine.Stream(rawValue: String(decoding: fields[1], as: UTF8.self))
        else { return nil }
        let before = begun[stream]?.text ?? []
        let text = before + fields[3].prefix(max(0, Self.longestLine - before.count))
        guard !fields[2].starts(with: [UInt8(ascii: "P")]) else {
            begun[stream] = (time, text)
            return nil
        }
        begun[stream] = nil
        return LogLine(time: time, stream: stream, text: String(decoding: text, as: UTF8.self))
    }
}
