import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Services whose members know each other")
struct ServiceClusterTests {
    private func wide(_ start: ReleaseCluster.Start) throws -> ServiceBench {
        try ServiceBench(ServiceBench.manifest(cluster: ReleaseCluster(start: start)))
    }

    @Test("Each knows all by name and place")
    func peers() throws {
        var bench = try wide(.together)
        try bench.provision(bench.request(plan: "wide"))
        #expect(try bench.state() == .succeeded)
        let orders = bench.world.orders.members
        #expect(orders.count == 3)
        for order in orders {
            #expect(order.service?.peers.map(\.name) == ["db-0", "db-1", "db-2"])
            #expect(order.service?.peers.contains { $0.member == order.id && $0.slot == order.slot } == true)
        }
    }

    @Test("Started in order, each waits for those before it, the first time only")
    func inOrder() throws {
        var bench = try wide(.inOrder)
        bench.world.phases = [0: .starting]
        try bench.provision(bench.request(plan: "wide"))
        #expect(bench.running == ["db/0"])
        bench.world.phases = [1: .starting]
        bench.settle()
        #expect(bench.running == ["db/0", "db/1"])
        bench.world.phases = [:]
        bench.settle()
        #expect(try bench.state() == .succeeded && bench.running.count == 3)
        bench.world.phases = [0: .unhealthy]
        bench.settle()
        #expect(bench.running.count == 3)
    }

    @Test("A wider plan adds members that find the instance founded, and restarts nobody")
    func wider() throws {
        var bench = try wide(.together)
        try bench.provision()
        let answer = try bench.update(ServiceUpdateRequest(plan: bench.planID("wide"), by: "ci"))
        #expect(!answer.restarts)
        #expect(try bench.state() == .succeeded && bench.running.count == 3)
        #expect(bench.world.orders.members.allSatisfy { $0.service?.isFounded == true })
    }

    /// Three members of which two can be taken out.
    private func parting() throws -> ServiceBench {
        var manifest = ServiceBench.manifest(cluster: ReleaseCluster(start: .together))
        manifest.verbs.append("leave")
        var bench = try ServiceBench(manifest)
        try bench.provision(bench.request(plan: "wide"))
        return bench
    }

    @Test("With a narrower plan members leave one after the other, the last first, through one that stays")
    func narrower() throws {
        var bench = try parting()
        bench.world.outcome = nil
        let answer = try bench.update(ServiceUpdateRequest(plan: bench.planID("small"), by: "ci"))
        #expect(!answer.restarts)
        let first = try #require(bench.world.ran.first)
        #expect(bench.world.ran.count == 1 && first.verb == "leave" && first.input == nil)
        #expect(first.environment == ["FOUNDRY_LEAVING_NAME": "db-2", "FOUNDRY_LEAVING_INDEX": "2"])
        #expect(bench.world.orders.members.first { $0.id == first.member }?.name == "db/0")
        #expect(bench.running.count == 3, "the others count on it")
        #expect(bench.view.routerOrders().routes.first?.targets.count == 1, "who leaves is not led to")
        bench.world.outcome = .done
        bench.settle()
        #expect(bench.world.ran.map { $0.environment["FOUNDRY_LEAVING_NAME"] } == ["db-2", "db-1"])
        #expect(try bench.state() == .succeeded && bench.running == ["db/0"])
        let kept = bench.view.volumes(of: try bench.record().value.workload).filter { $0.index > 0 }
        #expect(kept.count == 2 && kept.allSatisfy { !$0.awaitsMember }, "their disks are of no use to others")
        try bench.update(ServiceUpdateRequest(plan: bench.planID("wide"), by: "ci"))
        #expect(try bench.state() == .succeeded && bench.running.count == 3)
        #expect(Set(bench.world.orders.members.compactMap(\.volume)).isDisjoint(with: kept.map(\.id)))
    }

    @Test("If the others refuse to do without one it stays, and the update says why; who was asked goes all the same")
    func refusedToPart() throws {
        var bench = try parting()
        bench.world.outcome = .failed(FoundryError(.verbFailed, "leave: too few would be left"))
        try bench.update(ServiceUpdateRequest(plan: bench.planID("small"), by: "ci"))
        #expect(try bench.state() == .inProgress && bench.running.count == 3)
        bench.world.bench.now += 31_000
        bench.settle()
        guard case .failed(let error) = try bench.state() else { return #expect(Bool(false), "it goes on") }
        #expect(error.code == .verbFailed && bench.running.count == 3)
        #expect(try bench.record().value.plan == bench.planID("small"), "that is where it is on the way to")
        // What the verb did before it failed nobody knows: the member that was asked is replaced.
        let asked = try #require(bench.world.orders.members.first { $0.name == "db/2" }).id
        try bench.update(ServiceUpdateRequest(plan: bench.planID("wide"), by: "ci"))
        bench.world.outcome = .done
        bench.settle()
        #expect(try bench.state() == .succeeded && bench.running.count == 3)
        #expect(!bench.world.orders.members.map(\.id).contains(asked))
    }

    @Test("Members that know no way to leave stay, and so do those of an instance that is stopped")
    func cannotPart() throws {
        var bench = try wide(.together)
        try bench.provision(bench.request(plan: "wide"))
        let narrower = ServiceUpdateRequest(plan: bench.planID("small"), by: "ci")
        #expect(throws: FoundryError.self) { try bench.update(narrower) }
        let cannot = try bench.provision(bench.request("other", plan: "wide")).contract
        #expect(cannot.contains { $0.text == "It cannot have fewer members." })
        bench = try parting()
        let can = try bench.provision(bench.request("other", plan: "wide")).contract
        #expect(can.contains { $0.clause == .fewerInstancesKeep && $0.text.contains("leave the others one by one") })
        #expect(can.contains { $0.clause == .instancesApart && $0.text.contains("members that know each other") })
        _ = try bench.world.bench.stop("db")
        bench.settle()
        let refused = #expect(throws: FoundryError.self) { try bench.update(narrower) }
        #expect(refused?.code == .planNotUpdateable)
        _ = try bench.world.bench.start("db")
        bench.settle()
        bench.world.outcome = nil
        try bench.update(narrower)
        _ = try bench.world.bench.stop("db")
        bench.settle()
        let workload = try bench.record().value.workload
        #expect(!bench.running.contains { $0.hasPrefix("db/") } && bench.view.primaries(of: workload).count == 3)
    }

    @Test("It is not rewound: one member's data of another time would be foreign to the others")
    func rewind() throws {
        var bench = try wide(.together)
        try bench.provision(bench.request(plan: "wide"))
        let app = try #require(bench.view.apps[bench.record().value.workload])
        let refused = #expect(throws: FoundryError.self) {
            try RewindRule.plan(
                app, to: .snapshot(SnapshotID("s1")!), insteadOf: nil, by: "ci", view: bench.view,
                configuration: bench.world.bench.configuration, now: bench.now, using: &bench.world.bench.random)
        }
        #expect(refused?.code == .serviceWorkload)
    }

    @Test("A verb runs in a member that is ready")
    func verbs() throws {
        var bench = try wide(.together)
        try bench.provision(bench.request(plan: "wide"))
        bench.world.phases = [0: .unready]
        bench.settle()
        try bench.bind()
        let ran = try #require(bench.world.ran.first)
        #expect(bench.world.orders.members.first { $0.id == ran.member }?.name == "db/1")
    }
}

extension ServiceBench {
    var running: [String] { world.orders.members.filter(\.run).map(\.name).sorted() }
}
