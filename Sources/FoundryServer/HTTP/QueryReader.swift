import FoundryModel

/// Reads a request's query strictly: what is not known is refused, so that no filter is ever passed over.
struct QueryReader {
    private let values: [String: String]

    /// - Throws: `bad_request` for a name that is not known, or given twice.
    init(_ items: [QueryItem], known: [String]) throws(FoundryError) {
        var values: [String: String] = [:]
        for item in items {
            guard known.contains(item.name) else {
                let nearest = NearestName.find(item.name, among: known).map { "did you mean \($0)?" }
                throw FoundryError(
                    .badRequest, "The query parameter is invalid: Unknown query parameter '\(item.name.prefix(80))'.",
                    hint: nearest ?? (known.isEmpty ? "leave it out" : "known here: \(known.joined(separator: ", "))"))
            }
            guard values.updateValue(item.value, forKey: item.name) == nil else {
                throw FoundryError(
                    .badRequest, "The query parameter is invalid: '\(item.name)' is given twice.",
                    hint: "separate its values by commas")
            }
        }
        self.values = values
    }

    func text(_ name: String) -> String? { values[name] }

    /// The values between commas; nil when it is not given. An empty text is one empty value: a filter, too.
    func list(_ name: String) -> [String]? {
        values[name].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) }
    }

    /// - Throws: `bad_request` when it is not a whole number within the limits.
    func number(_ name: String, in limits: ClosedRange<Int>) throws(FoundryError) -> Int? {
        guard let text = values[name] else { return nil }
        guard let number = Int(text), limits.contains(number) else {
            throw FoundryError(
                .badRequest,
                "The query parameter is invalid: '\(name)' must be a number from \(limits.lowerBound) to \(limits.upperBound)."
            )
        }
        return number
    }

    /// - Throws: `bad_request` when it is neither `true` nor `false`.
    func flag(_ name: String) throws(FoundryError) -> Bool {
        switch values[name] {
        case nil, "false": false
        case "true": true
        default: throw FoundryError(.badRequest, "The query parameter is invalid: '\(name)' must be true or false.")
        }
    }
}
