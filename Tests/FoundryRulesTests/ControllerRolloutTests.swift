import FoundryModel
import FoundryRules
import Testing

@Suite("A rollout, carried out")
struct ControllerRolloutTests {
    /// What a push of a changed specification writes.
    static func roll(_ app: AppID, _ bench: inout ClusterBench) {
        guard var record = bench.view.apps[app] else { return }
        var writes: [RecordWrite] = []
        for member in bench.view.members(of: app) {
            guard var pinned = bench.view.members[member.id] else { continue }
            pinned.value.pinned = record.value.generation
            writes.append(.put(.member(pinned.value), expects: .revision(pinned.revision)))
        }
        record.value.rollout = Rollout(previous: record.value.spec, previousGeneration: record.value.generation)
        record.value.generation += 100
        record.value.spec.environment["COLOUR"] = "green"
        bench.mustWrite(writes + [.put(.app(record.value), expects: .revision(record.revision))])
    }

    private static func replicated(_ bench: inout ClusterBench) -> AppID {
        let app = bench.push("db") { $0.recovery = RecoverySpec(replicas: 1) }
        bench.pass(3_000)
        return app
    }

    private static func ended(_ bench: ClusterBench) -> String? {
        bench.view.events.last { $0.kind == .rolloutEnded }?.message
    }

    @Test("The replica changes first, the primary changes over to it, and follows it, changed")
    func replicas() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench)
        let before = bench.view.members(of: app)
        Self.roll(app, &bench)
        bench.pass(20_000)
        let after = bench.view.members(of: app)
        #expect(bench.names.filter { $0 == .memberChangeOver }.count == 1)
        #expect(after.map(\.role) == [.replica, .primary] && before.map(\.role) == [.primary, .replica])
        #expect(after.map(\.id) == before.map(\.id) && after.allSatisfy { $0.pinned == nil && !$0.standsDown })
        #expect(bench.view.apps[app]?.value.rollout == nil)
        #expect(bench.view.apps[app]?.value.spec.environment["COLOUR"] == "green")
        #expect(Self.ended(bench) == "all members run the new specification")
    }

    @Test("A first member that fails goes back, and with it the specification, with the reason")
    func back() throws {
        var bench = ClusterBench()
        let app = Self.replicated(&bench)
        let generation = try #require(bench.view.apps[app]?.value.generation)
        for turn in 0..<9 { bench.broken.insert(generation + 100 + turn) }
        let primary = try #require(bench.view.primary(of: app))
        Self.roll(app, &bench)
        bench.pass(20_000)
        #expect(bench.view.primary(of: app)?.id == primary.id && !bench.names.contains(.memberChangeOver))
        #expect(bench.view.apps[app]?.value.rollout == nil)
        #expect(bench.view.apps[app]?.value.spec.environment["COLOUR"] == nil)
        #expect(bench.view.members(of: app).allSatisfy { $0.pinned == generation })
        #expect(Self.ended(bench)?.hasPrefix("went back to the specification before: ") == true)
    }

    @Test("What is stopped in the middle of a rollout stays where it was, and goes on when it is started")
    func stopped() throws {
        var bench = ClusterBench()
        let app = bench.push("db")
        let member = try #require(bench.view.primary(of: app))
        bench.living.remove(member.cell)
        bench.pass(3_000)
        Self.roll(app, &bench)
        func turn(_ desired: DesiredState) throws {
            var record = try #require(bench.view.apps[app])
            record.value.desired = desired
            bench.mustWrite([.put(.app(record.value), expects: .revision(record.revision))])
        }
        try turn(.stopped)
        bench.living.insert(member.cell)
        bench.pass(5_000)
        #expect(!bench.names.contains(.rolloutStep))
        #expect(bench.view.members[member.id]?.value.pinned != nil)
        try turn(.started)
        bench.pass(5_000)
        #expect(bench.view.apps[app]?.value.rollout == nil && bench.view.members[member.id]?.value.pinned == nil)
    }
}
