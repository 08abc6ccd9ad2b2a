import FoundryModel

/// One line that a member wrote.
public struct LogLine: Hashable, Sendable, Codable {
    public enum Stream: String, Hashable, Sendable, Codable {
        case standardOutput = "stdout"
        case standardError = "stderr"
    }

    /// When the member's monitor read it.
    public var time: Timestamp
    public var stream: Stream
    /// Without its line break; at most `LogLineReader.longestLine` bytes, the rest was cut off.
    public var text: String

    public init(time: Timestamp, stream: Stream, text: String) {
        self.time = time
        self.stream = stream
        self.text = text
    }
}
