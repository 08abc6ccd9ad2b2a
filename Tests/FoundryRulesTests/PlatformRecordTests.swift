import FoundryModel
import FoundryRules
import Testing

@Suite("What belongs to what, as the records come and go")
struct PlatformRecordTests {
    private static let app = AppID("app")!
    private static let first = CellID("c1")!
    private static let second = CellID("c2")!

    private static func member(
        _ id: String, on cell: CellID = first, volume: String? = nil, index: Int = 0, role: MemberRole = .primary
    ) -> MemberRecord {
        MemberRecord(
            id: MemberID(id)!, app: app, index: index, cell: cell, slot: 7, volume: volume.flatMap { VolumeID($0) },
            role: role)
    }

    private static func volume(_ id: String, on cell: CellID = first) -> VolumeRecord {
        VolumeRecord(
            id: VolumeID(id)!, app: app, appName: AppName("demo")!, cell: cell, size: .megabytes(100), directories: [],
            lineage: LineageID("l")!, branch: 1, epoch: Epoch(3), sealedAt: Epoch(2), isMade: true, phase: .sealed,
            createdAt: Samples.start)
    }

    private static func fence(_ id: String, _ incarnation: String, _ state: FenceState = .open) -> FenceRecord {
        FenceRecord(
            id: FenceID(id)!, cell: first, incarnation: IncarnationID(incarnation)!, cause: .silence, state: state,
            createdAt: Samples.start, createdBy: "controller")
    }

    @Test("A member that moves is found on its new cell, and no longer on the old one")
    func moves() {
        var view = PlatformView()
        view.put(.member(Self.member("m1")), revision: 1)
        view.put(.member(Self.member("m2")), revision: 2)
        #expect(Set(view.index.members(on: Self.first).map(\.description)) == ["m1", "m2"])
        view.put(.member(Self.member("m1", on: Self.second)), revision: 3)
        #expect(view.index.members(on: Self.first).map(\.description) == ["m2"])
        #expect(view.index.members(on: Self.second).map(\.description) == ["m1"])
        #expect(Set(view.index.members(of: Self.app).map(\.description)) == ["m1", "m2"])
        view.put(.member(Self.member("m1", on: Self.second)), revision: 4)
        #expect(view.index.members(on: Self.second).count == 1, "the same record again adds nothing")
    }

    @Test("What came and went leaves nothing behind")
    func comesAndGoes() {
        var view = PlatformView()
        view.put(.member(Self.member("m1", volume: "v1")), revision: 1)
        view.put(.volume(Self.volume("v1")), revision: 1)
        let route = RouteRecord(
            id: RouteID("r")!, app: Self.app, scope: .loopback, port: 20_000, targetPort: 80, createdAt: Samples.start)
        view.put(.route(route), revision: 1)
        #expect(view.index != PlatformView().index)
        #expect(view.route(of: Self.app) == route)
        #expect(view.index.route(of: Self.app) == "/routes/loopback/20000")
        for key in ["/members/m1", "/volumes/v1", "/routes/loopback/20000"] { view.remove(key: key, revision: 2) }
        #expect(view.index == PlatformView().index)
        #expect(view.route(of: Self.app) == nil)
        for key in ["/members/m1", "/volumes/v1", "/routes/loopback/20000"] { view.remove(key: key, revision: 3) }
        #expect(view.index == PlatformView().index, "a second removal changes nothing")
        #expect(view.revision == 3)
    }

    @Test("A volume is found by its member, until another has it")
    func holders() {
        var view = PlatformView()
        let volume = VolumeID("v1")!
        #expect(view.member(with: volume) == nil)
        view.put(.member(Self.member("m1", volume: "v1")), revision: 1)
        #expect(view.member(with: volume)?.id.description == "m1")
        view.put(.member(Self.member("m2", volume: "v1")), revision: 2)
        view.put(.member(Self.member("m1", volume: "v2")), revision: 3)
        #expect(view.member(with: volume)?.id.description == "m2")
        view.put(.member(Self.member("m2")), revision: 4)
        #expect(view.member(with: volume) == nil)
        #expect(view.member(with: VolumeID("v2")!)?.id.description == "m1")
        view.remove(key: "/members/m1", revision: 5)
        #expect(view.member(with: VolumeID("v2")!) == nil)
    }

    @Test("Volumes of an app are sorted by id, and found on the cell they lie on")
    func volumes() {
        var view = PlatformView()
        for id in ["v3", "v1", "v2"] { view.put(.volume(Self.volume(id)), revision: 1) }
        #expect(view.volumes(of: Self.app).map(\.id.description) == ["v1", "v2", "v3"])
        #expect(view.volumes(of: AppID("other")!).isEmpty)
        view.put(.volume(Self.volume("v2", on: Self.second)), revision: 2)
        #expect(Set(view.index.volumes(on: Self.first).map(\.description)) == ["v1", "v3"])
        #expect(view.index.volumes(on: Self.second).map(\.description) == ["v2"])
        #expect(view.index.volumes(on: CellID("c3")!).isEmpty)
    }

    @Test("Members of an app are sorted by index, then id; the primary is the one that writes")
    func members() {
        var view = PlatformView()
        view.put(.member(Self.member("m3", index: 1, role: .replica)), revision: 1)
        view.put(.member(Self.member("m1", index: 2)), revision: 1)
        view.put(.member(Self.member("m2", index: 1, role: .replica)), revision: 1)
        #expect(view.members(of: Self.app).map(\.id.description) == ["m2", "m3", "m1"])
        #expect(view.primary(of: Self.app)?.id.description == "m1")
        view.remove(key: "/members/m1", revision: 2)
        #expect(view.primary(of: Self.app) == nil)
    }

