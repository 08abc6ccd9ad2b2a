import FoundryModel
import HTTPTypes
import Hummingbird

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What the headers of a broker's request say.
///
/// - Source: Open Service Broker API 2.17, "API Version Header", "Originating Identity", "Request Identity".
struct BrokerHead: Sendable {
    /// The first 2.x that is spoken.
    static let oldestMinor = 13
    static let root = "v2"
    static let versionHeader = "X-Broker-API-Version"
    static let identityHeader = "X-Broker-API-Originating-Identity"
    static let requestHeader = "X-Broker-API-Request-Identity"

    private static let longest = 200
    /// Of an originating identity, what says who it is; groups and whatever else there is stay out.
    private static let identityFields = ["user_id", "username", "uid", "user_name", "email"]

    let version: String?
    /// `cloudfoundry 683ea748-3092-4ff4-b656-39cacc4d5360`
    let identity: String?
    /// What the client calls the request; told back.
    let request: String?

    init(_ headers: HTTPFields) {
        version = Self.header(Self.versionHeader, headers)
        identity = Self.header(Self.identityHeader, headers).flatMap(Self.identity)
        request = Self.header(Self.requestHeader, headers).map(Self.printable)
    }

    static func isNeeded(_ path: String) -> Bool { path == "/\(root)" || path.hasPrefix("/\(root)/") }

    /// - Throws: `broker_version`.
    func check() throws(FoundryError) {
        let parts = (version ?? "").split(separator: ".", omittingEmptySubsequences: false).map { Int($0) }
        guard parts.count == 2, parts[0] == 2, let minor = parts[1], minor >= Self.oldestMinor else {
            throw FoundryError(
                .brokerVersion,
                version == nil
                    ? "The header \(Self.versionHeader) is missing."
                    : "This broker speaks version 2.\(Self.oldestMinor) and later ones of 2.",
                hint: "\(Self.versionHeader): 2.17")
        }
    }

    private static func header(_ name: String, _ headers: HTTPFields) -> String? {
        HTTPField.Name(name).flatMap { headers[$0] }
    }

    /// nil when it is none: then it is nobody's.
    private static func identity(_ text: String) -> String? {
        let parts = text.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, let bytes = Data(base64Encoded: String(parts[1])),
            case .map(let entries)? = try? ManifestJSON.read(Array(bytes))
        else { return nil }
        let known = identityFields.compactMap { name -> String? in
            guard case .scalar(let text, _)? = entries.first(where: { $0.key == name })?.value else { return nil }
            return text
        }
        return printable(([String(parts[0])] + known.prefix(1)).joined(separator: " "))
    }

    private static func printable(_ text: String) -> String {
        String(text.unicodeScalars.filter { (0x20..<0x7f).contains($0.value) }.prefix(longest).map(Character.init))
    }
}
