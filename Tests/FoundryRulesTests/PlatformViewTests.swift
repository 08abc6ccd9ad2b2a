import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("The records as one reader sees them")
struct PlatformViewTests {
    private static func app(_ desired: DesiredState = .started, generation: Int = 1) -> AppRecord {
        AppRecord(
            id: AppID("app")!, name: AppName("demo")!, spec: Samples.spec(), desired: desired, generation: generation,
            createdAt: Samples.start, updatedAt: Samples.start)
    }

    private static func volume(
        _ phase: VolumePhase, epoch: UInt64 = 3, sealedAt: UInt64 = 2, isMade: Bool = true
    ) -> VolumeRecord {
        VolumeRecord(
            id: VolumeID("volume")!, app: AppID("app")!, appName: AppName("demo")!, cell: Samples.cell,
            size: .megabytes(100),
            directories: ["a"], lineage: LineageID("lineage")!, branch: 1, epoch: Epoch(epoch),
            sealedAt: Epoch(sealedAt), isMade: isMade,
            phase: phase, createdAt: Samples.start)
    }

    private static let member = MemberRecord(
        id: MemberID("member")!, app: AppID("app")!, index: 0, cell: Samples.cell, slot: 7, volume: VolumeID("volume")!)

    private static func view(
        _ app: AppRecord = app(), _ phase: VolumePhase = .held(by: member.id), status: MemberPhase? = nil,
        statusGeneration: Int = 1
    ) -> PlatformView {
        var view = Samples.view()
        view.put(.app(app), revision: 2)
        view.put(.member(member), revision: 3)
        view.put(.volume(volume(phase)), revision: 4)
        view.put(
            .route(
                RouteRecord(
                    id: RouteID("route")!, app: app.id, scope: .loopback, port: 20_000, targetPort: 6_379,
                    createdAt: Samples.start)), revision: 5)
        if let status {
            view.put(
                .status(
                    MemberStatus(
                        id: member.id, generation: statusGeneration, phase: status, since: Samples.start, restarts: 0,
                        lastExit: nil,
                        address: "10.77.3.7", startedAt: nil, pid: nil)), revision: 6)
        }
        return view
    }

