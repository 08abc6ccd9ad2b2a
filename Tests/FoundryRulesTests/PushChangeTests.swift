import FoundryModel
import FoundryRules
import Testing

@Suite("A push of an app that exists")
struct PushChangeTests {
    typealias Bench = PushChangeBench

    @Test("What it leaves out stays, and the same push again changes nothing")
    func leavesOut() throws {
        let first = Bench.request {
            ($0.memory, $0.cpu, $0.environment, $0.mount) = ("1G", "250m", ["A": "1"], "/srv")
            $0.policy = PolicyRequest(
                restartPolicy: "available", diskSync: "defer:300", ioPerformance: "low", tolerates: "reorder",
                fence: "power", whenLost: "empty")
            $0.health = HealthRequest(path: "/up", intervalMilliseconds: 500)
            $0.readiness.path = "/ready"
        }
        var bench = try Bench(first)
        for again in [first, Bench.change()] {
            let plan = try bench.plan(again)
            #expect(plan.isUnchanged && !plan.isNew && plan.changes.isEmpty && plan.app == bench.app.value)
            #expect(plan.writes == [.put(.job(plan.job), expects: .absent)] && plan.job.state == .complete)
            #expect(plan.route?.port == 20_000)
        }
        var spelled = Samples.image()
        spelled.reference = ImageReference(parsing: "redis/redis")!
        #expect(try bench.plan(Bench.change(), image: spelled).isUnchanged, "another spelling is no change")
        bench.turn { $0.rollout = Rollout(previous: $0.spec, previousGeneration: 1) }
        #expect(try bench.plan(first).job.state == .processing, "it ends with the change that goes on")
        bench.turn { ($0.rollout, $0.desired) = (nil, .stopped) }
        #expect(try bench.plan(first).job.state == .complete)
    }

