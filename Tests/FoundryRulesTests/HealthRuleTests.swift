import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

@Suite("What is asked of checks")
struct HealthRuleTests {
    private static func image(_ variables: [String] = [], health: ImageHealthCheck? = nil) -> ResolvedImage {
        var image = Samples.image()
        image.configuration.environment = variables
        image.configuration.health = health
        return image
    }

    private static func check(
        _ request: HealthRequest = HealthRequest(), _ image: ResolvedImage = image(), port: Int? = 6_379
    ) throws(FoundryError) -> HealthCheck {
        try HealthRule.liveness(request, image: image, port: port)
    }

    @Test("An app that says nothing has its image's check: its own, its engine's, or the port")
    func defaults() throws {
        #expect(try Self.check() == HealthCheck(.port(6_379)))
        #expect(try Self.check(port: nil) == HealthCheck(.process))
        for engine in EngineProtocol.allCases {
            let image = Self.image(["FOUNDRY_HEALTH_PROTOCOL=\(engine.rawValue)"])
            #expect(try Self.check(HealthRequest(), image) == HealthCheck(.engine(engine, port: 6_379)))
            #expect(try Self.check(HealthRequest(kind: .engine), image) == HealthCheck(.engine(engine, port: 6_379)))
            #expect(try Self.check(HealthRequest(kind: .port), image) == HealthCheck(.port(6_379)))
        }
        #expect(try Self.check(HealthRequest(), Self.image(["FOUNDRY_HEALTH_PROTOCOL=smtp"])).asks == .port(6_379))
    }

