/// A whole list of ours: they are short, so they have no pages.
public struct ListAnswer<Resource: Codable & Sendable>: Sendable, Codable {
    public var resources: [Resource]

    public init(resources: [Resource]) { self.resources = resources }
}

extension ListAnswer: Equatable where Resource: Equatable {}
extension ListAnswer: Hashable where Resource: Hashable {}