    @Test("Limits, ceilings and words of the policy are in force at once; its members stay as they are")
    func live() throws {
        var bench = try Bench()
        let change = Bench.change {
            ($0.disk, $0.memory, $0.cpu) = ("200M", "1G", "2")
            $0.policy = PolicyRequest(
                restartPolicy: "available", ioPerformance: "high", fence: "power", whenLost: "empty")
            ($0.policy.tolerates, $0.readiness.kind) = ("reorder", .port)
        }
        #expect(
            try bench.told(change) == [
                "memory 512 MiB -> 1 GiB", "cpu 1 -> 2", "disk 100 MiB -> 200 MiB", "io-performance max -> high",
                "tolerates none -> reorder", "restart-policy consistent -> available", "fence session -> power",
                "when-lost wait -> empty",
                "readiness-health-check none -> a connection to port 6379, every 2 s, answered within 1 s, 3 failures, starts within 1 min",
            ])
        let plan = try bench.plan(change)
        #expect(plan.newSentences.map(\.clause).contains(.memoryLimit) && plan.newSentences.count < plan.contract.count)
        #expect(!plan.restarts && plan.app.generation == 1 && plan.app.rollout == nil && plan.job.state == .processing)
        bench.commit(plan.writes)
        #expect(bench.view.members[MemberID("member")!]?.value.pinned == nil)
        #expect(bench.view.volumes[VolumeID("volume")!]?.value.size == .megabytes(200))
        #expect(
            bench.view.events.last?.message.hasSuffix("when-lost, readiness-health-check), in force at once") == true)
        #expect(try bench.plan(change).isUnchanged)
    }

    @Test("What a process learns at its start goes through the members, and there is a way back")
    func rolls() throws {
        var bench = try Bench(Bench.request { $0.environment = ["OLD": "1", "KEPT": "1", "TURNED": "1"] })
        let change = Bench.change {
            ($0.environment, $0.unset) = (["TURNED": "2", "NEW": "1"], ["OLD", "NEVER"])
            ($0.policy.diskSync, $0.targetPort, $0.health.kind, $0.disk) = ("immediate", 6_380, .process, "200M")
        }
        #expect(
            try bench.told(change) == [
                "disk 100 MiB -> 200 MiB", "*disk-sync normal -> immediate", "*env NEW none -> set",
                "*env OLD set -> none", "*env TURNED set -> another value", "*target-port 6379 -> 6380",
                "*health-check a connection to port 6379, every 2 s, answered within 1 s, 3 failures, starts within 1 min -> its process runs",
            ])
        #expect(
            try bench.told(Bench.change { $0.health.startPeriodMilliseconds = 5_000 }) == [
                "*health-check a connection to port 6379, starts within 1 min -> a connection to port 6379, starts within 5 s"
            ])
        let before = bench.app.value
        let plan = try bench.plan(change)
        #expect(plan.restarts && plan.app.generation == 3 && plan.job.generation == 3)
        bench.commit(plan.writes)
        let rollout = try #require(bench.app.value.rollout)
        #expect(rollout.previousGeneration == 2 && rollout.previous.environment == before.spec.environment)
        #expect(rollout.previous.disk?.size == .megabytes(200), "what has grown stays as large")
        #expect(rollout.routeBefore?.route?.targetPort == 6_379)
        #expect(bench.view.members[MemberID("member")!]?.value.pinned == 1)
        #expect(bench.app.value.spec.environment == ["KEPT": "1", "TURNED": "2", "NEW": "1"])
        #expect(bench.view.routerOrders().routes.first?.target?.port == 6_379, "the old one serves where it did")
        #expect(bench.refusal(Bench.change { $0.memory = "1G" })?.code == .appBusy)
        bench.turn { $0.desired = .stopped }
        let other = try bench.plan(Bench.change { $0.environment = ["OTHER": "1"] })
        #expect(other.app.rollout == nil && !other.restarts && other.job.state == .complete)
        bench.commit(other.writes)
        #expect(
            bench.view.members[MemberID("member")!]?.value.pinned == nil, "a stopped app has the last that was said")
    }

    @Test("A disk that grows only at rest is a restart, which is said")
    func growsAtRest() throws {
        var bench = try Bench()
        var cell = bench.view.cells[Samples.cell]!.value
        cell.growsAtRest = true
        bench.commit([.put(.cell(cell), expects: .any)])
        #expect(try bench.plan(Bench.change { $0.disk = "200M" }).restarts)
    }

    @Test("What cannot be is refused, and nothing is written")
    func refused() throws {
        var bench = try Bench()
        for (request, code) in [
            (Bench.change { $0.disk = "50M" }, ErrorCode.conflict), (Bench.change { $0.mount = "/srv" }, .conflict),
            (Bench.change { $0.ephemeral = true }, .conflict), (Bench.change { $0.memory = "1M" }, .sizeInvalid),
            (Bench.change { $0.memory = "900G" }, .capacityShort), (Bench.change { $0.disk = "90G" }, nil),
            (Bench.change { $0.disk = "900G" }, .poolFull),
            (Bench.change { $0.policy.whenLost = "empty" }, .policyConflict),
            (Bench.change { ($0.noRoute, $0.port) = (true, 20_003) }, .portInvalid),
        ] {
            #expect(bench.refusal(request)?.code == code, "\(request)")
        }
        bench.used = .megabytes(400)
        #expect(bench.refusal(Bench.change { $0.memory = "300M" })?.message.contains("uses 400 MiB") == true)
        #expect(bench.refusal(Bench.change { ($0.memory, $0.environment) = ("300M", ["A": "1"]) }) == nil)
        bench.turn { $0.desired = .stopped }
        #expect(bench.refusal(Bench.change { $0.memory = "300M" }) == nil)
        var plain = try Bench(PushRequest(name: "demo", image: "x"), image: Samples.image(volumes: []))
        #expect(plain.refusal(Bench.change { $0.disk = "1G" }, image: Samples.image(volumes: []))?.code == .conflict)
        #expect(plain.refusal(Bench.change { $0.mount = "/srv" }, image: Samples.image(volumes: []))?.code == .conflict)
        #expect(plain.refusal(Bench.change())?.code == .diskRequired, "the image keeps data now")
        let ioed = Bench.change { $0.policy.ioPerformance = "low" }
        #expect(plain.refusal(ioed, image: Samples.image(volumes: []))?.code == .diskRequired)
    }

    @Test("What lives in memory goes on living there, in the new image's places")
    func ephemeral() throws {
        var bench = try Bench(PushRequest(name: "demo", image: "x", ephemeral: true))
        let image = Bench.image(volumes: ["/data", "/more"])
        #expect(
            try bench.told(Bench.change(), image: image) == [
                "*image redis:7 -> redis:8", "*ephemeral /data -> /data, /more",
            ])
        var plain = try Bench(PushRequest(name: "demo", image: "x"), image: Samples.image(volumes: []))
        #expect(
            try plain.told(Bench.change { $0.ephemeral = true }) == [
                "*image redis:7 sha256:abababababab -> redis:7 sha256:abababababab", "*ephemeral none -> /data",
            ])
    }
}
