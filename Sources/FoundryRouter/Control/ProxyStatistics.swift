import FoundryModel
import FoundryRules

/// What HAProxy counts of its servers.
///
/// - Source: HAProxy 2.6, management guide, section 9.1: CSV with a header; a field may be quoted, and then holds commas.
enum ProxyStatistics {
    /// Of every server there is, and of nothing else: the backends without one are many.
    static let question = "show stat -1 4 -1"

    /// - Returns: sorted by scope and port, then by member. Servers that are not ours are passed over.
    /// - Throws: `command_failed` for what has not the shape of the table.
    static func routes(_ answer: String) throws(FoundryError) -> [RouteUsage] {
        var lines = answer.split(whereSeparator: \.isNewline)[...]
        guard let header = lines.popFirst().map(fields), header.first == "# pxname" else {
            throw ProxyAnswers.unreadable(question, answer)
        }
        var found: [RouteUsage] = []
        for line in lines {
            let row = Dictionary(zip(header, fields(line))) { first, _ in first }
            guard let backend = row["# pxname"], let name = row["svname"] else {
                throw ProxyAnswers.unreadable(question, line)
            }
            guard let slot = RouteSlot(backend: backend), let server = ProxyServerName(name) else { continue }
            guard let open = number(row["scur"]), let total = number(row["stot"]), let received = number(row["bin"]),
                let sent = number(row["bout"])
            else { throw ProxyAnswers.unreadable(question, line) }
            found.append(
                RouteUsage(
                    scope: slot.scope, port: slot.port, member: server.member, connections: open,
                    totalConnections: total, received: ByteCount(bytes: received), sent: ByteCount(bytes: sent)))
        }
        return found.sorted {
            ($0.scope.rawValue, $0.port, $0.member) < ($1.scope.rawValue, $1.port, $1.member)
        }
    }

    private static func number(_ text: String?) -> Int64? { text.flatMap { Int64($0) } }

    private static func fields(_ line: Substring) -> [String] {
        var fields: [String] = []
        var field = ""
        var isQuoted = false
        for character in line {
            if character == "\"" {
                isQuoted.toggle()
            } else if character == ",", !isQuoted {
                fields.append(field)
                field = ""
            } else {
                field.append(character)
            }
        }
        return fields + [field]
    }
}