    @Test("A HEALTHCHECK counts with Docker's own defaults, within our limits; NONE means no check")
    func docker() throws {
        func docker(_ health: ImageHealthCheck) throws -> HealthCheck {
            try Self.check(HealthRequest(), Self.image(["FOUNDRY_HEALTH_PROTOCOL=redis"], health: health))
        }
        #expect(
            try docker(ImageHealthCheck(command: ["/check", "-q"]))
                == HealthCheck(
                    .command(["/check", "-q"]), startPeriodMilliseconds: 90_000, intervalMilliseconds: 30_000,
                    timeoutMilliseconds: 30_000, failuresAllowed: 3))
        #expect(
            try docker(
                ImageHealthCheck(
                    command: ["/check"], intervalMilliseconds: 1_000, timeoutMilliseconds: 500,
                    startPeriodMilliseconds: 5_000, retries: 2))
                == HealthCheck(
                    .command(["/check"]), startPeriodMilliseconds: 7_000, intervalMilliseconds: 1_000,
                    timeoutMilliseconds: 500, failuresAllowed: 2))
        let wild = try docker(
            ImageHealthCheck(
                command: ["/check"], intervalMilliseconds: .max, timeoutMilliseconds: 1,
                startPeriodMilliseconds: .max, retries: .max))
        #expect(wild.startPeriodMilliseconds == 3_600_000 && wild.intervalMilliseconds == 3_600_000)
        #expect(wild.timeoutMilliseconds == 10 && wild.failuresAllowed == 100)
        #expect(try docker(ImageHealthCheck(command: [])).asks == .process)
        let said = try Self.check(
            HealthRequest(intervalMilliseconds: 500), Self.image(health: ImageHealthCheck(command: ["/check"])))
        #expect(said.intervalMilliseconds == 500 && said.asks == .command(["/check"]))
    }

    @Test("Each kind is as it is asked for; an endpoint or a command says its kind by itself")
    func kinds() throws {
        #expect(try Self.check(HealthRequest(kind: .process)).asks == .process)
        #expect(try Self.check(HealthRequest(kind: .port), port: nil).asks == .process)
        #expect(try Self.check(HealthRequest(kind: .http)).asks == .http(port: 6_379, path: "/"))
        #expect(try Self.check(HealthRequest(path: "/up?deep=1")).asks == .http(port: 6_379, path: "/up?deep=1"))
        let command = try Self.check(HealthRequest(command: "test -e /up", timeoutMilliseconds: 200), port: nil)
        #expect(
            command
                == HealthCheck(
                    .command(["/bin/sh", "-c", "test -e /up"]), intervalMilliseconds: 10_000,
                    timeoutMilliseconds: 200))
    }

    @Test("Readiness is nobody's default, and process means none")
    func readiness() throws {
        func readiness(_ request: HealthRequest) throws -> HealthCheck? {
            try HealthRule.readiness(request, image: Self.image(["FOUNDRY_HEALTH_PROTOCOL=redis"]), port: 6_379)
        }
        #expect(try readiness(HealthRequest()) == nil)
        #expect(try readiness(HealthRequest(kind: .process)) == nil)
        #expect(
            try readiness(HealthRequest(path: "/ready", intervalMilliseconds: 300))
                == HealthCheck(.http(port: 6_379, path: "/ready"), intervalMilliseconds: 300))
    }

    static let refused: [(HealthRequest, Int?, String)] = [
        (HealthRequest(kind: .port, path: "/up"), 80, "type http"),
        (HealthRequest(kind: .http, command: "true"), 80, "type command"),
        (HealthRequest(kind: .http), nil, "needs a port"),
        (HealthRequest(path: "up"), 80, "'up'"),
        (HealthRequest(path: "/a b"), 80, "'/a b'"),
        (HealthRequest(path: "/a\r\nHost: x"), 80, "endpoint"),
        (HealthRequest(path: "/" + String(repeating: "a", count: 2_048)), 80, "endpoint"),
        (HealthRequest(kind: .command), 80, "1 to 4096 bytes"),
        (HealthRequest(command: ""), 80, "1 to 4096 bytes"),
        (HealthRequest(command: "a\0b"), 80, "1 to 4096 bytes"),
        (HealthRequest(command: String(repeating: "a", count: 4_097)), 80, "1 to 4096 bytes"),
        (HealthRequest(kind: .engine), 80, "names no protocol"),
        (HealthRequest(startPeriodMilliseconds: -1), 80, "start-period"),
        (HealthRequest(intervalMilliseconds: 99), 80, "interval"),
        (HealthRequest(timeoutMilliseconds: 60_001), 80, "timeout"),
    ]

    @Test("What cannot be asked is refused with what could be", arguments: refused)
    func refusals(_ request: HealthRequest, _ port: Int?, _ words: String) throws {
        let error = try #require(throws: FoundryError.self) { try Self.check(request, port: port) }
        #expect(error.code == .healthInvalid && error.message.contains(words) && error.hint != nil)
        #expect(throws: FoundryError.self) { try HealthRule.readiness(request, image: Self.image(), port: port) }
    }

    @Test("A write probe is its image's, for workloads with a disk, at a pace within limits")
    func writeProbe() {
        func probe(_ variables: [String], disk: ByteCount? = .megabytes(100)) -> HealthCheck? {
            var spec = Samples.spec(disk: disk)
            spec.image.configuration.environment = variables
            return ImageChecks.writeProbe(spec)
        }
        let line = "FOUNDRY_WRITE_PROBE=dd if=/dev/zero of=/data/.probe"
        #expect(probe([]) == nil && probe(["FOUNDRY_WRITE_PROBE="]) == nil && probe([line], disk: nil) == nil)
        #expect(probe([line])?.asks == .command(["/bin/sh", "-c", "dd if=/dev/zero of=/data/.probe"]))
        #expect(probe([line])?.intervalMilliseconds == 30_000 && probe([line])?.timeoutMilliseconds == 5_000)
        for (said, pause) in [("5000", 5_000), ("1", 1_000), ("99999999", 3_600_000), ("soon", 30_000)] {
            let asked = probe([line, "FOUNDRY_WRITE_PROBE_INTERVAL_MS=\(said)"])
            #expect(asked?.intervalMilliseconds == Int64(pause), "\(said)")
        }
    }

    @Test("A change of checks restarts nothing: the record and an event are written, and nothing when it is so already")
    func changes() throws {
        var random = Seeded(7)
        func app(_ desired: DesiredState = .started) -> Revised<AppRecord> {
            Revised(
                AppRecord(
                    id: AppID("app")!, name: AppName("demo")!, spec: Samples.spec(), desired: desired, generation: 3,
                    createdAt: Samples.start, updatedAt: Samples.start), revision: 9)
        }
        let plan = try HealthChange.plan(
            app(), liveness: HealthRequest(path: "/up"), readiness: HealthRequest(kind: .port),
            now: Samples.start + 1_000, using: &random)
        #expect(plan.app.generation == 3 && plan.app.updatedAt == Samples.start + 1_000)
        #expect(plan.app.spec.health.asks == .http(port: 6_379, path: "/up"))
        #expect(plan.app.spec.readiness?.asks == .port(6_379))
        #expect(plan.writes.first == .put(.app(plan.app), expects: .revision(9)))
        guard case .put(.event(let event), .absent)? = plan.writes.last else {
            Issue.record("no event")
            return
        }
        #expect(event.kind == .appHealthChanged && event.subject == "demo")
        #expect(
            event.message
                == "is checked by GET /up on port 6379, every 2 s; a connection to port 6379, every 2 s, before it gets connections"
        )
        let same = try HealthChange.plan(
            app(), liveness: nil, readiness: nil, now: Samples.start, using: &random)
        #expect(same.writes.isEmpty && same.app == app().value)
        #expect(throws: FoundryError.self) {
            try HealthChange.plan(
                app(.deleted(purge: false)), liveness: nil, readiness: nil, now: Samples.start, using: &random)
        }
    }
}
