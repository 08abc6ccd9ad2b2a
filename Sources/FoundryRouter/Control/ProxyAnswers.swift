import FoundryModel
import FoundryRules

/// Which HAProxy answers.
public struct ProxyIdentity: Hashable, Sendable {
    public var version: String
    public var pid: Int32
    public var uptimeSeconds: Int
}

/// Reads the tables that HAProxy prints. What has not the shape is an error, never an empty table.
enum ProxyAnswers {
    static func refused(_ command: String, _ answer: some StringProtocol) -> FoundryError {
        FoundryError(
            .commandFailed, "HAProxy refused a command.", detail: "\(command.prefix(200)): \(answer.prefix(200))")
    }

    /// `show servers state`: a format version, a header, a line per server.
    static func servers(_ answer: String) throws(FoundryError) -> [RouteSlot: [ProxyServer]] {
        let lines = answer.split(whereSeparator: \.isNewline)
        guard lines.first == "1", lines.count >= 2 else { throw unreadable("show servers state", answer) }
        let header = lines[1].split(separator: " ").dropFirst().map(String.init)
        var servers: [RouteSlot: [ProxyServer]] = [:]
        for line in lines.dropFirst(2) {
            let fields = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == header.count else { throw unreadable("show servers state", line) }
            let row = Dictionary(zip(header, fields)) { first, _ in first }
            guard let backend = row["be_name"], let server = server(row) else {
                throw unreadable("show servers state", line)
            }
            if let slot = RouteSlot(backend: backend) { servers[slot, default: []].append(server) }
        }
        return servers
    }

    /// Operational state 2 is running; administrative state 0 is free, bit 1 is maintenance that was asked for.
    private static func server(_ row: [String: String]) -> ProxyServer? {
        guard let name = row["srv_name"], let address = row["srv_addr"], let port = row["srv_port"].flatMap(Int.init),
            let operational = row["srv_op_state"].flatMap(Int.init),
            let administrative = row["srv_admin_state"].flatMap(Int.init)
        else { return nil }
        let state: ProxyServerState =
            administrative & 1 != 0 ? .maintenance : administrative == 0 && operational == 2 ? .ready : .other
        return ProxyServer(name: name, address: address, port: port, state: state)
    }

    /// `show map`: a pointer, the key, the value. A key that is no port matches no connection.
    static func map(_ answer: String, _ scope: RouteScope) throws(FoundryError) -> [RouteSlot: Set<String>] {
        var leads: [RouteSlot: Set<String>] = [:]
        for line in answer.split(whereSeparator: \.isNewline) {
            let fields = line.split(separator: " ", maxSplits: 2)
            guard fields.count == 3, fields[0].hasPrefix("0x") else { throw unreadable("show map", line) }
            if let port = Int(fields[1]) {
                leads[RouteSlot(scope: scope, port: port), default: []].insert(String(fields[2]))
            }
        }
        return leads
    }

    /// `show servers conn`: connections in use, by `backend/server`.
    static func connections(_ answer: String) throws(FoundryError) -> [String: Int] {
        let lines = answer.split(whereSeparator: \.isNewline)
        let header = lines.first?.split(separator: " ").dropFirst() ?? []
        guard header.first == "bkname/svname", let column = Array(header).firstIndex(of: "used_cur") else {
            throw unreadable("show servers conn", answer)
        }
        var counts: [String: Int] = [:]
        for line in lines.dropFirst() {
            let fields = line.split(separator: " ")
            guard fields.count > column, let count = Int(fields[column]) else {
                throw unreadable("show servers conn", line)
            }
            counts[String(fields[0])] = count
        }
        return counts
    }

    /// `show info`: a key and a value a line.
    static func identity(_ answer: String) throws(FoundryError) -> ProxyIdentity {
        var values: [Substring: Substring] = [:]
        for line in answer.split(whereSeparator: \.isNewline) {
            guard let colon = line.firstIndex(of: ":") else { throw unreadable("show info", line) }
            values[line[..<colon]] = line[line.index(after: colon)...].drop { $0 == " " }
        }
        guard values["Name"] == "HAProxy", let version = values["Version"],
            let pid = values["Pid"].flatMap({ Int32($0) }),
            let uptime = values["Uptime_sec"].flatMap({ Int($0) })
        else { throw unreadable("show info", answer) }
        return ProxyIdentity(version: String(version), pid: pid, uptimeSeconds: uptime)
    }

    static func unreadable(_ command: String, _ text: some StringProtocol) -> FoundryError {
        FoundryError(.commandFailed, "HAProxy's answer cannot be read.", detail: "\(command): \(text.prefix(200))")
    }
}
