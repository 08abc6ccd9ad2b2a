import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What a push would do")
struct PushPlanTests {
    private var random = Seeded(81)
    private var view = Samples.view()

    private mutating func plan(
        _ request: PushRequest, image: ResolvedImage = Samples.image(),
        configuration: PlatformConfiguration = Samples.configuration()
    ) throws(FoundryError) -> PushPlan {
        try PushPlanner.plan(
            request, image: image, view: view, configuration: configuration, now: Samples.start,
            using: &random)
    }

    private mutating func commit(_ plan: PushPlan, revision: Int64 = 5) {
        for case .put(let record, _) in plan.writes { view.put(record, revision: revision) }
    }

    private static let request = PushRequest(name: "demo", image: "redis", disk: "100M")

    @Test(
        "What is left open has a default: consistent, 512 MiB, one core, checked on the image's port, the lowest free route"
    )
    mutating func defaults() throws {
        let plan = try plan(Self.request)
        let spec = plan.app.spec
        #expect(plan.app.name.description == "demo")
        #expect(plan.app.desired == .started && plan.app.generation == 1)
        #expect(spec.memory == .megabytes(512) && spec.cpu == Millicores(1_000))
        #expect(spec.restartPolicy == .consistent)
        #expect(spec.disk == DiskSpec(size: .megabytes(100), mounts: [VolumeMount(directory: "", path: "/data")]))
        #expect(spec.targetPort == 6_379 && spec.health == HealthCheck(port: 6_379))
        #expect(plan.route?.scope == .loopback && plan.route?.port == 20_000 && plan.route?.targetPort == 6_379)
        #expect(plan.job.state == .processing && plan.job.operation == .applyManifest && plan.job.generation == 1)
        #expect(!plan.isUnchanged)
    }

    @Test("What is asked for is taken as it was asked")
    mutating func everything() throws {
        let request = PushRequest(
            name: "orders-db", image: "postgres", disk: "2G", memory: "1G", cpu: "250m", environment: ["A_1": "x=y\n"],
            port: 20_007,
            targetPort: 5_432, mount: "//srv/data/", policy: PolicyRequest(restartPolicy: "available"),
            health: HealthRequest(startPeriodMilliseconds: 0, intervalMilliseconds: 100, timeoutMilliseconds: 60_000))
        let plan = try plan(request, image: Samples.image(volumes: ["/a", "/b"], ports: [1, 2]))
        #expect(plan.app.spec.disk?.mounts == [VolumeMount(directory: "", path: "/srv/data")])
        #expect(plan.app.spec.cpu == Millicores(250) && plan.app.spec.memory == .gigabytes(1))
        #expect(plan.app.spec.environment == ["A_1": "x=y\n"])
        #expect(plan.app.spec.restartPolicy == .available)
        #expect(plan.app.spec.health.startPeriodMilliseconds == 0 && plan.app.spec.health.timeoutMilliseconds == 60_000)
        #expect(plan.route?.port == 20_007 && plan.route?.targetPort == 5_432)
    }

