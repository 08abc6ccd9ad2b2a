import FoundryRules

/// One `GET`, of which the status alone is read.
enum HTTPProbe {
    /// - Parameter path: of printable ASCII, beginning with `/`.
    static func ask(_ connection: ProbeConnection, host: String, path: String) async -> CheckVerdict {
        let request =
            "GET \(path) HTTP/1.1\r\nHost: \(host)\r\nUser-Agent: foundry-health\r\nAccept: */*\r\nConnection: close\r\n\r\n"
        if let failure = await connection.send(Array(request.utf8)) { return .fails(failure) }
        switch await connection.receive(until: { $0.contains(UInt8(ascii: "\n")) || isForeign($0) }) {
        case .failed(let failure): return .fails(failure)
        case .bytes(let bytes):
            guard let status = status(bytes) else { return .fails(.garbled) }
            return (200...399).contains(status) ? .serves : .fails(.status(status))
        }
    }

    private static let beginning = Array("HTTP/1.".utf8)

    private static func isForeign(_ bytes: [UInt8]) -> Bool { !zip(bytes, beginning).allSatisfy { $0 == $1 } }

    /// Of `HTTP/1.1 200 OK`.
    private static func status(_ bytes: [UInt8]) -> Int? {
        let line = bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") }
        guard bytes.starts(with: beginning) else { return nil }
        let words = line.split(separator: UInt8(ascii: " "))
        guard words.count >= 2, words[1].count == 3 else { return nil }
        return Int(String(decoding: words[1], as: UTF8.self)).flatMap { (100...599).contains($0) ? $0 : nil }
    }
}
