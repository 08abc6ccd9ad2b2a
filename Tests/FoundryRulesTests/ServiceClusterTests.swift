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
