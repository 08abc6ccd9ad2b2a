/// One page of a list, as Cloud Foundry's v3 API shapes it.
public struct Page<Resource: Codable & Sendable>: Sendable, Codable {
    public var pagination: Pagination
    public var resources: [Resource]
    /// What they refer to, where that was asked for.
    public var included: IncludedResources?

    public init(pagination: Pagination, resources: [Resource], included: IncludedResources? = nil) {
        self.pagination = pagination
        self.resources = resources
        self.included = included
    }
}

extension Page: Equatable where Resource: Equatable {}
extension Page: Hashable where Resource: Hashable {}

public struct Pagination: Hashable, Sendable, Codable {
    public var totalResults: Int
    public var totalPages: Int
    public var first: Link
    public var last: Link
    /// Written as null when there is none: clients follow it until then.
    public var next: Link?
    public var previous: Link?

    public init(totalResults: Int, totalPages: Int, first: Link, last: Link, next: Link?, previous: Link?) {
        self.totalResults = totalResults
        self.totalPages = totalPages
        self.first = first
        self.last = last
        self.next = next
        self.previous = previous
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(totalResults, forKey: .totalResults)
        try container.encode(totalPages, forKey: .totalPages)
        try container.encode(first, forKey: .first)
        try container.encode(last, forKey: .last)
        try container.encode(next, forKey: .next)
        try container.encode(previous, forKey: .previous)
    }
}

/// An absolute address, and how to call it where that is not GET.
public struct Link: Hashable, Sendable, Codable {
    public var href: String
    public var method: String?
    public var meta: LinkMeta?

    public init(href: String, method: String? = nil, meta: LinkMeta? = nil) {
        self.href = href
        self.method = method
        self.meta = meta
    }
}

public struct LinkMeta: Hashable, Sendable, Codable {
    public var version: String?

    public init(version: String? = nil) { self.version = version }
}
