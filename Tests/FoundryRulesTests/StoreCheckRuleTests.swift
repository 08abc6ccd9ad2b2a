import FoundryModel
import FoundryRules
import Testing

@Suite("What records of one store must agree on")
struct StoreCheckRuleTests {
    private static func app(_ id: String, _ name: String) -> AppRecord {
        AppRecord(
            id: AppID(id)!, name: AppName(name)!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
    }

    private static func member(
        _ id: String, of app: String = "a1", index: Int = 0, slot: Int = 2, volume: String?
    )
        -> MemberRecord
    {
        MemberRecord(
            id: MemberID(id)!, app: AppID(app)!, index: index, cell: Samples.cell, slot: slot,
            volume: volume.flatMap(VolumeID.init))
    }

    private static func volume(
        _ id: String, of app: String = "a1", _ phase: VolumePhase, epoch: Epoch = Epoch(2)
    )
        -> VolumeRecord
    {
        VolumeRecord(
            id: VolumeID(id)!, app: AppID(app)!, appName: AppName("demo")!, cell: Samples.cell, size: .megabytes(100),
            directories: [], lineage: LineageID("l1")!, branch: 1, epoch: epoch, sealedAt: Epoch(1), isMade: true,
            phase: phase, createdAt: Samples.start)
    }

    private static func route(of app: String) -> RouteRecord {
        RouteRecord(
            id: RouteID("r1")!, app: AppID(app)!, scope: .loopback, port: 20_000, targetPort: 6_379,
            createdAt: Samples.start)
    }

    private static var whole: [Record] {
        [
            .app(app("a1", "demo")), .app(app("a2", "other")), .member(member("m1", volume: "v1")),
            .volume(volume("v1", .held(by: MemberID("m1")!))),
            .volume(volume("v0", of: "gone", .kept(until: Samples.start))),
            .member(member("m2", of: "a2", slot: 3, volume: nil)),
            .member(member("m3", of: "a2", index: 1, slot: 4, volume: nil)),
            .route(route(of: "a1")), .cluster(ClusterRecord(generation: 1)),
            .term(TermRecord(term: Term(1).next(in: 1), since: Samples.start)),
        ]
    }

    private static func flaws(_ changes: [Record]) -> [String] {
        var view = Samples.view()
        for (revision, record) in (whole + changes).enumerated() { view.put(record, revision: Int64(revision) + 2) }
        return StoreCheckRule.flaws(view).map { "\($0.key) \($0.text)" }
    }

    @Test("What the platform writes has no flaw: members without volumes, and kept volumes of apps that are gone, too")
    func whole() { #expect(Self.flaws([]).isEmpty) }

    @Test(
        "Each contradiction is named, at every record that has part in it",
        arguments: [
            (
                [.app(app("a3", "demo"))],
                ["/apps/a1 has the name of another app, demo", "/apps/a3 has the name of another app, demo"]
            ),
            ([.member(member("m4", of: "a9", slot: 9, volume: nil))], ["/members/m4 is of app a9, which there is not"]),
            (
                [.member(member("m4", of: "a2", index: 5, slot: 255, volume: nil))],
                ["/members/m4 has slot 255, which is none"]
            ),
            (
                [.member(member("m4", of: "a2", index: 5, slot: 9, volume: "v0"))],
                ["/members/m4 has volume v0, which is another app's"]
            ),
            (
                [.member(member("m4", of: "a2", index: 5, slot: 9, volume: "v9"))],
                ["/members/m4 has volume v9, which there is not"]
            ),
            (
                [.member(member("m3", of: "a2", index: 1, slot: 3, volume: nil))],
                ["/members/m2 shares its address with another", "/members/m3 shares its address with another"]
            ),
            (
                [.member(member("m3", of: "a2", index: 0, slot: 4, volume: nil))],
                ["/members/m2 shares its index with another", "/members/m3 shares its index with another"]
            ),
            (
                [.member(member("m4", index: 1, slot: 9, volume: "v1"))],
                ["/members/m1 shares its volume with another", "/members/m4 shares its volume with another"]
            ),
            (
                [.volume(volume("v2", .held(by: MemberID("m1")!)))],
                ["/volumes/v2 is held by member m1, which does not have it"]
            ),
            (
                [.volume(volume("v2", .held(by: MemberID("m9")!)))],
                ["/volumes/v2 is held by member m9, which does not have it"]
            ),
            (
                [.volume(volume("v2", .sealed, epoch: Epoch(0)))],
                ["/volumes/v2 was sealed under an epoch that was never granted"]
            ),
            (
                [.volume(volume("v2", .sealed, epoch: .first(of: 2)))],
                ["/volumes/v2 has an epoch of a generation that is still to come"]
            ),
            ([.route(route(of: "a9"))], ["/routes/loopback/20000 is of app a9, which there is not"]),
            ([.cluster(ClusterRecord())], ["/term is of a generation that is still to come"]),
        ] as [([Record], [String])])
    func flawed(changes: [Record], sentences: [String]) { #expect(Self.flaws(changes) == sentences) }
}
