import FoundryModel
import FoundryRules
import Testing

@Suite("What a cell of many is ordered")
struct PlatformOrdersTests {
    private static let cell = CellID("c1")!
    private static let other = CellID("c2")!
    private static let app = AppID("app")!

    /// m1 holds v1 on c1; m2 follows it with v2 on c2, and m0 with v0.
    private static func view(_ change: (inout PlatformView) -> Void = { _ in }) -> PlatformView {
        var view = PlatformView()
        view.put(.app(record()), revision: 10)
        view.put(.member(member("m1", "v1")), revision: 11)
        view.put(.member(member("m2", "v2", on: other, role: .replica)), revision: 12)
        view.put(.volume(volume("v1", .held(by: MemberID("m1")!), epoch: 5)), revision: 13)
        view.put(.volume(volume("v2", .follows(VolumeID("v1")!), on: other, epoch: 2, branch: 1)), revision: 14)
        view.put(.session(session(cell, "i1")), revision: 15)
        view.put(.session(session(other, "i2")), revision: 16)
        view.put(
            .status(
                MemberStatus(
                    id: MemberID("m1")!, generation: 3, phase: .healthy, since: Samples.start, restarts: 0,
                    lastExit: nil, address: "10.77.3.7", startedAt: nil, pid: 5)), revision: 17)
        change(&view)
        return view
    }

    private static func record() -> AppRecord {
        AppRecord(
            id: app, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 3,
            createdAt: Samples.start, updatedAt: Samples.start)
    }

    private static func member(
        _ id: String, _ volume: String, on cell: CellID = cell, role: MemberRole = .primary
    ) -> MemberRecord {
        MemberRecord(
            id: MemberID(id)!, app: app, index: 0, cell: cell, slot: 7, volume: VolumeID(volume)!, role: role)
    }

    private static func volume(
        _ id: String, _ phase: VolumePhase, on cell: CellID = cell, epoch: UInt64, branch: Int = 2
    ) -> VolumeRecord {
        VolumeRecord(
            id: VolumeID(id)!, app: app, appName: AppName("demo")!, cell: cell, size: .megabytes(100),
            directories: [], lineage: LineageID("l")!, branch: branch, epoch: Epoch(epoch), sealedAt: Epoch(4),
            isMade: true, phase: phase, createdAt: Samples.start)
    }

    private static func session(_ cell: CellID, _ incarnation: String, _ state: SessionState = .alive) -> SessionRecord
    {
        SessionRecord(
            cell: cell, session: SessionID("s-\(cell)")!, sequence: 1, state: state,
            incarnation: IncarnationID(incarnation)!, machineID: "m", bootID: "b", guards: .none, isPausable: false)
    }

    private static func orders(_ view: PlatformView, _ cell: CellID = other) -> CellOrders {
        view.cellOrders(for: cell, term: Term(1))
    }

