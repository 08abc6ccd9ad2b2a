import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What a cell does for instances of services, and for apps that are bound to them")
struct CellServiceTests {
    private static func orders(
        _ revision: Int64, _ slots: [Int], peers: [Int]? = nil, verbs: [VerbOrder] = [], isFounded: Bool = false
    ) -> CellEvent {
        .orders(
            CellOrders(
                revision: revision, term: Term(1),
                members: slots.map { slot in
                    var order = member(slot)
                    ServiceSamples.join(&order, ServiceSamples.peers(peers ?? slots))
                    order.service?.isFounded = isFounded
                    return order
                }, volumes: [], verbs: verbs))
    }

    private static func member(_ slot: Int) -> MemberOrder {
        MemberOrder(
            id: MemberID("m\(slot)")!, app: AppID("app-demo")!, name: "demo/\(slot)", generation: 1, run: true,
            slot: slot, spec: Samples.spec(disk: nil), volume: nil)
    }

    private static func verbOrders(_ revision: Int64, _ verbs: [VerbOrder], run: Bool = true) -> CellEvent {
        var orders = CellBench.orders(revision, run: run, hasVolume: false)
        orders.verbs = verbs
        return .orders(orders)
    }

    private static func names(_ effects: [CellEffect]) -> [CellEffectName] { effects.map(\.name) }

    // Verbs

