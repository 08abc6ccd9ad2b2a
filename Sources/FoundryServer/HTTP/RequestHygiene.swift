import FoundryModel
import Hummingbird

/// A request's line and headers, checked before anything looks at them.
struct RequestHead: Sendable {
    let method: HTTPRequest.Method
    let path: String
    /// Decoded.
    let segments: [String]
    let query: [QueryItem]
    /// Of the `Host` header: `127.0.0.1:8443`
    let authority: String

    /// - Parameter checksHost: browsers reach the listener; only its own names are answered.
    /// - Throws: `bad_request`.
    init(_ request: Request, checksHost: Bool) throws(FoundryError) {
        let target = request.head.path ?? ""
        guard target.utf8.count <= Limits.uri else {
            throw Self.bad("The request's address is longer than \(Limits.uri) bytes.")
        }
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            throw Self.bad("The request's address is not a path.")
        }
        let pieces = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        method = request.method
        path = String(pieces[0])
        segments = try path.split(separator: "/").map { text throws(FoundryError) in try Self.decoded(text) }
        query = try pieces.count < 2 ? [] : Self.items(pieces[1])
        authority = checksHost ? try Self.authority(request) : ""
    }

    /// Only names of this machine's loopback: a web page whose name was made to lead here finds nothing.
    private static func authority(_ request: Request) throws(FoundryError) -> String {
        let text = request.head.authority ?? ""
        let port = text.split(separator: ":", omittingEmptySubsequences: false).last.map(String.init) ?? ""
        let host = text.hasSuffix("]") || !text.contains(":") ? text : String(text.dropLast(port.count + 1))
        guard ["127.0.0.1", "localhost", "[::1]"].contains(host),
            host == text || (Int(port).map { (1...65_535).contains($0) } ?? false)
        else {
            throw bad("The Host header does not name this platform.", hint: "call it as https://127.0.0.1:PORT")
        }
        return text
    }

    private static func items(_ text: Substring) throws(FoundryError) -> [QueryItem] {
        let parts = text.split(separator: "&")
        guard parts.count <= Limits.query else {
            throw bad("The request has more than \(Limits.query) query parameters.")
        }
        return try parts.map { part throws(FoundryError) in
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let value = sides.count < 2 ? "" : sides[1]
            return QueryItem(
                name: try decoded(sides[0]), value: try decoded(Substring(value.map { $0 == "+" ? " " : $0 })))
        }
    }

    private static func decoded(_ text: Substring) throws(FoundryError) -> String {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8
        while let byte = rest.popFirst() {
            if byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else if let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) {
                bytes.append(high << 4 | low)
            } else {
                throw bad("The request's address has a broken escape.")
            }
        }
        guard let text = String(validating: bytes, as: UTF8.self), !text.utf8.contains(0) else {
            throw bad("The request's address is not UTF-8.")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    private static func bad(_ message: String, hint: String? = nil) -> FoundryError {
        FoundryError(.badRequest, message, hint: hint)
    }
}
