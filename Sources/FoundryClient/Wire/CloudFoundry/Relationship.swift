/// A link from one resource to another by guid: `{"data":{"guid":"..."}}`.
public struct Relationship: Hashable, Sendable, Codable {
    public var data: Guid?

    public struct Guid: Hashable, Sendable, Codable {
        public var guid: String

        public init(guid: String) { self.guid = guid }
    }

    public init(guid: String?) { data = guid.map(Guid.init) }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(data, forKey: .data)
    }
}

/// Labels and annotations. Empty for now: nothing sets them.
public struct Metadata: Hashable, Sendable, Codable {
    public var labels: [String: String] = [:]
    public var annotations: [String: String] = [:]

    public init() {}
}
