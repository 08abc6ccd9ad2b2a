import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Asking for services")
struct ServiceVerbsTests {
    @Test(
        "An instance is its record, a workload, a route and a job, and succeeds when its members are ready and routed")
    func provision() throws {
        var bench = try ServiceBench()
        let answer = try bench.provision(settles: false)
        let job = answer.job
        #expect(try bench.state() == .inProgress && bench.world.job(job) == .processing)
        #expect(answer.contract.contains { $0.clause == .syncNormal })
        bench.settle()
        let instance = try bench.record().value
        #expect(instance.operation.state == .succeeded && instance.isFounded)
        #expect(bench.world.job(job) == .complete)
        let app = try #require(bench.view.apps[instance.workload]?.value)
        #expect(app.name == instance.name && app.spec.service?.instance == instance.id)
        #expect(app.spec.service?.values["connections"] == "50" && app.spec.service?.values["database"] == "app")
        #expect(app.spec.disk?.mounts == [VolumeMount(directory: "", path: "/data")])
        #expect(bench.view.route(of: app.id)?.targetPort == 6_379)
        let order = try #require(bench.world.orders.members.first?.service)
        #expect(order.isFounded && order.secrets == instance.secrets && order.peers.isEmpty)
        #expect(order.secrets.named["admin"]?.reveal().count == 32)
        #expect(bench.world.kinds.contains(.serviceReady))
    }

    @Test("Asked for again it is the same; what differs under its id, or has its name, is refused")
    func again() throws {
        var bench = try ServiceBench()
        let request = bench.request(id: "one")
        try bench.provision(request, settles: false)
        #expect(try bench.provision(request, settles: false).standing == .inProgress)
        bench.settle()
        let count = bench.view.instances.count
        #expect(try bench.provision(request).standing == .done && bench.view.instances.count == count)
        #expect(bench.refusal(bench.request(plan: "large", id: "one")) == .serviceTaken)
        #expect(bench.refusal(bench.request(id: "one", parameters: ["connections": .integer(51)])) == .serviceTaken)
        #expect(bench.refusal(bench.request("other", id: "one")) == .serviceTaken)
        #expect(bench.refusal(bench.request(nil, id: "one")) == nil, "whoever does not name it takes what it is called")
        #expect(bench.refusal(bench.request(id: "two")) == .serviceTaken)
        #expect(bench.refusal(bench.request("No name", id: "two")) == .nameInvalid)
        #expect(bench.refusal(bench.request(nil, id: "0f3a.b-c")) == nil)
    }

    @Test("Without a name it is called after its offering and its id")
    func unnamed() throws {
        var bench = try ServiceBench()
        let instance = try bench.provision(bench.request(nil, id: "12345678-9abc-4def-8000-000000000000")).subject
        #expect(instance.name.description == "pg-123456789abc")
    }

    @Test("Parameters are checked with their bounds, and the plan's words with the user's over them")
    func parameters() throws {
        var bench = try ServiceBench()
        for value: ParameterValue in [.integer(9), .integer(101), .text("50"), .boolean(true)] {
            #expect(bench.refusal(bench.request(parameters: ["connections": value])) == .parameterInvalid)
        }
        #expect(bench.refusal(bench.request(parameters: ["conections": .integer(50)])) == .parameterInvalid)
        #expect(bench.refusal(bench.request(parameters: ["label": .text("a\nb")])) == .parameterInvalid)
        #expect(bench.refusal(bench.request(parameters: ["label": .text("elevenchars")])) == .parameterInvalid)
        #expect(bench.refusal(bench.request(wishes: ServiceWishes(disk: "no"))) == .sizeInvalid)
        let policy = ReleasePolicy(diskSync: "immediate")
        try bench.provision(
            bench.request(
                parameters: ["connections": .integer(100)], wishes: ServiceWishes(policy: policy, disk: "300M")))
        let app = try #require(bench.view.apps[bench.record().value.workload]?.value)
        #expect(app.spec.disk?.sync == .immediate && app.spec.disk?.size == .megabytes(300))
        #expect(app.spec.service?.values["connections"] == "100" && app.spec.service?.values["disk_mb"] == "300")
    }

