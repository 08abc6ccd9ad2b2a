import FoundryClient
import FoundryModel

/// Which fields of related resources a list shall carry: `include=app`, `fields[service_plan]=guid,name`.
///
/// - Source: Cloud Foundry's v3 API, "Include" and "Fields".
struct IncludedFields {
    /// By resource, as the query calls it: `service_plan.service_offering`.
    private let asked: [String: [String]]

    /// - Parameter known: what may be asked for of each resource.
    /// - Throws: `bad_request`.
    init(_ query: ListQuery, known: [String: [String]]) throws(FoundryError) {
        var asked: [String: [String]] = [:]
        for (resource, fields) in known.sorted(by: { $0.key < $1.key }) {
            guard let wanted = query.list(Self.name(resource)) else { continue }
            if let stray = wanted.first(where: { !fields.contains($0) }) {
                throw FoundryError(
                    .badRequest,
                    "The query parameter is invalid: Fields can only include: \(fields.map { "'\($0)'" }.joined(separator: ", ")).",
                    hint: "not '\(stray.prefix(80))'")
            }
            asked[resource] = wanted
        }
        self.asked = asked
    }

    /// The query's name of it.
    static func name(_ resource: String) -> String { "fields[\(resource)]" }

    /// - Throws: `bad_request` for a resource that a list has not.
    static func include(_ query: ListQuery, known: [String]) throws(FoundryError) -> Set<String> {
        let wanted = query.list("include") ?? []
        if let stray = wanted.first(where: { !known.contains($0) }) {
            throw FoundryError(
                .badRequest, "The query parameter is invalid: Invalid included resource: '\(stray.prefix(80))'.",
                hint: "known here: \(known.joined(separator: ", "))")
        }
        return Set(wanted)
    }

    /// Each resource once, with the fields that were asked for; nil: it was not.
    func resources(_ resource: String, _ all: [IncludedResource]) -> [IncludedResource]? {
        guard let fields = asked[resource] else { return nil }
        return Self.unique(all).map { pick(fields, of: $0) }
    }

    static func unique(_ all: [IncludedResource]) -> [IncludedResource] {
        var seen: Set<String> = []
        return all.filter { seen.insert($0.guid ?? "").inserted }
    }

    private func pick(_ fields: [String], of resource: IncludedResource) -> IncludedResource {
        let related = fields.compactMap { field in
            field.hasPrefix("relationships.") ? String(field.dropFirst("relationships.".count)) : nil
        }
        let relationships = resource.relationships?.filter { related.contains($0.key) }
        return IncludedResource(
            guid: fields.contains("guid") ? resource.guid : nil, name: fields.contains("name") ? resource.name : nil,
            description: fields.contains("description") ? resource.description : nil,
            tags: fields.contains("tags") ? resource.tags : nil,
            documentationUrl: fields.contains("documentation_url") ? resource.documentationUrl : nil,
            relationships: related.isEmpty ? nil : relationships)
    }
}
