import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A push at its limits")
struct PushLimitTests {
    /// The code of its refusal; nil when it is taken.
    private static func refusal(
        image: ResolvedImage = Samples.image(), _ change: (inout PushRequest) -> Void
    ) -> ErrorCode? {
        var request = PushRequest(name: "demo", image: "redis", disk: "100M")
        change(&request)
        var random = Seeded(91)
        do throws(FoundryError) {
            _ = try PushPlanner.plan(
                request, image: image, view: Samples.view(), configuration: Samples.configuration(),
                now: Samples.start, using: &random)
            return nil
        } catch {
            return error.code
        }
    }

    @Test("A variable's name is ASCII throughout and at most 128 bytes")
    func names() {
        #expect(Self.refusal { $0.environment = ["_": "x", "a1_B": "x"] } == nil)
        for name in ["AÉ", "A\u{663}", "A ", "A.B", "9", "É"] {
            #expect(Self.refusal { $0.environment = [name: "x"] } == .environmentInvalid, "\(name)")
        }
        #expect(Self.refusal { $0.environment = [String(repeating: "A", count: 128): "x"] } == nil)
        #expect(Self.refusal { $0.environment = [String(repeating: "A", count: 129): "x"] } == .environmentInvalid)
    }

    @Test("Variables have 64 KiB in all, names among them")
    func bytes() {
        func environment(_ bytes: Int) -> [String: String] {
            ["AB": String(repeating: "x", count: bytes - 6), "CD": "yz"]
        }
        #expect(Self.refusal { $0.environment = environment(65_536) } == nil)
        #expect(Self.refusal { $0.environment = environment(65_537) } == .environmentInvalid)
    }

    @Test("Sizes are taken at both ends of their limits; what has no room is told as that")
    func sizes() {
        #expect(Self.refusal { $0.memory = "8M" } == nil)
        #expect(Self.refusal { $0.memory = "8191K" } == .sizeInvalid)
        #expect(Self.refusal { $0.memory = "4096G" } == .capacityShort)
        #expect(Self.refusal { $0.memory = "4097G" } == .sizeInvalid)
        #expect(Self.refusal { $0.disk = "16M" } == nil)
        #expect(Self.refusal { $0.disk = "16383K" } == .sizeInvalid)
        #expect(Self.refusal { $0.disk = "16384G" } == .poolFull)
        #expect(Self.refusal { $0.disk = "16385G" } == .sizeInvalid)
        #expect(Self.refusal { $0.cpu = "10m" } == nil)
        #expect(Self.refusal { $0.cpu = "9m" } == .sizeInvalid)
        #expect(Self.refusal { $0.cpu = "1000.001" } == .sizeInvalid)
    }

    @Test("Ports inside the member, and figures of health checks, are taken at both ends")
    func figures() {
        for (port, code) in [(0, ErrorCode.portInvalid), (1, nil), (65_535, nil), (65_536, .portInvalid)] {
            #expect(Self.refusal { $0.targetPort = port } == code, "\(port)")
        }
        for (start, code) in [
            (Int64(-1), ErrorCode.healthInvalid), (0, nil), (3_600_000, nil), (3_600_001, .healthInvalid),
        ] {
            #expect(Self.refusal { $0.health.startPeriodMilliseconds = start } == code, "\(start)")
        }
        for (interval, code) in [
            (Int64(99), ErrorCode.healthInvalid), (100, nil), (3_600_000, nil), (3_600_001, .healthInvalid),
        ] {
            #expect(Self.refusal { $0.health.intervalMilliseconds = interval } == code, "\(interval)")
        }
        for (timeout, code) in [
            (Int64(9), ErrorCode.healthInvalid), (10, nil), (60_000, nil), (60_001, .healthInvalid),
        ] {
            #expect(Self.refusal { $0.health.timeoutMilliseconds = timeout } == code, "\(timeout)")
        }
    }

