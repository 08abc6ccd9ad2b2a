import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Where a file lies on a web server: over TLS, or on this machine, where nobody stands between.
public struct WebAddress: Hashable, Sendable {
    static let mostRedirections = 3
    private static let longest = 2_000

    public let text: String
    private let url: URL
    private var redirections = 0

    public static func isOne(_ text: String) -> Bool { text.hasPrefix("https://") || text.hasPrefix("http://") }

    /// - Throws: `usage`.
    public init(_ text: String) throws(FoundryError) {
        guard text.utf8.count <= Self.longest, text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }),
            let url = URL(string: text), let host = url.host(), !host.isEmpty, url.user() == nil, url.password() == nil
        else { throw FoundryError(.usage, "\(text.prefix(80)) is no address of a file.", hint: "https://...") }
        let isHere = ["127.0.0.1", "localhost", "::1", "[::1]"].contains(host)
        guard url.scheme == "https" || url.scheme == "http" && isHere else {
            throw FoundryError(
                .usage, "\(text.prefix(80)) is neither over TLS nor on this machine.", hint: "https://...")
        }
        self.text = text
        self.url = url
    }

    /// - Parameter location: as the server wrote it, perhaps relative.
    /// - Throws: `unreachable` when it leads away from TLS, or on and on.
    func redirected(to location: String) throws(FoundryError) -> WebAddress {
        guard redirections < Self.mostRedirections else {
            throw FoundryError(.unreachable, "\(text) leads on to more than \(Self.mostRedirections) other addresses.")
        }
        guard let next = URL(string: location, relativeTo: url)?.absoluteURL, next.scheme == "https",
            var address = try? WebAddress(next.absoluteString)
        else {
            throw FoundryError(
                .unreachable, "\(text) leads on to an address that is not over TLS.",
                detail: String(location.prefix(200)))
        }
        address.redirections = redirections + 1
        return address
    }
}
