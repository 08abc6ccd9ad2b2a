import FoundryModel
import FoundryRules
import Testing

@Suite("A push of an app with another image, or another route")
struct PushChangeImageTests {
    typealias Bench = PushChangeBench

    @Test("What was left to the image is left to the new one; what was said stays")
    func image() throws {
        var left = try Bench(Bench.request())
        let image = Bench.image(ports: [7_000])
        let spec = try left.plan(Bench.change(), image: image).app.spec
        #expect(spec.targetPort == 7_000 && spec.health == HealthCheck(port: 7_000))
        var patient = try Bench(Bench.request { $0.health.startPeriodMilliseconds = 5_000 })
        let check = try patient.plan(Bench.change(), image: image).app.spec.health
        #expect(check == HealthCheck(port: 7_000, startPeriodMilliseconds: 5_000))
        var said = try Bench(Bench.request { ($0.targetPort, $0.health.path, $0.readiness.path) = (80, "/up", "/r") })
        let kept = try said.plan(Bench.change(), image: image).app.spec
        #expect(kept.targetPort == 80 && kept.health.asks == .http(port: 80, path: "/up"))
        #expect(kept.readiness?.asks == .http(port: 80, path: "/r"))
        #expect(try said.plan(Bench.change(), image: image).route?.targetPort == 80)
    }