    @Test("A mount is a plain path of at most 255 bytes, escaped ones counted, and nothing that the system needs")
    func mounts() {
        for path in ["/data/./x", "/./data", "/..", "data/x", "/a:b", "/proc/x", "/sys/x", "/dev/x", "/etc", "/usr/"] {
            #expect(Self.refusal { $0.mount = path } == .mountInvalid, "\(path)")
        }
        for path in ["/etcetera", "/proc2", "/etc/mine", "/usr/local/data", "/...", "/a..b"] {
            #expect(Self.refusal { $0.mount = path } == nil, "\(path)")
        }
        #expect(Self.refusal { $0.mount = "/" + String(repeating: "x", count: 254) } == nil)
        #expect(Self.refusal { $0.mount = "/" + String(repeating: "x", count: 255) } == .mountInvalid)
        #expect(Self.refusal { $0.mount = "/" + String(repeating: "-", count: 85) } == nil)
        #expect(Self.refusal { $0.mount = "/" + String(repeating: "-", count: 86) } == .mountInvalid)
        #expect(Self.refusal { $0.mount = "/" + String(repeating: "%", count: 86) } == .mountInvalid)
    }

    @Test("Two volumes of an image never share a directory, whatever their names have in them")
    func directories() throws {
        let paths = ["/a/b", "/a-b", "/a%2db", "/a%b"]
        var random = Seeded(92)
        let plan = try PushPlanner.plan(
            PushRequest(name: "demo", image: "redis", disk: "100M"), image: Samples.image(volumes: paths),
            view: Samples.view(), configuration: Samples.configuration(), now: Samples.start, using: &random)
        #expect(plan.app.spec.disk?.mounts.map(\.directory) == ["a-b", "a%2db", "a%252db", "a%25b"])
        #expect(plan.app.spec.disk?.mounts.map(\.path) == paths)
    }

    @Test("A pause of nothing is told in seconds, and whole minutes in minutes")
    func durations() {
        var configuration = Samples.configuration()
        configuration.restart = RestartLimits(
            firstDelayMilliseconds: 0, longestDelayMilliseconds: 61_000, endsUntilCrashed: 3,
            crashedDelayMilliseconds: 120_000)
        let texts = Contract.sentences(for: Samples.spec(), route: nil, configuration: configuration).map(\.text)
        #expect(texts[0].contains("after 0 s at first, then after pauses that double up to 61 s."))
        #expect(texts[1].contains("every 2 min."))
    }

    @Test("A local name is read up to its first colon")
    func aliases() {
        let local = ["redis:7:beta"]
        #expect(throws: FoundryError.self) { try ImageAliases.resolve("redis:beta", local: local) }
        #expect(throws: FoundryError.self) { try ImageAliases.resolve("redis:7", local: local) }
    }

    @Test("A route is asked for only where it can lead; a port that nobody routes is checked all the same")
    func unrouted() {
        let silent = Samples.image(ports: [])
        #expect(Self.refusal(image: silent) { $0.isPublic = true } == .portInvalid)
        #expect(Self.refusal(image: silent) { $0.port = 20_000 } == .portInvalid)
        #expect(Self.refusal { ($0.noRoute, $0.targetPort) = (true, 0) } == .portInvalid)
        #expect(Self.refusal(image: Samples.image(ports: [80, 443])) { $0.noRoute = true } == nil)
        #expect(Self.refusal { $0.mount = "/x" + String(repeating: "-", count: 85) } == .mountInvalid)
    }

    @Test("The same push again is complete once a member serves, or when it is not to run")
    func again() throws {
        var random = Seeded(93)
        var view = Samples.view()
        func plan() throws -> PushPlan {
            try PushPlanner.plan(
                PushRequest(name: "demo", image: "redis", disk: "100M"), image: Samples.image(), view: view,
                configuration: Samples.configuration(), now: Samples.start, using: &random)
        }
        let first = try plan()
        for case .put(let record, _) in first.writes { view.put(record, revision: 5) }
        #expect(try plan().job.state == .processing)
        let member = MemberRecord(
            id: MemberID("m1")!, app: first.app.id, index: 0, cell: Samples.cell, slot: 7, volume: nil)
        view.put(.member(member), revision: 6)
        for (phase, state) in [(MemberPhase.starting, JobState.processing), (.healthy, .complete)] {
            let status = MemberStatus(
                id: member.id, generation: 1, phase: phase, since: Samples.start, restarts: 0, lastExit: nil,
                address: "10.77.3.7", startedAt: nil, pid: nil)
            view.put(.status(status), revision: 7)
            #expect(try plan().job.state == state)
        }
        view.remove(key: "/status/members/m1", revision: 8)
        var app = first.app
        app.desired = .stopped
        view.put(.app(app), revision: 9)
        #expect(try plan().job.state == .complete)
    }
}
