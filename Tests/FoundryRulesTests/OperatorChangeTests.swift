import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A changed specification")
struct OperatorChangeTests {
    private var random = Seeded(17)

    private static func greened(_ app: Revised<AppRecord>) -> WorkloadSpec {
        var spec = app.value.spec
        spec.environment["COLOUR"] = "green"
        return spec
    }

    /// A replicated app that serves.
    private static func serving(_ bench: inout ClusterBench) throws -> Revised<AppRecord> {
        let app = bench.push("db") { $0.recovery = RecoverySpec(replicas: 1) }
        bench.pass(3_000)
        return try #require(bench.view.apps[app])
    }

    private mutating func change(
        _ app: Revised<AppRecord>, to spec: WorkloadSpec, _ bench: ClusterBench
    ) throws(FoundryError) -> OperatorPlan {
        try OperatorVerbs.change(app, to: spec, view: bench.view, now: bench.moment.wall, using: &random)
    }

    /// The app after a change that went back, since no member came up with it.
    private mutating func wentBack(_ bench: inout ClusterBench) throws -> Revised<AppRecord> {
        let app = try Self.serving(&bench)
        for turn in 0..<9 { bench.broken.insert(app.value.generation + 2 + turn) }
        bench.mustWrite(try change(app, to: Self.greened(app), bench).writes)
        bench.pass(30_000)
        let back = try #require(bench.view.apps[app.value.id])
        #expect(back.value.rollout == nil && back.value.spec == app.value.spec)
        return back
    }

    @Test("It goes through the members, each of which runs as before until its turn; a second one has to wait")
    mutating func rolls() throws {
        var bench = ClusterBench()
        let app = try Self.serving(&bench)
        let plan = try change(app, to: Self.greened(app), bench)
        #expect(plan.message == "db is changed, one member after the other")
        bench.mustWrite(plan.writes)
        let rolling = try #require(bench.view.apps[app.value.id])
        #expect(rolling.value.rollout?.previous == app.value.spec)
        let error = #expect(throws: FoundryError.self) { try change(rolling, to: app.value.spec, bench) }
        #expect(error?.code == .appBusy)
        bench.pass(30_000)
        let after = try #require(bench.view.apps[app.value.id]?.value)
        #expect(after.rollout == nil && after.spec.environment["COLOUR"] == "green")
        #expect(bench.view.members(of: after.id).allSatisfy { $0.pinned == nil })
    }

    @Test("Nothing is restarted while a change goes through the members")
    mutating func isBusy() throws {
        var bench = ClusterBench()
        let app = try Self.serving(&bench)
        bench.mustWrite(try change(app, to: Self.greened(app), bench).writes)
        let rolling = try #require(bench.view.apps[app.value.id])
        let members = bench.view.memberRecords(of: app.value.id)
        let error = #expect(throws: FoundryError.self) {
            try AppVerbs.restart(rolling, members: members, now: bench.moment.wall, using: &random)
        }
        #expect(error?.code == .appBusy)
    }

    @Test("What went back is restarted when somebody asks for it")
    mutating func restarts() throws {
        var bench = ClusterBench()
        let back = try wentBack(&bench)
        let members = bench.view.memberRecords(of: back.value.id)
        #expect(members.contains { $0.value.pinned != nil })
        bench.broken = []
        let plan = try AppVerbs.restart(back, members: members, now: bench.moment.wall, using: &random)
        bench.mustWrite(plan.writes)
        bench.pass(3_000)
        #expect(bench.view.members(of: back.value.id).allSatisfy { $0.pinned == nil })
        #expect(bench.view.jobs[plan.job.id]?.value.state == .complete)
    }

    @Test("A start is done when a member serves that went back")
    mutating func startsWhatWentBack() throws {
        var bench = ClusterBench()
        let back = try wentBack(&bench)
        let plan = try AppVerbs.start(back, now: bench.moment.wall, using: &random)
        bench.mustWrite(plan.writes)
        bench.pass(3_000)
        #expect(bench.view.jobs[plan.job.id]?.value.state == .complete)
    }

    @Test("An app that was stopped in the middle of a change goes on with it when it is started again")
    mutating func restartsStopped() throws {
        var bench = ClusterBench()
        let app = try Self.serving(&bench)
        bench.mustWrite(try change(app, to: Self.greened(app), bench).writes)
        var stopped = try #require(bench.view.apps[app.value.id])
        stopped.value.desired = .stopped
        let members = bench.view.memberRecords(of: app.value.id)
        let plan = try AppVerbs.restart(stopped, members: members, now: bench.moment.wall, using: &random)
        #expect(plan.app.desired == .started && plan.app.rollout != nil)
        let touchesMember = plan.writes.contains {
            if case .put(.member, _) = $0 { true } else { false }
        }
        #expect(!touchesMember)
    }

    @Test("A stopped app has it at once, and nothing is written where nothing changes")
    mutating func stopped() throws {
        var bench = ClusterBench()
        let app = try Self.serving(&bench)
        #expect(try change(app, to: app.value.spec, bench).isUnchanged)
        var stopped = app
        stopped.value.desired = .stopped
        let plan = try change(stopped, to: Self.greened(app), bench)
        guard case .put(.app(let next), .revision(app.revision))? = plan.writes.first else {
            Issue.record("the app's record is written first")
            return
        }
        #expect(next.rollout == nil && next.generation == app.value.generation + 2)
        #expect(plan.message == "db is changed, and has it when it is started")
    }

    @Test("What no rollout can change is refused, and so is an app that is being deleted")
    mutating func refused() throws {
        var bench = ClusterBench()
        let app = try Self.serving(&bench)
        var (smaller, wider, deleted) = (app.value.spec, app.value.spec, app)
        smaller.disk?.size = .megabytes(1)
        wider.recovery.replicas = 2
        deleted.value.desired = .deleted(purge: false)
        let codes = [(app, smaller), (app, wider), (deleted, app.value.spec)].map { app, spec in
            #expect(throws: FoundryError.self) { try change(app, to: spec, bench) }?.code
        }
        #expect(codes == [.conflict, .conflict, .appBusy])
    }
}