    @Test("One transaction makes all of it, and only where nothing was")
    mutating func writes() throws {
        let plan = try plan(Self.request)
        #expect(plan.writes.allSatisfy { $0.expectation == .absent })
        #expect(
            plan.writes.map { $0.key.split(separator: "/")[0] }.sorted() == [
                "apps", "events", "jobs", "names", "routes",
            ])
        guard case .put(.event(let event), _)? = plan.writes.first(where: { $0.key.hasPrefix("/events/") }) else {
            Issue.record("no event")
            return
        }
        #expect(
            event.kind == .appPushed && event.subject == "demo" && event.message == "was pushed from redis:7"
                && event.actor == "operator")
    }

    @Test("An app without a name is named for its image")
    mutating func named() throws {
        #expect(try plan(PushRequest(image: "redis", disk: "1G")).app.name.description == "redis")
        var image = Samples.image()
        image.reference = ImageReference(parsing: "registry.example/team/my_tool:1")!
        let error = #expect(throws: FoundryError.self) { try plan(PushRequest(image: "x", disk: "1G"), image: image) }
        #expect(error?.code == .nameInvalid)
        #expect(error?.hint == "foundry push IMAGE NAME")
    }

    @Test("Created stopped, its job is done at once")
    mutating func stopped() throws {
        var request = Self.request
        request.start = false
        let plan = try plan(request)
        #expect(plan.app.desired == .stopped && plan.job.state == .complete)
    }

    @Test("Several VOLUMEs share one disk, with a directory each, and no two paths share one")
    mutating func directories() throws {
        let paths = ["/a", "/a/b", "/a-b", "/a/-b", "/a-/b", "/a%2db", "/a%2d/b", "/var/lib/data"]
        let plan = try plan(Self.request, image: Samples.image(volumes: paths))
        let mounts = try #require(plan.app.spec.disk?.mounts)
        #expect(mounts.map(\.path) == paths)
        #expect(Set(mounts.map(\.directory)).count == paths.count, "\(mounts.map(\.directory))")
        #expect(mounts.last?.directory == "var-lib-data")
        #expect(mounts.allSatisfy { !$0.directory.contains("/") && !$0.directory.isEmpty && $0.directory != ".." })
    }

    @Test("Ephemeral paths live in memory, and there is no disk")
    mutating func ephemeral() throws {
        let request = PushRequest(name: "demo", image: "redis", ephemeral: true)
        let spec = try plan(request, image: Samples.image(volumes: ["/a", "/b"])).app.spec
        #expect(spec.disk == nil && spec.ephemeralPaths == ["/a", "/b"])
        #expect(
            try plan(PushRequest(name: "demo", image: "x"), image: Samples.image(volumes: [])).app.spec.ephemeralPaths
                .isEmpty)
    }

    @Test("Without a route, or without a port, nothing is routed; the check stays where there is a port")
    mutating func unrouted() throws {
        var request = Self.request
        request.noRoute = true
        let plan = try plan(request)
        #expect(plan.route == nil && plan.app.spec.health.asks == .port(6_379))
        let silent = try self.plan(Self.request, image: Samples.image(ports: []))
        #expect(silent.route == nil && silent.app.spec.health.asks == .process && silent.app.spec.targetPort == nil)
        var process = Self.request
        process.health.kind = .process
        #expect(try self.plan(process).app.spec.health.asks == .process)
        #expect(try self.plan(process).route != nil)
    }

    @Test("A public route takes the public range")
    mutating func published() throws {
        var configuration = Samples.configuration()
        configuration.routes.publicRange = PublicRouteRange(address: "192.0.2.1", firstPort: 30_000, lastPort: 30_001)
        var request = Self.request
        request.isPublic = true
        let plan = try plan(request, configuration: configuration)
        #expect(plan.route?.scope == .public && plan.route?.port == 30_000)
    }

    @Test("The same push again writes a job and nothing else")
    mutating func unchanged() throws {
        let first = try plan(Self.request)
        commit(first)
        let again = try plan(Self.request)
        #expect(
            again.isUnchanged && again.app == first.app && again.route == first.route
                && again.contract == first.contract)
        #expect(again.writes == [.put(.job(again.job), expects: .absent)])
        #expect(again.job.state == .processing)
    }

    @Test("The name of an app that is being deleted is free only afterwards")
    mutating func deleting() throws {
        let first = try plan(Self.request)
        commit(first)
        var app = first.app
        app.desired = .deleted(purge: false)
        view.put(.app(app), revision: 6)
        let error = #expect(throws: FoundryError.self) { try plan(Self.request) }
        #expect(error?.code == .appBusy)
    }

    @Test("A port that belongs to another app names it")
    mutating func portTaken() throws {
        commit(try plan(Self.request))
        let error = #expect(throws: FoundryError.self) {
            try plan(PushRequest(name: "other", image: "redis", disk: "100M", port: 20_000))
        }
        #expect(error?.code == .portTaken && error?.message == "Port 20000 belongs to demo.")
    }

    @Test("Before any cell has reported there is nowhere to run it")
    mutating func nowhere() throws {
        view = PlatformView()
        #expect(throws: FoundryError.self) { try plan(Self.request) }
    }
}
