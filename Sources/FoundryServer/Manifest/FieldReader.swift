import FoundryModel

/// Reads the fields of one place of a manifest, each once and with its type; what is left over is refused.
struct FieldReader {
    /// `applications[0].docker`; empty at the top.
    let path: String
    private let entries: [ManifestValue.Entry]
    private var known: [String] = []

    /// - Throws: `wrong_type` when the value is no group of fields.
    init(_ value: ManifestValue, path: String) throws(FoundryError) {
        guard case .map(let entries) = value else { throw Self.wrongType(path, value, "a group of fields") }
        self.path = path
        self.entries = entries
    }

    /// nil when the field is missing or null.
    mutating func value(_ name: String) -> ManifestValue? {
        known.append(name)
        let value = entries.first { $0.key == name }?.value
        return value == .null ? nil : value
    }

    /// - Throws: `wrong_type` for what was not written as a text.
    mutating func text(_ name: String) throws(FoundryError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .scalar(let text, .text) = value else { throw Self.wrongType(place(name), value, "a text") }
        return text
    }

    /// A text, or a number as it was written.
    mutating func quantity(_ name: String) throws(FoundryError) -> String? {
        guard let value = value(name) else { return nil }
        guard case .scalar(let text, let kind) = value, kind != .boolean else {
            throw Self.wrongType(place(name), value, "a text or a number")
        }
        return text
    }

    mutating func integer(_ name: String) throws(FoundryError) -> Int? {
        guard let value = value(name) else { return nil }
        guard case .scalar(let text, .integer) = value, let number = Int(text) else {
            throw Self.wrongType(place(name), value, "a whole number")
        }
        return number
    }

    mutating func flag(_ name: String) throws(FoundryError) -> Bool? {
        guard let value = value(name) else { return nil }
        guard case .scalar(let text, .boolean) = value else {
            throw Self.wrongType(place(name), value, "true or false")
        }
        return ["true", "yes", "on"].contains(text.lowercased())
    }

    mutating func list(_ name: String) throws(FoundryError) -> [ManifestValue]? {
        guard let value = value(name) else { return nil }
        guard case .list(let items) = value else { throw Self.wrongType(place(name), value, "a list") }
        return items
    }

    mutating func fields(_ name: String) throws(FoundryError) -> FieldReader? {
        guard let value = value(name) else { return nil }
        return try FieldReader(value, path: place(name))
    }

    /// Names of the author's choice with one value each, as texts; nil for null: a variable that shall not be there.
    mutating func variables(_ name: String) throws(FoundryError) -> [String: String?] {
        guard let value = value(name) else { return [:] }
        guard case .map(let entries) = value else { throw Self.wrongType(place(name), value, "a group of fields") }
        var dictionary: [String: String?] = [:]
        for entry in entries {
            switch entry.value {
            case .scalar(let text, _): dictionary[entry.key] = text
            case .null: dictionary[entry.key] = .some(nil)
            case .list, .map:
                throw Self.wrongType(
                    "\(place(name)).\(entry.key.prefix(80))", entry.value, "a text, a number, true or false")
            }
        }
        return dictionary
    }

    /// - Parameter elsewhere: names that another platform knows, with what to say of them.
    /// - Throws: `unknown_field` for the first field that nobody asked for.
    func finish(elsewhere: [String: String] = [:]) throws(FoundryError) {
        guard let stray = entries.first(where: { !known.contains($0.key) })?.key else { return }
        if let word = elsewhere[stray] {
            throw FoundryError(.unknownField, "\(place(stray)) is not supported here.", hint: word)
        }
        let nearest = NearestName.find(stray, among: known).map { "did you mean \($0)?" }
        throw FoundryError(
            .unknownField, "\(place(String(stray.prefix(80)))) is not known here.",
            hint: nearest ?? "known here: \(known.sorted().joined(separator: ", "))")
    }

    func place(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }

    static func wrongType(_ path: String, _ found: ManifestValue, _ expected: String) -> FoundryError {
        FoundryError(
            .wrongType, "\(path.isEmpty ? "The manifest" : path) is \(found.kindName); \(expected) is expected.",
            hint: "docs/reference/api.md lists the fields of a manifest")
    }
}
