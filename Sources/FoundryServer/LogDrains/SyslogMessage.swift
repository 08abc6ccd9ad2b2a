import FoundryClient
import FoundryModel

/// A line of a log as a syslog server takes it.
///
/// - Source: RFC 5424, section 6 for the message; RFC 6587, 3.4.1 and RFC 5425, 4.3 for its length before it.
struct SyslogMessage {
    /// Of the header's fields: APP-NAME and PROCID.
    private static let (longestApp, longestProcess) = (48, 128)
    /// `user`
    private static let facility = 1

    let line: FoundryClient.LogLine
    /// HOSTNAME: who sends.
    let host: String
    /// APP-NAME
    let app: String

    /// The length in bytes, a space, and the message.
    var frame: [UInt8] {
        let message =
            "<\(priority)>1 \(line.time) \(Self.field(host, 255)) \(Self.field(app, Self.longestApp)) \(Self.field(line.member, Self.longestProcess)) \(Self.field(line.stream, 32)) - \(line.text)"
        return Array("\(message.utf8.count) \(message)".utf8)
    }

    /// What a program says is information, what it complains of an error, what the platform did a notice.
    private var priority: Int {
        let severity =
            switch line.stream {
            case "stderr": 3
            case "platform": 5
            default: 6
            }
        return Self.facility * 8 + severity
    }

    /// Printable ASCII without spaces; a hyphen for nothing.
    private static func field(_ text: String, _ longest: Int) -> String {
        let printable = text.unicodeScalars.map { (0x21...0x7e).contains($0.value) ? Character($0) : "_" }
        return printable.isEmpty ? "-" : String(printable.prefix(longest))
    }
}
