import FoundryModel
import FoundryRules

/// A platform with a release installed, whose cell does at once what it is ordered.
struct ServiceBench {
    var world = RewindBench(empty: ())

    init(_ manifest: ReleaseManifest = Self.manifest()) throws {
        try install(manifest)
    }

    /// Its engine defers syncs itself.
    private static var image: ResolvedImage {
        var image = Samples.image()
        image.configuration.environment = ["FOUNDRY_DISK_SYNC=normal"]
        return image
    }

    var view: PlatformView { world.view }
    var now: Timestamp { world.bench.wall }

    static func manifest(
        version: String = "1.0.0", users: Bool = true, cluster: ReleaseCluster? = nil, tls: Bool = false,
        members: Int = 1
    ) -> ReleaseManifest {
        ReleaseManifest(
            name: AppName("pg")!, version: ReleaseVersion(version)!, title: "PG", description: "A database.",
            tags: ["sql"], image: .local("redis:7"), port: 6_379, data: "/data", tls: tls, secrets: ["admin"],
            values: ["database": "app"], health: ReleaseCheck(.port), cluster: cluster,
            plans: [
                plan("small", disk: .megabytes(100)), plan("large", disk: .megabytes(200), memory: .megabytes(128)),
                plan("wide", disk: .megabytes(100), members: cluster == nil ? 1 : 3),
            ],
            parameters: [
                ReleaseParameter(
                    name: "connections", kind: .integer(minimum: 10, maximum: 100), defaultValue: .integer(50)),
                ReleaseParameter(
                    name: "label", kind: .text(longest: 10), defaultValue: .text(""), needsRestart: false),
            ],
            binding: ReleaseBinding(
                parameters: [
                    ReleaseParameter(name: "access", kind: .choice(["rw", "ro"]), defaultValue: .text("rw"))
                ], hasUsers: users,
                credentials: [
                    "uri": "pg://{{user}}:{{password}}@{{host}}:{{port}}/{{database}}?{{access}}", "port": "{{port}}",
                    "ca": "{{tls_ca}}",
                ]), verbs: users ? ["bind", "unbind"] : [])
    }

    private static func plan(
        _ name: String, disk: ByteCount, memory: ByteCount = .megabytes(64), members: Int = 1
    ) -> ReleasePlan {
        ReleasePlan(
            name: PlanName(name)!, description: name, members: members, memory: memory, cpu: Millicores(500), disk: disk
        )
    }

    mutating func install(_ manifest: ReleaseManifest, digest: String? = nil) throws {
        let plan = try ReleaseVerbs.install(
            manifest, image: Self.image, digest: digest ?? "sha256:\(manifest.version)", signer: nil, by: "ci",
            view: view, now: now, using: &world.bench.random)
        _ = world.bench.write(plan.writes)
    }

    func planID(_ name: String) -> PlanID { view.offerings[0].plans[name]! }

    func request(
        _ name: String? = "db", plan: String = "small", id: String? = nil,
        parameters: [String: ParameterValue] = [:], wishes: ServiceWishes = ServiceWishes()
    ) -> ProvisionRequest {
        ProvisionRequest(
            id: id.flatMap { ServiceInstanceID($0) }, name: name, plan: planID(plan), parameters: parameters,
            wishes: wishes, origin: ServiceOrigin(by: "ci"))
    }

    /// - Parameter settles: until the cell and the router have done all that follows.
    @discardableResult
    mutating func provision(
        _ request: ProvisionRequest? = nil, settles: Bool = true
    ) throws -> ServiceAnswer<ServiceInstanceRecord> {
        let answer = try ServiceVerbs.provision(
            request ?? self.request(), view: view, configuration: world.bench.configuration, now: now,
            using: &world.bench.random)
        _ = world.bench.write(answer.writes)
        if settles { settle() }
        return answer
    }

    @discardableResult
    mutating func update(
        _ request: ServiceUpdateRequest, settles: Bool = true
    ) throws -> ServiceAnswer<ServiceInstanceRecord> {
        let answer = try ServiceVerbs.update(
            try record(), request, view: view, configuration: world.bench.configuration, now: now,
            using: &world.bench.random)
        _ = world.bench.write(answer.writes)
        if settles { settle() }
        return answer
    }

    @discardableResult
    mutating func delete(
        isForced: Bool = true, settles: Bool = true
    ) throws -> ServiceAnswer<ServiceInstanceRecord> {
        let answer = try ServiceVerbs.delete(
            try record(), isForced: isForced, view: view, now: now, using: &world.bench.random)
        _ = world.bench.write(answer.writes)
        if settles { settle() }
        return answer
    }

    @discardableResult
    mutating func bind(
        _ name: String? = "key", id: String? = nil, app: AppID? = nil, predecessor: BindingID? = nil,
        overlap: Int64? = nil, parameters: [String: ParameterValue] = [:], settles: Bool = true
    ) throws -> ServiceAnswer<BindingRecord> {
        let request = BindRequest(
            id: id.flatMap { BindingID($0) }, instance: try record().value.id, app: app, name: name,
            parameters: parameters, predecessor: predecessor, overlapMilliseconds: overlap,
            origin: ServiceOrigin(by: "ci"))
        let answer = try BindingVerbs.bind(request, view: view, now: now, using: &world.bench.random)
        _ = world.bench.write(answer.writes)
        if settles { settle() }
        return answer
    }

    @discardableResult
    mutating func unbind(_ id: BindingID, settles: Bool = true) throws -> ServiceAnswer<BindingRecord> {
        guard let binding = view.bindings[id] else { throw FoundryError(.bindingNotFound, "none") }
        let answer = try BindingVerbs.unbind(binding, view: view, now: now, using: &world.bench.random)
        _ = world.bench.write(answer.writes)
        if settles { settle() }
        return answer
    }

    mutating func settle() {
        for _ in 0..<6 {
            world.settle()
            _ = world.bench.route()
            _ = world.bench.tell(.tick)
        }
    }

    func record(_ name: String = "db") throws -> Revised<ServiceInstanceRecord> {
        guard let instance = AppName(name).flatMap({ view.instance(named: $0) }) else {
            throw FoundryError(.serviceNotFound, name)
        }
        return instance
    }

    func state() throws -> ServiceOperation.State { try record().value.operation.state }
    func binding(_ id: BindingID) -> BindingState? { view.bindings[id]?.value.state }
}
