import FoundryClient
import FoundryModel

/// What a client asks of a list: which page, in which order, and filters. All are honoured, or refused.
struct ListQuery {
    private static let paging = ["page", "per_page", "order_by"]
    private static let largestPage = 5_000
    private static let usualPage = 50

    private let reader: QueryReader
    private let items: [QueryItem]
    private let page: Int
    private let perPage: Int
    private let isDescending: Bool
    let order: String
    private let path: String

    /// - Parameter filters: the names of this list's filters.
    /// - Parameter orders: what it can be ordered by; the first is used when nothing is said.
    /// - Throws: `bad_request` for what is not known.
    init(
        _ request: APIRequest, filters: [String] = [], orders: [String] = ["created_at", "updated_at"]
    ) throws(FoundryError) {
        reader = try QueryReader(request.query, known: Self.paging + filters)
        items = request.query
        page = try reader.number("page", in: 1...1_000_000) ?? 1
        perPage = try reader.number("per_page", in: 1...Self.largestPage) ?? Self.usualPage
        path = request.base + request.path
        let order = reader.text("order_by") ?? orders.first ?? ""
        isDescending = order.hasPrefix("-")
        self.order = isDescending || order.hasPrefix("+") ? String(order.dropFirst()) : order
        guard orders.contains(self.order) else {
            throw FoundryError(
                .badRequest,
                "The query parameter is invalid: Order by can only be: \(orders.map { "'\($0)'" }.joined(separator: ", "))."
            )
        }
    }

    /// Whether a resource fits a filter. A filter that was not given fits everything; an empty one fits the empty value.
    func fits(_ filter: String, _ value: String) -> Bool { reader.list(filter)?.contains(value) ?? true }

    /// What a filter says; nil: it was not given.
    func list(_ filter: String) -> [String]? { reader.list(filter) }

    /// - Parameter key: what the list is ordered by; of equal ones, the guid decides.
    func answer<Resource: Codable & Sendable>(
        _ resources: [(key: String, guid: String, resource: Resource)]
    ) -> Page<Resource> {
        let sorted = resources.sorted { ($0.key, $0.guid) < ($1.key, $1.guid) }.map(\.resource)
        let ordered = isDescending ? sorted.reversed() : sorted
        let pages = max(1, (ordered.count + perPage - 1) / perPage)
        let first = min((page - 1) * perPage, ordered.count)
        return Page(
            pagination: Pagination(
                totalResults: ordered.count, totalPages: pages, first: link(1), last: link(pages),
                next: page < pages ? link(page + 1) : nil,
                previous: page > 1 ? link(min(page - 1, pages)) : nil),
            resources: Array(ordered[first..<min(first + perPage, ordered.count)]))
    }

    private func link(_ page: Int) -> Link {
        var kept = items.filter { !["page", "per_page"].contains($0.name) }
        kept = [QueryItem(name: "page", value: "\(page)"), QueryItem(name: "per_page", value: "\(perPage)")] + kept
        return Link(
            href: path + "?"
                + kept.map { "\(URLText.escaped($0.name))=\(URLText.escaped($0.value))" }.joined(separator: "&"))
    }
}

enum URLText {
    /// - Source: RFC 3986: the unreserved characters stay, and the comma, which separates values.
    static func escaped(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: ","):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
