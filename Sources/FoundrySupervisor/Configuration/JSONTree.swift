/// JSON of any shape: to compare what was written with what was understood.
indirect enum JSONTree: Hashable, Sendable, Codable {
    case object([String: JSONTree])
    case array([JSONTree])
    case null
    /// Everything else; its value does not matter here.
    case leaf

    init(from decoder: any Decoder) throws {
        if try decoder.singleValueContainer().decodeNil() {
            self = .null
        } else if let object = try? decoder.singleValueContainer().decode([String: JSONTree].self) {
            self = .object(object)
        } else if let array = try? decoder.singleValueContainer().decode([JSONTree].self) {
            self = .array(array)
        } else {
            self = .leaf
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .object(let object): try container.encode(object)
        case .array(let array): try container.encode(array)
        case .null, .leaf: try container.encodeNil()
        }
    }

    /// The paths of keys that have a value here and are not there, sorted: `routes.lastPort`.
    func keys(missingIn other: JSONTree, below prefix: String = "") -> [String] {
        guard case .object(let mine) = self, case .object(let theirs) = other else { return [] }
        return mine.flatMap { key, value -> [String] in
            let path = prefix.isEmpty ? key : "\(prefix).\(key)"
            if value == .null { return [] }
            guard let counterpart = theirs[key] else { return [path] }
            return value.keys(missingIn: counterpart, below: path)
        }.sorted()
    }
}
