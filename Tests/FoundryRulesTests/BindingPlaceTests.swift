import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Bindings and the data, the store and the clock that they belong to")
struct BindingPlaceTests {
    /// The cell says of its verbs what it says in this place.
    private static func report(_ bench: inout ServiceBench, done verb: VerbOrder, in place: BindingPlace?) {
        let orders = bench.world.orders
        let members = orders.members.map { order in
            MemberStatus(
                id: order.id, generation: order.generation, phase: .healthy, since: Samples.start, restarts: 0,
                lastExit: nil, address: "10.77.3.\(order.slot)", startedAt: Samples.start, pid: 101)
        }
        var report = bench.world.bench.report(members, follows: orders.revision)
        report.verbs = [VerbStatus(id: verb.id, outcome: .done, place: place)]
        _ = bench.world.bench.tell(.cellReport(report))
    }

    @Test("A verb names the data that it changes; what was done in other data makes no binding")
    func otherData() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = nil
        let binding = try bench.bind().subject
        let order = try #require(bench.world.orders.verbs.first)
        let place = try #require(order.place)
        #expect(place.volume == (try bench.world.volume(of: "db").id) && place.generation == nil)
        var other = place
        other.branch += 1
        Self.report(&bench, done: order, in: other)
        #expect(bench.binding(binding.id)?.isBinding == true)
        Self.report(&bench, done: order, in: place)
        #expect(bench.binding(binding.id) == .bound)
        #expect(bench.view.bindings[binding.id]?.value.appliedTo == place)
    }

    @Test("After the store was restored every user is made again, and every removed one removed again")
    func restored() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let (kept, gone) = (try bench.bind("kept").subject, try bench.bind("gone").subject)
        try bench.unbind(gone.id)
        bench.world.ran = []
        var cluster = bench.view.switches
        cluster.generation += 1
        _ = bench.world.bench.write([.put(.cluster(cluster), expects: .any)])
        bench.settle()
        #expect(Set(bench.world.ran.map(\.verb)) == ["bind", "unbind"])
        #expect(bench.world.ran.allSatisfy { $0.place?.generation == 1 })
        #expect(bench.binding(kept.id) == .bound && bench.binding(gone.id) == .revoked)
        bench.world.ran = []
        bench.settle()
        #expect(bench.world.ran.isEmpty)
    }

    @Test("A binding that was planned before its instance was deleted is not made")
    func deletedMeanwhile() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let late = try BindingVerbs.bind(
            BindRequest(instance: try bench.record().value.id, name: "late", origin: ServiceOrigin(by: "ci")),
            view: bench.view, now: bench.now, using: &bench.world.bench.random)
        try bench.delete()
        #expect(bench.world.bench.write(late.writes) == nil)
        #expect(bench.view.bindings.isEmpty && bench.view.instances.isEmpty)
    }

    @Test("Of two bindings that are planned at once one is planned anew, and sees the other")
    func boundAtOnce() throws {
        var bench = try ServiceBench()
        try bench.provision()
        let request = BindRequest(instance: try bench.record().value.id, name: "key", origin: ServiceOrigin(by: "ci"))
        let plan = { (bench: inout ServiceBench) in
            try BindingVerbs.bind(request, view: bench.view, now: bench.now, using: &bench.world.bench.random)
        }
        let (first, second) = (try plan(&bench), try plan(&bench))
        let before = try bench.record()
        #expect(bench.world.bench.write(first.writes) != nil)
        #expect(bench.world.bench.write(second.writes) == nil)
        let error = #expect(throws: FoundryError.self) { try plan(&bench) }
        #expect(error?.code == .bindingTaken)
        #expect(try bench.record().value == before.value)
    }

    @Test("A binding that was asked for by a clock ahead of this one fails all the same")
    func clockAhead() throws {
        var bench = try ServiceBench()
        try bench.provision()
        bench.world.outcome = .failed(FoundryError(.verbFailed, "bind: no"))
        bench.world.bench.now += 3_600_000
        let answer = try bench.bind(settles: false)
        bench.world.bench.now -= 3_600_000
        bench.settle()
        guard case .failed? = bench.binding(answer.subject.id) else {
            Issue.record("it waits for the clock: \(String(describing: bench.binding(answer.subject.id)))")
            return
        }
    }
}

extension BindingState {
    fileprivate var isBinding: Bool {
        if case .binding = self { return true }
        return false
    }
}
