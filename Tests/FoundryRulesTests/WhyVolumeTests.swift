import FoundryModel
import FoundryRules
import Testing

@Suite("Why a volume, a route or a member is as it is")
struct WhyVolumeTests {
    private static let app = AppRecord(
        id: AppID("a1")!, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
        createdAt: Samples.start, updatedAt: Samples.start)
    private static let member = MemberRecord(
        id: MemberID("m1")!, app: app.id, index: 0, cell: Samples.cell, slot: 2, volume: VolumeID("v1"))

    private static func view(_ phase: VolumePhase, _ cluster: ClusterRecord = ClusterRecord()) -> PlatformView {
        var view = Samples.view()
        view.put(.app(app), revision: 2)
        view.put(.member(member), revision: 3)
        view.put(
            .volume(
                VolumeRecord(
                    id: VolumeID("v1")!, app: app.id, appName: app.name, cell: Samples.cell, size: .megabytes(100),
                    directories: [], lineage: LineageID("l1")!, branch: 1, epoch: Epoch(3), sealedAt: Epoch(3),
                    isMade: true, phase: phase, createdAt: Samples.start)), revision: 4)
        view.put(
            .route(
                RouteRecord(
                    id: RouteID("r1")!, app: app.id, scope: .loopback, port: 20_000, targetPort: 6_379,
                    createdAt: Samples.start)), revision: 5)
        view.put(.cluster(cluster), revision: 6)
        return view
    }

    private static func line(_ subject: String, _ view: PlatformView) -> String? {
        Why.explain(app.id, view: view, router: nil).first { $0.subject == subject }?.text
    }

    @Test(
        "Each phase of a volume has its sentence",
        arguments: [
            (.allotted, "has its place in the pool and is not made yet"),
            (.held(by: member.id), "is held by demo/0 under epoch 3"),
            (.sealed, "is sealed under epoch 3: its last holder stopped in order"),
            (.kept(until: Samples.start), "is kept until 2023-11-14T22:13:20Z"), (.purging, "is being purged"),
            (.follows(VolumeID("v0")!), "follows the holder of its branch"),
            (.forked(since: Samples.start), "is a fork since 2023-11-14T22:13:20Z: another copy went on without it"),
        ] as [(VolumePhase, String)])
    func phases(phase: VolumePhase, text: String) {
        #expect(Self.line("volume demo/0", Self.view(phase)) == text)
    }

    @Test("After a restore a route leads where it did until it is known who holds the data, and is ordered so")
    func routes() {
        let held = VolumePhase.held(by: Self.member.id)
        let restored = Self.view(held, ClusterRecord(generation: 1, unheard: [CellID("c9")!]))
        #expect(restored.routerOrders().routes.map(\.isKept) == [true])
        #expect(restored.routerOrders().routes.map(\.target) == [nil])
        #expect(
            Self.line("route loopback:20000", restored)
                == "leads where it did: the store was restored, and it is not known yet who holds the data")
        let known = Self.view(held, ClusterRecord(generation: 1))
        #expect(known.routerOrders().routes.map(\.isKept) == [false])
        #expect(Self.line("route loopback:20000", known) == "leads nowhere: no member serves now")
    }

    @Test("So it does while a cell is fenced that was not heard since: that its member serves is what the backup says")
    func hearsay() throws {
        let life = IncarnationID("i1")!
        func kept(_ cluster: ClusterRecord, heard: Bool) throws -> [Bool] {
            var view = Self.view(.held(by: Self.member.id), cluster)
            var cell = try #require(view.cells[Samples.cell]?.value)
            cell.incarnation = life
            view.put(.cell(cell), revision: 7)
            let fence = FenceRecord(
                id: FenceID("f")!, cell: cell.id, incarnation: life, cause: .silence, createdAt: Samples.start,
                createdBy: "operator", evidence: [.person("operator")])
            view.put(.fence(fence), revision: 8)
            let session = SessionRecord(
                cell: cell.id, session: SessionID("s")!, sequence: 1, state: .expired(fence: fence.id),
                incarnation: life, machineID: "m", bootID: "b", guards: .none, isPausable: false)
            if heard { view.put(.session(session), revision: 9) }
            return view.routerOrders().routes.map(\.isKept)
        }
        #expect(try kept(ClusterRecord(generation: 1), heard: false) == [true])
        #expect(try kept(ClusterRecord(generation: 1), heard: true) == [false])
        #expect(try kept(ClusterRecord(), heard: false) == [false], "no store was restored")
    }

    @Test("A process that has not answered yet runs since it began, or else since its phase did")
    func starting() {
        for (startedAt, second) in [(Samples.start + 2_000, "22"), (nil, "25")] as [(Timestamp?, String)] {
            var view = Self.view(.held(by: Self.member.id))
            view.put(
                .status(
                    MemberStatus(
                        id: Self.member.id, generation: 1, phase: .starting, since: Samples.start + 5_000, restarts: 0,
                        lastExit: nil, address: "10.77.3.2", startedAt: startedAt, pid: 7)), revision: 7)
            #expect(
                Self.line("demo/0", view)
                    == "runs since 2023-11-14T22:13:\(second)Z and has not answered its check yet.")
        }
    }
}
