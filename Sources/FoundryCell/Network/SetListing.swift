#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What `nft --json list set` says of a set of two parts.
///
/// - Source: libnftables-json(5).
struct SetListing: Decodable {
    private struct Entry: Decodable { var set: Listed? }

    private struct Listed: Decodable { var elem: [Element]? }

    private struct Element: Decodable { var concat: [Part] }

    private struct Part: Decodable {
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                text = "\(number)"
            } else {
                text = try container.decode(String.self)
            }
        }
    }

    private var nftables: [Entry]

    /// nil: it cannot be read.
    static func elements(_ text: String) -> [[String]]? {
        guard let listing = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)),
            let set = listing.nftables.compactMap(\.set).first
        else { return nil }
        return (set.elem ?? []).map { $0.concat.map(\.text) }
    }
}