    @Test("Checks go with the port that they ask at; of several ports of a new image one has to be named")
    func ports() throws {
        var engine = try Bench(
            Bench.request { $0.health.kind = .engine }, image: Bench.image(says: ["FOUNDRY_HEALTH_PROTOCOL=redis"]))
        let moved = try engine.plan(
            Bench.change { $0.targetPort = 7_000 }, image: Bench.image(says: ["FOUNDRY_HEALTH_PROTOCOL=redis"]))
        #expect(moved.app.spec.health.asks == .engine(.redis, port: 7_000) && moved.route?.targetPort == 7_000)
        for (asked, becomes) in [
            (HealthRequest(kind: .port, startPeriodMilliseconds: 1), HealthQuestion.port(80)),
            (HealthRequest(kind: .engine, startPeriodMilliseconds: 1), .engine(.redis, port: 80)),
            (HealthRequest(path: "/up"), .http(port: 80, path: "/up")),
            (HealthRequest(command: "true"), .command(["/bin/sh", "-c", "true"])),
            (HealthRequest(kind: .process), .process),
        ] {
            let image = Bench.image(says: ["FOUNDRY_HEALTH_PROTOCOL=redis"])
            var bench = try Bench(Bench.request { $0.health = asked }, image: image)
            #expect(try bench.plan(Bench.change { $0.targetPort = 80 }, image: image).app.spec.health.asks == becomes)
        }
        var bench = try Bench()
        #expect(bench.refusal(Bench.change(), image: Bench.image(ports: [1, 2]))?.code == .portInvalid)
        #expect(try bench.plan(Bench.change(), image: Bench.image(ports: [1, 6_379])).app.spec.targetPort == 6_379)
        #expect(try bench.plan(Bench.change(), image: Bench.image(ports: [])).app.spec.targetPort == 6_379)
        var asked = try Bench(Bench.request { $0.health.command = "true" }, image: Samples.image(ports: []))
        let told = try asked.plan(Bench.change { $0.targetPort = 80 }, image: Samples.image(ports: []))
        #expect(told.app.spec.health.asks == .command(["/bin/sh", "-c", "true"]))
        var silent = try Bench(image: Samples.image(ports: []))
        #expect(try silent.plan(Bench.change { $0.noRoute = false }, image: Samples.image(ports: [])).route == nil)
        #expect(
            silent.refusal(Bench.change { $0.port = 20_001 }, image: Samples.image(ports: []))?.code == .portInvalid)
        #expect(try silent.plan(Bench.change { $0.noRoute = false }).route?.targetPort == 6_379)
    }

    @Test("The places of its data stay: left to the image they follow it only where that changes nothing")
    func mounts() throws {
        var bench = try Bench()
        let elsewhere = Bench.image(volumes: ["/elsewhere"])
        let error = bench.refusal(Bench.change(), image: elsewhere)
        #expect(error?.code == .conflict && error?.hint == "--mount /data, or another name")
        #expect(bench.refusal(Bench.change { $0.mount = "/data" }, image: elsewhere) == nil)
        #expect(bench.refusal(Bench.change(), image: Bench.image(volumes: [])) == nil)
        var said = try Bench(Bench.request { $0.mount = "/srv" })
        #expect(said.refusal(Bench.change(), image: elsewhere) == nil)
        var several = try Bench(image: Samples.image(volumes: ["/a", "/b"]))
        let two = several.refusal(Bench.change(), image: elsewhere)
        #expect(two?.message.contains("at /a, /b") == true && two?.hint == "another name")
    }

    @Test("A route keeps its port, or gets the one that is asked for; the old one is kept for the way back")
    func routes() throws {
        var bench = try Bench()
        #expect(try bench.told(Bench.change { $0.port = 20_005 }) == ["route port 20000 -> port 20005"])
        #expect(try bench.told(Bench.change { $0.noRoute = true }) == ["route port 20000 -> none"])
        #expect(try bench.told(Bench.change { $0.isPublic = true }) == ["route port 20000 -> port 30000, public"])
        #expect(try bench.plan(Bench.change { ($0.port, $0.isPublic) = (20_000, false) }).isUnchanged)
        let plan = try bench.plan(Bench.change { ($0.port, $0.environment) = (20_005, ["A": "1"]) })
        bench.commit(plan.writes)
        #expect(bench.view.routes.keys.sorted() == ["/routes/loopback/20005"])
        #expect(bench.app.value.rollout?.routeBefore?.route?.port == 20_000)
        let other = PushRequest(name: "other", image: "redis", disk: "100M")
        #expect(try bench.plan(other).route?.port == 20_001)
        var same = other
        same.port = 20_000
        #expect(bench.refusal(same)?.message == "Port 20000 belongs to demo.")
        var unrouted = try Bench(Bench.request { $0.noRoute = true })
        #expect(try unrouted.plan(Bench.change()).isUnchanged)
        #expect(try unrouted.told(Bench.change { $0.port = 20_003 }) == ["route none -> port 20003"])
        #expect(try unrouted.told(Bench.change { $0.noRoute = false }) == ["route none -> port 20000"])
    }

    @Test("An image that says which files it opens is asked; one that does not is judged by its name")
    func formats() throws {
        func image(_ name: String, _ format: String?, opens: String? = nil) -> ResolvedImage {
            let says = [format.map { "FOUNDRY_DATA_FORMAT=\($0)" }, opens.map { "FOUNDRY_DATA_OPENS=\($0)" }]
            var image = Bench.image(name, says: says.compactMap(\.self))
            image.manifestDigest = "sha256:\(name)\(format ?? "")"
            return image
        }
        func judged(_ old: ResolvedImage, _ new: ResolvedImage) throws -> String {
            var bench = try Bench(image: old)
            if let refusal = bench.refusal(Bench.change(), image: new) { return "\(refusal.code): \(refusal.message)" }
            return try bench.plan(Bench.change(), image: new).dangers.joined(separator: " ")
        }
        #expect(try judged(image("pg:15", "pg-15"), image("pg:15.1", "pg-15")) == "")
        #expect(
            try judged(image("pg:15", "pg-15"), image("pg:17", "pg-17", opens: "pg-16"))
                == "imageUnfit: pg:17 does not open files of pg-15, which the disk of demo has: it opens pg-17, pg-16.")
        #expect(
            try judged(image("r:7", "r-7"), image("r:8", "r-8", opens: "r-6,r-7"))
                == "Once r:8 has opened the disk of demo, r:7 may not open it any more: a way back then needs a snapshot from before."
        )
        #expect(try judged(image("r:7", "r-7", opens: "r-8"), image("r:8", "r-8", opens: "r-7")) == "")
        let unsaid = "Nothing says whether"
        #expect(try judged(image("r:7", "r-7"), image("r:8", nil)).hasPrefix(unsaid))
        #expect(try judged(image("r:7.1", nil), image("r:7.2", "r-7")) == "")
        for (old, new) in [("r:7", "r:8"), ("r:7", "s:7"), ("r:a", "r:a2"), ("r", "r:7"), ("h:5/r:7", "h:5/r@x")] {
            #expect(try judged(image(old, nil), image(new, nil)).hasPrefix(unsaid), "\(old) \(new)")
        }
        #expect(try judged(image("r:7", ""), image("r:7.1", nil)) == "", "an empty word says nothing")
    }

    @Test("Only what may cost data is asked about, and only where there is any")
    func dangers() throws {
        func dangers(_ from: PolicyRequest, _ to: PolicyRequest) throws -> Int {
            var bench = try Bench(Bench.request { $0.policy = from })
            return try bench.plan(Bench.change { ($0.policy, $0.memory) = (to, "1G") }).dangers.count
        }
        let (none, defers) = (PolicyRequest(), PolicyRequest(diskSync: "defer:300", tolerates: "reorder"))
        #expect(try dangers(none, none) == 0)
        #expect(try dangers(none, defers) == 1 && dangers(defers, PolicyRequest(diskSync: "normal")) == 0)
        #expect(try dangers(PolicyRequest(diskSync: "immediate"), PolicyRequest(diskSync: "normal")) == 1)
        #expect(try dangers(none, PolicyRequest(restartPolicy: "available")) == 1)
        #expect(try dangers(none, PolicyRequest(restartPolicy: "available", whenLost: "empty")) == 2)
        #expect(try dangers(PolicyRequest(fence: "person"), PolicyRequest(fence: "power")) == 1)
        #expect(try dangers(PolicyRequest(fence: "power"), PolicyRequest(fence: "person")) == 0)
        var plain = try Bench(PushRequest(name: "demo", image: "x"), image: Samples.image(volumes: []))
        let available = Bench.change { $0.policy.restartPolicy = "available" }
        #expect(try plain.plan(available, image: Bench.image("other:1", volumes: [])).dangers == [])
    }
}