    @Test("Sessions, fences, the cluster, the term, the beat and statuses come and go as the rest does")
    func others() {
        var view = PlatformView()
        let session = SessionRecord(
            cell: Self.first, session: SessionID("s")!, sequence: 4, state: .alive, incarnation: IncarnationID("i")!,
            machineID: "m", bootID: "b", guards: .none, isPausable: false)
        let status = VolumeStatus(id: VolumeID("v1")!, label: nil, mounted: false, refusal: nil, used: nil)
        let job = JobRecord(
            id: JobID("j")!, operation: .start, app: Self.app, appName: AppName("demo")!, generation: 1,
            state: .processing, createdAt: Samples.start, updatedAt: Samples.start)
        let records: [Record] = [
            .session(session), .fence(Self.fence("f", "i")), .cluster(ClusterRecord(generation: 3)),
            .term(TermRecord(term: Term(2), since: Samples.start)), .beat(BeatRecord(term: Term(2), count: 9)),
            .volumeStatus(status), .job(job),
        ]
        for (index, record) in records.enumerated() { view.put(record, revision: Int64(index + 1)) }
        #expect(view.sessions[Self.first] == Revised(session, revision: 1))
        #expect(view.fences.count == 1 && view.fences.values.first?.revision == 2)
        #expect(view.cluster?.revision == 3 && view.switches.generation == 3)
        #expect(view.term?.value.term == Term(2) && view.term?.revision == 4)
        #expect(view.beat?.value.count == 9 && view.beat?.revision == 5)
        #expect(view.volumeStatuses[status.id]?.value == status && view.jobs[job.id]?.value == job)
        #expect(view.revision == 7)
        for record in records { view.remove(key: record.key, revision: 8) }
        var empty = PlatformView()
        empty.remove(key: "/apps/none", revision: 8)
        #expect(view == empty)
        #expect(view.switches == ClusterRecord(), "the switches are off where there is no record")
    }

    @Test("An older revision does not turn the view's back")
    func revisions() {
        var view = PlatformView()
        view.put(.member(Self.member("m1")), revision: 9)
        view.put(.member(Self.member("m2")), revision: 4)
        #expect(view.revision == 9)
        view.remove(key: "/members/m1", revision: 5)
        #expect(view.revision == 9)
    }

    @Test("The fence in force is that of the cell's incarnation, and open")
    func fences() {
        var view = PlatformView()
        view.put(.fence(Self.fence("f1", "old")), revision: 1)
        view.put(.fence(Self.fence("f2", "new", .lifted(at: Samples.start))), revision: 2)
        #expect(view.openFence(of: Self.first, IncarnationID("old"))?.value.id.description == "f1")
        #expect(view.openFence(of: Self.first, IncarnationID("new")) == nil)
        #expect(view.openFence(of: Self.first, nil) == nil)
        #expect(view.openFence(of: Self.second, IncarnationID("old")) == nil)
    }

    @Test("Why a volume does not serve is said by its own status first, else by its member's")
    func refusals() {
        var view = PlatformView()
        let id = VolumeID("v1")!
        let (own, members) = (FoundryError(.volumeOlder, "own"), FoundryError(.volumeMissing, "member's"))
        #expect(view.refusal(of: id) == nil)
        view.put(.member(Self.member("m1", volume: "v1")), revision: 1)
        #expect(view.refusal(of: id) == nil)
        view.put(.status(Self.status(.healthy)), revision: 2)
        #expect(view.refusal(of: id) == nil)
        view.put(.status(Self.status(.refused(members))), revision: 3)
        #expect(view.refusal(of: id) == members)
        view.put(
            .volumeStatus(VolumeStatus(id: id, label: nil, mounted: false, refusal: own, used: nil)), revision: 4)
        #expect(view.refusal(of: id) == own)
    }

    @Test("A member is named for its app, and for the app's id where the app is gone")
    func names() {
        var view = PlatformView()
        let member = MemberRecord(
            id: MemberID("m1")!, app: AppID("0123456789ab")!, index: 2, cell: Self.first, slot: 7, volume: nil)
        #expect(view.name(of: member) == "01234567/2")
        let app = AppRecord(
            id: member.app, name: AppName("demo")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
        view.put(.app(app), revision: 1)
        #expect(view.name(of: member) == "demo/2")
        #expect(view.app(named: AppName("demo")!)?.value == app)
        #expect(view.app(named: AppName("other")!) == nil)
    }

    @Test("A write names the key that it touches, and what must be true of it")
    func writes() {
        let record = Record.member(Self.member("m1"))
        let put = RecordWrite.put(record, expects: .absent)
        let delete = RecordWrite.delete(key: "/members/m1", kind: .member, expects: .revision(4))
        let check = RecordWrite.check(key: "/members/m1", kind: .member, expects: .any)
        #expect([put, delete, check].allSatisfy { $0.key == "/members/m1" })
        #expect([put, delete, check].map(\.expectation) == [.absent, .revision(4), .any])
    }

    private static func status(_ phase: MemberPhase) -> MemberStatus {
        MemberStatus(
            id: MemberID("m1")!, generation: 1, phase: phase, since: Samples.start, restarts: 0, lastExit: nil,
            address: "10.77.3.7", startedAt: nil, pid: nil)
    }
}