    @Test("A verb runs once, and is told as done as long as it is ordered")
    func verb() {
        var bench = CellBench.serving(hasVolume: false)
        let bind = ServiceSamples.verb("b1")
        let effects = bench.tell(Self.verbOrders(3, [bind]))
        #expect(effects == [.runVerb(bind)] && effects[0].subject == "b1" && effects[0].name == .verbRun)
        #expect(bench.report?.verbs == [VerbStatus(id: bind.id, outcome: .done)])
        #expect(bench.tell(Self.verbOrders(4, [bind])) == [])
        for minute in Int64(1)...5 { #expect(bench.tick(minute * 60_000) == []) }
        #expect(bench.tell(Self.verbOrders(5, [])) == [] && bench.report?.verbs == [])
        #expect(bench.tell(Self.verbOrders(6, [bind])) == [.runVerb(bind)], "it is ordered anew")
        #expect(bench.world.verbs == [bind.id, bind.id])
    }

    @Test("A verb of the same id with another content is another verb")
    func changedVerb() {
        var bench = CellBench.serving(hasVolume: false)
        let bind = ServiceSamples.verb("b1")
        let unbind = ServiceSamples.verb("b1", verb: "unbind")
        bench.tell(Self.verbOrders(3, [bind]))
        #expect(bench.tell(Self.verbOrders(4, [unbind])) == [.runVerb(unbind)])
    }

    @Test("A verb waits until its member answers, and runs in no member that is being ended")
    func whenItRuns() {
        var bench = CellBench()
        bench.begin()
        let bind = ServiceSamples.verb("b1")
        #expect(!Self.names(bench.tell(Self.verbOrders(1, [bind]))).contains(.verbRun), "it does not answer yet")
        #expect(bench.probe(true) == [.runVerb(bind)])
        #expect(!Self.names(bench.tell(Self.verbOrders(2, [ServiceSamples.verb("b2")], run: false))).contains(.verbRun))
        bench.end()
        #expect(bench.report?.verbs == [])
        var other = CellBench.serving(hasVolume: false)
        #expect(other.tell(Self.verbOrders(3, [ServiceSamples.verb("b1", in: MemberID("nobody")!)])) == [])
        other.tell(.drain)
        #expect(other.tell(Self.verbOrders(4, [bind])) == [], "the platform goes down")
    }

    @Test("Verbs of one member run one after the other; one that fails is tried again after 200 ms, doubled to 10 s")
    func failing() {
        var bench = CellBench.serving(hasVolume: false)
        bench.isHolding = true
        let (first, second) = (ServiceSamples.verb("b1"), ServiceSamples.verb("b2"))
        #expect(bench.tell(Self.verbOrders(3, [first, second])) == [.runVerb(first)])
        #expect(bench.fail(.runVerb(first)) == [.runVerb(second)], "it holds up nobody")
        #expect(bench.report?.verbs?.map(\.outcome) == [.failed(FoundryError(.commandFailed, "A program failed."))])
        #expect(bench.finish(.runVerb(second)) == [])
        var pauses: [Int64] = []
        for _ in 0..<8 {
            let failedAt = bench.now
            var time = failedAt
            repeat {
                time += 50
            } while !bench.tick(time).contains(.runVerb(first)) && time < failedAt + 60_000
            pauses.append(time - failedAt)
            _ = bench.fail(.runVerb(first))
        }
        #expect(pauses == [200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000])
        #expect(bench.machine.nextWake(now: bench.moment)! <= Samples.moment(bench.now + 10_000).monotonic)
    }

    @Test("What fails after its order is gone is told to nobody, and keeps nothing awake")
    func goneMeanwhile() {
        var bench = CellBench.serving(hasVolume: false)
        bench.isHolding = true
        let bind = ServiceSamples.verb("b1")
        bench.tell(Self.verbOrders(3, [bind]))
        bench.tell(Self.verbOrders(4, []))
        #expect(bench.fail(.runVerb(bind)) == [] && bench.report?.verbs == [])
        bench.tell(Self.verbOrders(5, [bind]))
        bench.tell(Self.verbOrders(6, []))
        #expect(bench.finish(.runVerb(bind)) == [] && bench.report?.verbs == [])
        #expect(bench.tell(Self.verbOrders(7, [bind])) == [.runVerb(bind)], "it was done under another order")
    }

    @Test("A member can be stopped while a verb runs in it")
    func stoppedMeanwhile() {
        var bench = CellBench.serving(hasVolume: false)
        bench.isHolding = true
        let bind = ServiceSamples.verb("b1")
        bench.tell(Self.verbOrders(3, [bind]))
        #expect(Self.names(bench.tell(Self.verbOrders(4, [bind], run: false))) == [.containerStop])
    }

    // Ways

    @Test("A way is open only between members that are named to each other, and each under its slot")
    func mutual() {
        var bench = CellBench()
        bench.begin()
        bench.tell(Self.orders(1, [2, 3]))
        #expect(bench.world.links?.pairs == [SlotPair(from: 2, to: 3), SlotPair(from: 3, to: 2)])
        bench.tell(Self.orders(2, [2, 3], peers: [2]))
        #expect(bench.world.links?.pairs == [], "one names the other alone")
    }

    @Test("Ways that cannot be read are set anew; those that are as they should be are left alone")
    func unreadable() {
        var bench = CellBench()
        bench.begin()
        bench.tell(Self.orders(1, [2, 3]))
        let links = bench.world.links
        bench.begin()
        #expect(!Self.names(bench.tell(Self.orders(1, [2, 3]))).contains(.networkLink))
        bench.world.links = nil
        bench.begin()
        #expect(Self.names(bench.tell(Self.orders(1, [2, 3]))).contains(.networkLink) && bench.world.links == links)
    }

    @Test("Nobody begins before ways that could not be read are set")
    func unknownWays() {
        var bench = CellBench()
        bench.world.links = nil
        bench.begin()
        bench.isHolding = true
        let link = bench.tell(Self.orders(1, [2, 3])).first { $0.name == .networkLink }
        while let effect = bench.held.first(where: { $0.name != .networkLink }) { _ = bench.finish(effect) }
        #expect(!bench.world.isRunning(MemberID("m2")!))
        _ = link.map { bench.finish($0) }
        while let effect = bench.held.first { _ = bench.finish(effect) }
        #expect(bench.world.isRunning(MemberID("m2")!))
    }

    @Test("Ways are told in the order of their slots and ports")
    func sorted() {
        let routes: Set = [(3, 1), (2, 9), (2, 8)].reduce(into: Set<SlotRoute>()) {
            $0.insert(SlotRoute(slot: $1.0, port: $1.1))
        }
        #expect(routes.sorted().map(\.port) == [8, 9, 1])
    }

    @Test("While the ways cannot be set, what has none of them goes on, and what waits for them says so")
    func failingWays() {
        var bench = CellBench()
        bench.begin()
        bench.tell(Self.orders(1, [2]))
        bench.isHolding = true
        let first = bench.tell(Self.orders(2, [2, 3]))
        let link = first.first { $0.name == .networkLink }!
        _ = bench.fail(link)
        for effect in bench.held where effect.name != .networkLink { _ = bench.finish(effect) }
        while let effect = bench.held.first(where: { $0.name != .networkLink }) { _ = bench.finish(effect) }
        #expect(bench.world.isRunning(MemberID("m2")!) && !bench.world.isRunning(MemberID("m3")!))
        #expect(bench.report?.members.last?.problem?.code == .commandFailed)
        bench.isHolding = false
        bench.tick(1_000)
        #expect(bench.world.links?.pairs.count == 2 && bench.report?.members.last?.problem == nil)
    }

    @Test(
        "Whatever is ordered, killed and refused meanwhile, no member that runs has a way of another",
        arguments: 0..<200)
    func ways(seed: Int) {
        var random = Seeded(UInt64(seed))
        var bench = CellBench()
        bench.begin()
        bench.isHolding = true
        var revision: Int64 = 0
        var ordered: [MemberID: Ways] = [:]
        for _ in 0..<120 {
            switch Int.random(in: 0..<10, using: &random) {
            case 0, 1:
                revision += 1
                let slots = (2...6).filter { _ in Bool.random(using: &random) }
                let orders = Self.random(revision, slots, bench, &random)
                for order in orders.members { ordered[order.id, default: Ways()].insert(order) }
                bench.tell(.orders(orders))
            case 2: if let effect = bench.held.randomElement(using: &random) { _ = bench.fail(effect) }
            case 3:
                bench.begin()
                if revision > 0 { bench.tell(Self.orders(revision, [])) }
            case 4: bench.tick(bench.now + 500)
            default: if let effect = bench.held.randomElement(using: &random) { _ = bench.finish(effect) }
            }
            for (member, ways) in ordered where bench.world.isRunning(member) {
                #expect(ways.allow(bench.world.links), "seed \(seed): \(member)")
            }
        }
        while let effect = bench.held.first { _ = bench.finish(effect) }
        bench.tell(Self.orders(revision + 1, []))
        while let effect = bench.held.first { _ = bench.finish(effect) }
        bench.tell(Self.orders(revision + 2, [2, 3, 4]))
        for _ in 0..<200 {
            while let effect = bench.held.first { _ = bench.finish(effect) }
            bench.tick(bench.now + 1_000)
        }
        #expect(bench.world.links?.pairs.count == 6 && bench.world.links?.routes == [], "seed \(seed)")
        #expect((2...4).allSatisfy { bench.world.isRunning(MemberID("m\($0)")!) }, "seed \(seed)")
    }

    /// The ways that one member was ever to have.
    private struct Ways {
        var slot = 0
        var peers: Set<Int> = []
        var ports: Set<Int> = []

        mutating func insert(_ order: MemberOrder) {
            slot = order.slot
            peers.formUnion(order.service?.peers.map(\.slot) ?? [])
            ports.formUnion(order.bindings?.routes.map(\.port) ?? [])
        }

        func allow(_ links: NetworkLinks?) -> Bool {
            let mine = links?.pairs.filter { $0.from == slot || $0.to == slot } ?? []
            let routes = links?.routes.filter { $0.slot == slot } ?? []
            return mine.allSatisfy { peers.contains($0.from == slot ? $0.to : $0.from) }
                && routes.allSatisfy { ports.contains($0.port) }
        }
    }

    /// Members of two clusters, and apps, in slots that were others' before: a slot is given on once its member is gone.
    private static func random(
        _ revision: Int64, _ slots: [Int], _ bench: CellBench, _ random: inout Seeded
    ) -> CellOrders {
        let split = Int.random(in: 2...6, using: &random)
        let members = slots.map { slot in
            var order = member(slot)
            let names = ["m\(slot)", "m\(slot)b"]
            let isThere = { name in
                bench.world.containers.keys.contains { $0.description == name }
                    || bench.held.contains { $0.subject == name }
            }
            order.id = MemberID(names.first(where: isThere) ?? names.randomElement(using: &random)!)!
            return order
        }
        return CellOrders(
            revision: revision, term: Term(1),
            members: members.map { member in
                var order = member
                let peers = members.filter { ($0.slot < split) == (member.slot < split) }
                if Int.random(in: 0..<4, using: &random) == 0 {
                    order.bindings = BoundServicesOrder(
                        environment: [:], files: [:],
                        routes: [BoundRoute(name: "db", port: Int.random(in: 1...3, using: &random))])
                } else {
                    ServiceSamples.join(
                        &order,
                        peers.enumerated().map {
                            PeerOrder(member: $1.id, index: $0, name: "db-\($0)", slot: $1.slot)
                        })
                }
                return order
            }.sorted { $0.id < $1.id }, volumes: [])
    }

    // What a container is made with

    @Test("One that has not begun yet is made anew when what it would be told has changed")
    func changedBeforeStart() {
        var bench = CellBench()
        bench.begin()
        bench.isHolding = true
        bench.tell(Self.orders(1, [2]))
        while let effect = bench.held.first, effect.name != .containerStart { _ = bench.finish(effect) }
        let start = bench.held[0]
        _ = bench.fail(start)
        bench.tell(Self.orders(2, [2], isFounded: true))
        #expect(Self.names(bench.tick(1_000)) == [.containerDelete])
        while let effect = bench.held.first { _ = bench.finish(effect) }
        #expect(bench.world.isRunning(MemberID("m2")!))
        #expect(bench.world.briefs[MemberID("m2")!]?.service?.isFounded == true)
    }

    @Test("A running one is left alone, whatever it would be told; it learns the names of its peers")
    func changedWhileRunning() {
        var bench = CellBench()
        bench.begin()
        bench.tell(Self.orders(1, [2, 3]))
        #expect(bench.tell(Self.orders(2, [2, 3], isFounded: true)) == [])
        let effects = bench.tell(Self.orders(3, [2, 3, 4], isFounded: true))
        #expect(effects.filter { $0.name == .memberHosts }.map(\.subject) == ["m2", "m3"])
        #expect(bench.world.hosts[MemberID("m2")!] == ["orders-db-0", "orders-db-1", "orders-db-2"])
        #expect(bench.world.briefs[MemberID("m2")!]?.service?.isFounded == false, "as it was made")
    }

    // Roles

    private static func roleBench() -> CellBench {
        var bench = CellBench()
        bench.begin()
        var orders = CellBench.orders(1, hasVolume: false)
        orders.members[0].spec.service = ServiceSamples.spec(verbs: ["bind", "role"])
        orders.members[0].service = ServiceOrder(secrets: ServiceSecrets(), isFounded: true, peers: [])
        bench.tell(.orders(orders))
        return bench
    }

    @Test("A healthy member that has the verb is asked what it is every 10 s, and its answer is told")
    func roles() {
        var bench = Self.roleBench()
        #expect(bench.roleQuestions() == [], "it does not answer yet")
        bench.probe(true)
        let question = bench.roleQuestions()
        #expect(question.map(\.member) == [CellBench.member] && bench.roleQuestions() == [])
        #expect(bench.machine.nextWake(now: bench.moment)! > bench.moment.monotonic, "it is awaited without spinning")
        bench.tell(.engineRole(CellBench.member, pid: question[0].pid, "leader"))
        #expect(bench.status?.engineRole == "leader")
        bench.now = 9_999
        #expect(bench.roleQuestions() == [])
        #expect(bench.machine.nextWake(now: bench.moment)! <= Samples.moment(10_000).monotonic)
        bench.now = 10_000
        #expect(bench.roleQuestions().count == 1)
        bench.tell(.engineRole(CellBench.member, pid: question[0].pid, nil))
        #expect(bench.status?.engineRole == nil)
        bench.end()
        bench.tell(.engineRole(CellBench.member, pid: question[0].pid, "leader"))
        #expect(bench.status?.engineRole == nil, "of a process that ended")
    }

    @Test("It is not asked while something else is asked of it, nor while a verb runs in it; nothing spins meanwhile")
    func busy() {
        var bench = Self.roleBench()
        bench.probe(true)
        bench.now = 2_000
        bench.tell(.tick)
        #expect(bench.probes.count == 1)
        #expect(bench.roleQuestions() == [])
        #expect(bench.machine.nextWake(now: bench.moment)! >= Samples.moment(3_000).monotonic)
        bench.probe(true)
        bench.now = 3_000
        #expect(bench.roleQuestions().count == 1)
    }
}