    @Test("One that never becomes ready fails with the reason, and can be deleted")
    func failed() throws {
        var bench = try ServiceBench()
        bench.world.phases[0] = .crashed(nextTry: Samples.start)
        try bench.provision()
        guard case .failed(let error) = try bench.state() else { return #expect(Bool(false), "it should have failed") }
        #expect(error.code == .appCrashed)
        #expect(try !bench.record().value.isFounded)
        #expect(throws: FoundryError.self) { try bench.bind() }
        try bench.delete()
        #expect(bench.view.instances.isEmpty && bench.view.apps.isEmpty && bench.view.volumes.isEmpty)
    }

    @Test("Deleted while it is being made, it is gone, and nobody succeeds")
    func deletedWhileMade() throws {
        var bench = try ServiceBench()
        let making = try bench.provision(settles: false).job
        let going = try bench.delete(settles: false)
        #expect(going.standing == .begun)
        #expect(try bench.delete(settles: false).standing == .inProgress)
        bench.settle()
        #expect(bench.view.instances.isEmpty && bench.view.apps.isEmpty && bench.view.volumes.isEmpty)
        #expect(bench.view.routes.isEmpty && bench.world.job(going.job) == .complete)
        guard case .failed? = bench.world.job(making) else { return #expect(Bool(false), "it should have failed") }
    }

    @Test("What is deleted takes its bindings, kept copies and snapshots along; an app that is bound keeps it")
    func deleted() throws {
        var bench = try ServiceBench()
        try bench.provision()
        _ = try bench.world.bench.push(PushRequest(name: "shop", image: "redis", disk: "100M", memory: "64M"))
        bench.settle()
        let shop = try bench.world.app("shop").value.id
        try bench.bind(nil, app: shop)
        for number in 0..<60 { try bench.bind("key-\(number)", settles: false) }
        bench.settle()
        try bench.snapshotAndRewind()
        #expect(bench.view.volumes.count == 3 && bench.view.snapshots.count == 1)
        #expect(throws: FoundryError.self) { try bench.delete(isForced: false) }
        try bench.delete()
        #expect(bench.view.instances.isEmpty && bench.view.bindings.isEmpty && bench.view.snapshots.isEmpty)
        #expect(bench.view.apps.count == 1 && bench.view.volumes.count == 1, "those of the app")
        #expect(bench.world.kinds.contains(.serviceGone))
    }

    @Test("A change of plan grows the disk and goes through the members; an unbearable one goes back with its plan")
    func update() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let answer = try bench.update(ServiceUpdateRequest(plan: bench.planID("large"), by: "ci"), settles: false)
        #expect(answer.restarts && answer.changes.contains { $0.what == "disk" })
        #expect(throws: FoundryError.self) { try bench.update(ServiceUpdateRequest(by: "ci")) }
        bench.settle()
        #expect(try bench.state() == .succeeded && bench.record().value.plan == bench.planID("large"))
        #expect(bench.view.volumes.values.first?.value.size == .megabytes(200))
        #expect(throws: FoundryError.self) {
            try bench.update(ServiceUpdateRequest(plan: bench.planID("small"), by: "ci"))
        }
        bench.world.phases[0] = .crashed(nextTry: Samples.start)
        try bench.update(ServiceUpdateRequest(parameters: ["connections": .integer(60)], by: "ci"))
        bench.world.phases[0] = nil
        bench.settle()
        guard case .failed = try bench.state() else { return #expect(Bool(false), "it should have failed") }
        #expect(try bench.record().value.parameters.isEmpty, "as it was before")
        let app = try #require(bench.view.apps[bench.record().value.workload]?.value)
        #expect(app.rollout == nil && app.spec.service?.values["connections"] == "50")
    }

    @Test("A parameter that needs no restart restarts nobody")
    func calm() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let answer = try bench.update(ServiceUpdateRequest(parameters: ["label": .text("new")], by: "ci"))
        #expect(!answer.restarts)
        #expect(try bench.state() == .succeeded)
        #expect(try bench.update(ServiceUpdateRequest(parameters: ["label": .text("new")], by: "ci")).writes.isEmpty)
    }

    @Test("A newer version is what new instances get; older ones go there when they are told, and never back")
    func upgrade() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let (offering, plan) = (bench.view.offerings[0].offering, bench.planID("small"))
        var next = ServiceBench.manifest(version: "1.1.0")
        next.templates = [ReleaseTemplate(path: "pg.conf", isExecutable: false)]
        try bench.install(next)
        #expect(bench.view.offerings.count == 1 && bench.view.offerings[0].offering == offering)
        #expect(bench.planID("small") == plan)
        #expect(try bench.record().value.release.version.description == "1.0.0")
        #expect(throws: FoundryError.self) {
            try bench.install(ServiceBench.manifest(version: "1.1.0"), digest: "other")
        }
        try bench.update(ServiceUpdateRequest(version: ReleaseVersion("1.1.0")!, by: "ci"))
        #expect(try bench.record().value.release.version.description == "1.1.0")
        #expect(throws: FoundryError.self) {
            try bench.update(ServiceUpdateRequest(version: ReleaseVersion("1.0.0")!, by: "ci"))
        }
        next.version = ReleaseVersion("1.2.0")!
        try bench.install(next)
        let same = try bench.update(ServiceUpdateRequest(version: next.version, by: "ci"), settles: false)
        #expect(try same.standing == .done && bench.state() == .succeeded, "its members run the same")
    }

    @Test("Another name is another name of the workload too")
    func rename() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let plan = try ServiceVerbs.rename(
            try bench.record(), to: "orders", view: bench.view, now: bench.now, using: &bench.world.bench.random)
        _ = bench.world.bench.write(plan.writes)
        let instance = try bench.record("orders").value
        #expect(bench.view.apps[instance.workload]?.value.name == instance.name)
        #expect(bench.view.volumes.values.allSatisfy { $0.value.appName == instance.name })
    }
}

extension ServiceBench {
    /// The code with which it is refused; nil when it is not. Nothing changes.
    func refusal(_ request: ProvisionRequest) -> ErrorCode? {
        var copy = self
        do {
            try copy.provision(request, settles: false)
            return nil
        } catch {
            return (error as? FoundryError)?.code
        }
    }

    mutating func snapshotAndRewind() throws {
        let app = try world.app("db")
        let taken = try SnapshotRule.take(
            app, name: nil, by: "ci", view: view, configuration: world.bench.configuration, now: now,
            using: &world.bench.random)
        _ = world.bench.write(taken.writes)
        settle()
        let plan = try RewindRule.plan(
            try world.app("db"), to: .snapshot(taken.record.id), insteadOf: nil, by: "ci", view: view,
            configuration: world.bench.configuration, now: now, using: &world.bench.random)
        _ = world.bench.write(plan.writes)
        settle()
    }
}