    @Test("A member runs when its app shall, and its volume's record says that it holds it")
    func runs() throws {
        func runs(_ view: PlatformView) -> Bool? {
            view.cellOrders(for: Samples.cell, term: Term(1)).members.first?.run
        }
        #expect(runs(Self.view()) == true)
        #expect(runs(Self.view(Self.app(.stopped))) == false)
        #expect(runs(Self.view(Self.app(.deleted(purge: true)))) == false)
        for phase in [.allotted, .sealed, .kept(until: Samples.start), .purging, .held(by: MemberID("other")!)]
            as [VolumePhase]
        {
            #expect(runs(Self.view(Self.app(), phase)) == false, "\(phase)")
        }
        let order = try #require(Self.view().cellOrders(for: Samples.cell, term: Term(4)).members.first)
        #expect(
            order.name == "demo/0" && order.generation == 1 && order.slot == 7 && order.volume?.description == "volume")
    }

    @Test("Only a purge orders anything to be deleted; a volume that nobody may write to is kept")
    func purposes() {
        func purpose(_ phase: VolumePhase, _ desired: DesiredState = .started) -> VolumePurpose? {
            Self.view(Self.app(desired), phase).cellOrders(for: Samples.cell, term: Term(1)).volumes.first?.purpose
        }
        #expect(purpose(.held(by: Self.member.id)) == .serve(Self.member.id, sealedAt: Epoch(2), mayCreate: false))
        #expect(purpose(.held(by: Self.member.id), .stopped) == .keep)
        #expect(purpose(.held(by: Self.member.id), .deleted(purge: true)) == .keep)
        #expect(purpose(.held(by: MemberID("gone")!)) == .keep)
        for phase in [.allotted, .sealed, .kept(until: Samples.start)] as [VolumePhase] {
            #expect(purpose(phase) == .keep, "\(phase)")
        }
        #expect(purpose(.purging) == .delete)
        var view = Self.view()
        view.put(.volume(Self.volume(.held(by: Self.member.id), isMade: false)), revision: 7)
        #expect(
            view.cellOrders(for: Samples.cell, term: Term(1)).volumes.first?.purpose
                == .serve(Self.member.id, sealedAt: Epoch(2), mayCreate: true))
    }

    @Test("It knows at which revision an event was written, as long as it keeps it")
    func eventRevisions() {
        var view = Samples.view()
        let event = EventRecord(
            id: EventID("e1")!, time: Samples.start, kind: .appPushed, app: nil, subject: "demo", message: "was pushed",
            actor: "operator")
        #expect(view.revision(of: event.id) == 0)
        view.put(.event(event), revision: 77)
        #expect(view.revision(of: event.id) == 77)
        view.remove(key: Record.event(event).key, revision: 78)
        #expect(view.revision(of: event.id) == 0)
    }

    @Test("A cell is told of its own, under the term, at the revision that was seen")
    func cells() {
        let view = Self.view()
        let orders = view.cellOrders(for: Samples.cell, term: Term(4))
        #expect(orders.revision == 5 && orders.term == Term(4))
        let other = view.cellOrders(for: CellID("other")!, term: Term(4))
        #expect(other.members.isEmpty && other.volumes.isEmpty && other.revision == 5)
    }

    @Test("A route leads to a member that serves, in its app's generation, under its volume's epoch; else nowhere")
    func routes() {
        func target(
            _ phase: MemberPhase?, _ desired: DesiredState = .started, statusGeneration: Int = 1
        ) -> RouteTarget? {
            Self.view(Self.app(desired), status: phase, statusGeneration: statusGeneration).routerOrders().routes.first?
                .target
        }
        let led = RouteTarget(member: Self.member.id, address: "10.77.3.7", port: 6_379, epoch: Epoch(3))
        #expect(target(.healthy) == led)
        #expect(target(.unhealthy) == led)
        #expect(target(nil) == nil)
        #expect(target(.healthy, .stopped) == nil)
        #expect(target(.healthy, statusGeneration: 0) == nil)
        let error = FoundryError(.volumeOlder, "older")
        for phase in [
            .preparing, .starting, .unready, .stopping, .stopped, .waiting(nextTry: Samples.start),
            .crashed(nextTry: Samples.start), .refused(error),
        ] as [MemberPhase] {
            #expect(target(phase) == nil, "\(phase)")
        }
        #expect(Self.view().routerOrders().routes.count == 1, "a route that leads nowhere is ordered, too")
    }

    @Test("What is removed by its key is gone, whatever its kind; an unknown key removes nothing")
    func removes() {
        var view = Self.view(status: .healthy)
        let keys = [
            "/members/member", "/volumes/volume", "/routes/loopback/20000", "/status/members/member", "/apps/app",
            "/cells/cell-1",
        ]
        view.remove(key: "/strangers/x", revision: 8)
        view.remove(key: "/apps/not an id", revision: 9)
        #expect(view.apps.count == 1 && view.revision == 9)
        for (index, key) in keys.enumerated() { view.remove(key: key, revision: Int64(10 + index)) }
        #expect(
            view.members.isEmpty && view.volumes.isEmpty && view.routes.isEmpty && view.statuses.isEmpty
                && view.apps.isEmpty && view.cells.isEmpty)
        #expect(view.revision == 15)
    }

    @Test("Events are in the order of their time, and the same one twice is one")
    func events() {
        var view = PlatformView()
        var random = Seeded(95)
        let events = (0..<50).map { index in
            EventRecord(
                id: .random(using: &random), time: Samples.start + Int64(index / 3), kind: .appPushed, app: nil,
                subject: "demo",
                message: "\(index)", actor: "operator")
        }
        for event in events.shuffled(using: &random) + events.prefix(10) { view.put(.event(event), revision: 1) }
        #expect(view.events.count == events.count)
        #expect(view.events.map(\.time) == events.map(\.time))
        view.remove(key: Record.event(events[7]).key, revision: 2)
        #expect(view.events.count == 49 && !view.events.contains(events[7]))
    }

    @Test("What is not there is removed without a word")
    func removesNothing() {
        var view = Self.view()
        let before = view
        for kind in RecordKind.allCases { view.remove(key: kind.key("unknown"), revision: view.revision) }
        #expect(view == before)
    }
}
