#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// One request to the API.
struct APICall: Sendable {
    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case patch = "PATCH"
        case delete = "DELETE"
    }

    /// Until the answer's head is there, and again until its body is; a followed stream's body has no such limit.
    static let usualLimit = Duration.seconds(30)
    /// Of pushes: the server may have to ask a registry, and gives up after 90 seconds itself.
    static let longestLimit = Duration.seconds(100)
    static let largestAnswer = 16 << 20

    var method: Method
    /// The parts between the slashes, not yet escaped.
    var path: [String]
    var query: [(name: String, value: String)] = []
    var body: APIBody?
    var limit = Self.usualLimit

    /// `/foundry/v1/apps/:guid?lines=10`
    var pathAndQuery: String {
        let path = path.map { "/" + Self.escaped($0) }.joined()
        let query = query.map { "\(Self.escaped($0.name))=\(Self.escaped($0.value))" }.joined(separator: "&")
        return query.isEmpty ? path : "\(path)?\(query)"
    }

    /// - Source: RFC 3986, section 2.3: all but the unreserved characters.
    private static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF")
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5a, 0x61...0x7a, 0x2d, 0x2e, 0x5f, 0x7e:
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default: result += "%\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
            }
        }
        return result
    }
}

/// What a request carries.
public struct APIBody: Sendable {
    var bytes: [UInt8]
    var contentType: String

    public static func json(_ value: some Encodable) throws -> Self {
        Self(bytes: Array(try WireJSON.encode(value)), contentType: "application/json")
    }

    /// A manifest file as it is; the server reads it.
    public static func manifest(_ bytes: [UInt8]) -> Self { Self(bytes: bytes, contentType: "application/x-yaml") }
}
