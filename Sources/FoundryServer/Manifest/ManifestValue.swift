/// A manifest as it was written, before anything is known of what it means. JSON and YAML both become this.
indirect enum ManifestValue: Hashable, Sendable {
    enum Kind: String, Hashable, Sendable {
        case text = "a text"
        case integer = "a whole number"
        case number = "a number"
        case boolean = "true or false"
    }

    case null
    /// As it was written, and what it would be if nobody asked for something else.
    case scalar(String, Kind)
    case list([ManifestValue])
    /// In the order of the manifest.
    case map([Entry])

    struct Entry: Hashable, Sendable {
        var key: String
        var value: ManifestValue
    }

    /// For errors: `a list`.
    var kindName: String {
        switch self {
        case .null: "nothing"
        case .scalar(_, let kind): kind.rawValue
        case .list: "a list"
        case .map: "a group of fields"
        }
    }
}

/// What a manifest may have at most, counted after aliases were followed.
enum ManifestLimits {
    static let values = 4_000
    static let depth = 24
    static let aliases = 32
    static let applications = 25
}