    @Test("A replica follows its primary's epoch and branch, and is told where to find it")
    func replica() throws {
        let orders = Self.orders(Self.view())
        let member = try #require(orders.members.first)
        #expect(member.run && member.role == .replica)
        #expect(
            member.source
                == RouteTarget(member: MemberID("m1")!, address: "10.77.3.7", port: 6_379, epoch: Epoch(5)))
        let volume = try #require(orders.volumes.first)
        #expect(volume.epoch == Epoch(5) && volume.branch == 2)
        #expect(volume.purpose == .follow(MemberID("m2")!, mayCreate: false))
        #expect(orders.session == SessionID("s-c2"))
        #expect(Self.orders(Self.view(), Self.cell).members.first?.source == nil, "a primary follows nobody")
    }

    @Test("A replica waits while its primary's volume has no holder, was never held, or is gone")
    func followsNobody() {
        let phases: [(VolumePhase, UInt64, Bool)] = [
            (.held(by: MemberID("m1")!), 5, true), (.sealed, 5, true), (.sealed, 0, false), (.allotted, 5, false),
            (.kept(until: Samples.start), 5, false), (.purging, 5, false), (.forked(since: Samples.start), 5, false),
            (.follows(VolumeID("v2")!), 5, false),
        ]
        for (phase, epoch, runs) in phases {
            let orders = Self.orders(
                Self.view { $0.put(.volume(Self.volume("v1", phase, epoch: epoch)), revision: 20) })
            #expect(orders.members.first?.run == runs, "\(phase) \(epoch)")
            #expect(
                orders.volumes.first?.purpose == (runs ? .follow(MemberID("m2")!, mayCreate: false) : .keep), "\(phase)"
            )
        }
        let gone = Self.orders(Self.view { $0.remove(key: "/volumes/v1", revision: 20) })
        #expect(gone.members.first?.run == false && gone.members.first?.source == nil)
        #expect(gone.volumes.first?.purpose == .keep && gone.volumes.first?.epoch == Epoch(2))
    }

    @Test("A replica without a primary that can be reached has no source")
    func noSource() {
        let unseen = Self.view { $0.remove(key: "/status/members/m1", revision: 20) }
        #expect(Self.orders(unseen).members.first?.source == nil)
        let withoutPort = Self.view { view in
            var app = Self.record()
            app.spec.targetPort = nil
            view.put(.app(app), revision: 20)
        }
        #expect(Self.orders(withoutPort).members.first?.source == nil)
    }

    @Test("A volume of an app that is gone, or to stop, or of a member that stands down is kept")
    func keeps() {
        let changes: [(inout PlatformView) -> Void] = [
            { $0.remove(key: "/apps/app", revision: 20) },
            { $0.remove(key: "/members/m2", revision: 20) },
            { view in
                var app = Self.record()
                app.desired = .stopped
                view.put(.app(app), revision: 20)
            },
            { view in
                var member = Self.member("m2", "v2", on: Self.other, role: .replica)
                member.standsDown = true
                view.put(.member(member), revision: 20)
            },
        ]
        for change in changes {
            let orders = Self.orders(Self.view(change))
            #expect(orders.volumes.map(\.purpose) == [.keep])
            #expect(orders.members.allSatisfy { !$0.run })
        }
        #expect(Self.orders(Self.view { $0.remove(key: "/apps/app", revision: 20) }).members.isEmpty)
    }

    @Test("A copy that takes over is promoted from where it came, until it was taken")
    func promotes() {
        let orders = Self.orders(
            Self.view { view in
                var volume = Self.volume("v2", .held(by: MemberID("m2")!), on: Self.other, epoch: 6)
                volume.origin = CopyOrigin(branch: 2, epoch: Epoch(5))
                view.put(.volume(volume), revision: 20)
            })
        #expect(
            orders.volumes.first?.purpose == .promote(MemberID("m2")!, from: CopyOrigin(branch: 2, epoch: Epoch(5))))
    }

    @Test("A member that is pinned runs what its app was before; a change of role makes its container anew")
    func pinned() throws {
        var previous = Samples.spec()
        previous.environment = ["OLD": "1"]
        func order(pinned: Int?, rollout: Bool) throws -> MemberOrder {
            let view = Self.view { view in
                var app = Self.record()
                app.rollout = rollout ? Rollout(previous: previous, previousGeneration: 2) : nil
                view.put(.app(app), revision: 20)
                var member = Self.member("m1", "v1")
                member.pinned = pinned
                member.turn = 10
                view.put(.member(member), revision: 21)
            }
            return try #require(Self.orders(view, Self.cell).members.first)
        }
        #expect(try order(pinned: 2, rollout: true).spec == previous)
        #expect(try order(pinned: 2, rollout: true).generation == 12)
        #expect(try order(pinned: nil, rollout: true).spec == Samples.spec())
        #expect(try order(pinned: nil, rollout: true).generation == 13)
        #expect(try order(pinned: 2, rollout: false).spec == Samples.spec(), "a rollout that has ended pins nothing")
    }

    @Test("A primary waits for the members that have the volumes its record names, sorted")
    func waits() {
        let orders = Self.orders(
            Self.view { view in
                view.put(.member(Self.member("m0", "v0", role: .replica)), revision: 20)
                var volume = Self.volume("v1", .held(by: MemberID("m1")!), epoch: 5)
                volume.replication.waitsFor = ["v2", "v0", "v9"].compactMap { VolumeID($0) }
                volume.guardState = .ordered
                view.put(.volume(volume), revision: 21)
            }, Self.cell)
        let primary = orders.members.first { $0.id.description == "m1" }
        #expect(primary?.waitsFor.map(\.description) == ["m0", "m2"])
        #expect(primary?.isGuarded == true)
        #expect(orders.members.first { $0.id.description == "m0" }?.isGuarded == false)
        #expect(orders.members.map(\.id.description) == ["m0", "m1"], "sorted by id")
    }

    @Test("What lay on another incarnation is not ordered; without a living session there is none to compare")
    func incarnations() {
        func volumes(_ incarnation: String?, _ state: SessionState = .alive) -> CellOrders {
            Self.orders(
                Self.view { view in
                    view.put(.session(Self.session(Self.other, "i2", state)), revision: 20)
                    var volume = Self.volume("v2", .follows(VolumeID("v1")!), on: Self.other, epoch: 2)
                    volume.incarnation = incarnation.flatMap { IncarnationID($0) }
                    view.put(.volume(volume), revision: 21)
                })
        }
        #expect(volumes("i2").volumes.count == 1)
        #expect(volumes(nil).volumes.count == 1)
        #expect(volumes("i1").volumes.isEmpty)
        let expired = volumes("i1", .expired(fence: FenceID("f")!))
        #expect(expired.volumes.count == 1 && expired.session == nil && expired.fences.isEmpty)
    }

    @Test("A fence that a person asked for stops what runs there, and wants a promise for each volume that is held")
    func fenced() {
        func orders(_ cause: FenceCause, _ state: FenceState = .open, _ incarnation: String = "i1") -> CellOrders {
            Self.orders(
                Self.view { view in
                    for id in ["f2", "f1"] {
                        view.put(
                            .fence(
                                FenceRecord(
                                    id: FenceID(id)!, cell: Self.cell, incarnation: IncarnationID(incarnation)!,
                                    cause: cause, state: state, createdAt: Samples.start, createdBy: "operator")),
                            revision: 20)
                    }
                    // Of another cell, which has the same name for its life.
                    view.put(
                        .fence(
                            FenceRecord(
                                id: FenceID("f0")!, cell: Self.other, incarnation: IncarnationID(incarnation)!,
                                cause: cause, state: state, createdAt: Samples.start, createdBy: "operator")),
                        revision: 20)
                    view.put(.volume(Self.volume("v0", .held(by: MemberID("m0")!), epoch: 9)), revision: 21)
                    view.put(.volume(Self.volume("v3", .sealed, epoch: 9)), revision: 21)
                }, Self.cell)
        }
        let fenced = orders(.asked)
        #expect(fenced.fences.map(\.fence.description) == ["f1", "f2"])
        let promises = [(VolumeID("v0")!, 9), (VolumeID("v1")!, 5)].map {
            VolumePromise(volume: $0.0, epoch: Epoch($0.1))
        }
        #expect(fenced.fences.allSatisfy { $0.promises == promises })
        #expect(fenced.members.allSatisfy { !$0.run })
        #expect(orders(.silence).fences.isEmpty && orders(.silence).members.contains { $0.run })
        #expect(orders(.asked, .lifted(at: Samples.start)).fences.isEmpty)
        #expect(orders(.asked, .lifted(at: Samples.start)).members.contains { $0.run })
        #expect(orders(.asked, .open, "i0").fences.isEmpty, "another incarnation cannot promise for this one")
    }

    @Test("The newest revision behind a cell's orders is that of its members, their apps and its volumes")
    func revisions() {
        #expect(Self.view().newestRevision(behindOrdersOf: Self.cell) == 13)
        #expect(Self.view().newestRevision(behindOrdersOf: Self.other) == 14)
        #expect(Self.view().newestRevision(behindOrdersOf: CellID("c3")!) == 0)
        let pushed = Self.view { $0.put(.app(Self.record()), revision: 30) }
        #expect(pushed.newestRevision(behindOrdersOf: Self.cell) == 30)
        let moved = Self.view { $0.put(.member(Self.member("m1", "v1")), revision: 40) }
        #expect(moved.newestRevision(behindOrdersOf: Self.cell) == 40)
        let orphan = Self.view { $0.remove(key: "/apps/app", revision: 50) }
        #expect(orphan.newestRevision(behindOrdersOf: Self.cell) == 13)
        let status = Self.view { view in
            view.put(.session(Self.session(Self.cell, "i1")), revision: 60)
        }
        #expect(status.newestRevision(behindOrdersOf: Self.cell) == 13, "its session is no order")
    }

    @Test("Routes are sorted, carry the term, and a route of an app without a volume has no epoch")
    func routes() {
        let view = Self.view { view in
            for (app, scope, port) in [
                ("app", RouteScope.public, 30_000), ("x", .loopback, 20_002), ("y", .loopback, 20_001),
            ] {
                view.put(
                    .route(
                        RouteRecord(
                            id: RouteID("r-\(port)")!, app: AppID(app)!, scope: scope, port: port, targetPort: 80,
                            createdAt: Samples.start)), revision: 20)
            }
            var member = Self.member("m1", "v1")
            member.volume = nil
            view.put(.member(member), revision: 21)
            view.put(.term(TermRecord(term: Term(8), since: Samples.start)), revision: 22)
        }
        let orders = view.routerOrders()
        #expect(orders.routes.map(\.port) == [20_001, 20_002, 30_000])
        #expect(orders.term == Term(8) && orders.revision == 22)
        #expect(
            orders.routes.last?.target
                == RouteTarget(member: MemberID("m1")!, address: "10.77.3.7", port: 80, epoch: .none))
        #expect(Self.view().routerOrders().term == Term(0))
    }
}
