import FoundryModel

/// Short names of images, and what they mean here.
public enum ImageAliases {
    /// Well-known names of the bundled images; `foundry images` prints it.
    public static let table: [(alias: String, name: String)] = [
        ("library/mariadb", "mariadb"), ("library/mysql", "mariadb"), ("library/postgres", "postgresql"),
        ("library/redis", "redis"), ("mariadb/mariadb", "mariadb"), ("mysql", "mariadb"), ("mysql/mysql", "mariadb"),
        ("postgres", "postgresql"), ("postgres/postgres", "postgresql"), ("postgresql/postgresql", "postgresql"),
        ("redis/redis", "redis"),
    ]

    public enum Choice: Hashable, Sendable {
        /// One of the local names, whole: `redis:7`.
        case local(String)
        case registry(ImageReference)
    }

    /// A full reference means its registry and nothing else; a short name means a local image and nothing else.
    ///
    /// - Parameter local: names of the local images, with their tags: `redis:7`.
    /// - Throws: `image_invalid`, `image_unknown` with the nearest local name.
    public static func resolve(_ text: String, local: [String]) throws(FoundryError) -> Choice {
        guard let reference = ImageReference(parsing: text) else {
            throw FoundryError(
                .imageInvalid, "'\(text.prefix(80))' is not an image's name.",
                hint: "foundry push redis, or host:5000/team/name:tag")
        }
        if reference.registry != nil { return .registry(reference) }
        let repository = table.first { $0.alias == reference.repository }?.name ?? reference.repository
        let matches = local.filter { name in
            let parts = name.split(separator: ":", maxSplits: 1).map(String.init)
            return parts.first == repository
                && (reference.tag == nil || reference.tag == "latest" || parts.last == reference.tag)
        }
        guard let match = matches.max(), reference.digest == nil else { throw unknown(reference, repository, local) }
        return .local(match)
    }

    private static func unknown(_ reference: ImageReference, _ repository: String, _ local: [String]) -> FoundryError {
        let repositories = Set(
            local.compactMap { $0.split(separator: ":").first.map(String.init) } + table.map(\.alias)
        ).sorted()
        let nearest = NearestName.find(reference.repository, among: repositories)
        let others = local.filter { $0.hasPrefix(repository + ":") }
        let hint: String
        if !others.isEmpty {
            hint = "here are: \(others.sorted().joined(separator: ", "))"
        } else {
            hint =
                nearest.map { "did you mean \($0)? `foundry images` lists what is here" }
                ?? "`foundry images` lists what is here; an image of a registry needs its host: registry.example/team/name"
        }
        return FoundryError(.imageUnknown, "No local image is called '\(reference)'.", hint: hint)
    }
}
