import FoundryModel

/// The releases that people of a simulated world install: a database with users, in two versions, and a cache without.
enum ServiceReleases {
    static let all = [database("1.0.0"), database("1.1.0"), cache]

    /// A parameter of a database with which no member of it comes up.
    static let broken = "broken"
    /// A parameter of a binding whose user cannot be made.
    static let fails = "fails"

    static func digest(of manifest: ReleaseManifest) -> String { "sha256:\(manifest.name).\(manifest.version)" }

    private static func database(_ version: String) -> ReleaseManifest {
        ReleaseManifest(
            name: name("db"), version: number(version), title: "A database", description: "with users",
            image: .local("database"), port: 5_432, data: "/data", secrets: ["admin"],
            health: ReleaseCheck(.port),
            plans: [
                plan("kept", disk: .gigabytes(1)),
                plan(
                    "replaced", disk: .gigabytes(1),
                    policy: ReleasePolicy(restartPolicy: "available", whenLost: "empty")),
            ],
            parameters: [
                ReleaseParameter(name: "size", kind: .integer(minimum: 1, maximum: 1_000), defaultValue: .integer(1)),
                ReleaseParameter(
                    name: "title", kind: .text(longest: 20), defaultValue: .text(""), needsRestart: false),
                ReleaseParameter(name: broken, kind: .boolean, defaultValue: .boolean(false)),
            ],
            binding: ReleaseBinding(
                parameters: [ReleaseParameter(name: fails, kind: .boolean, defaultValue: .boolean(false))],
                hasUsers: true,
                credentials: ["uri": "db://{{user}}:{{password}}@{{host}}:{{port}}", "port": "{{port}}"]
            ), verbs: ["bind", "unbind"])
    }

    private static let cache = ReleaseManifest(
        name: name("cache"), version: number("1.0.0"), title: "A cache", description: "without users",
        image: .local("database"), port: 5_432, health: ReleaseCheck(.port), plans: [plan("small")],
        binding: ReleaseBinding(hasUsers: false, credentials: ["port": "{{port}}"]))

    /// Members of all workloads of a world are of one size.
    private static func plan(
        _ text: String, disk: ByteCount? = nil, policy: ReleasePolicy = ReleasePolicy()
    )
        -> ReleasePlan
    {
        guard let name = PlanName(text) else { preconditionFailure("short names have their shape") }
        return ReleasePlan(
            name: name, description: text, memory: .megabytes(256), cpu: Millicores(250), disk: disk, policy: policy)
    }

    private static func name(_ text: String) -> AppName {
        guard let name = AppName(text) else { preconditionFailure("short names have their shape") }
        return name
    }

    private static func number(_ text: String) -> ReleaseVersion {
        guard let version = ReleaseVersion(text) else { preconditionFailure("three numbers are a version") }
        return version
    }
}
