import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What becomes of forks")
struct OperatorVerbForkTests {
    private static let fork = VolumeID("fork0")!

    /// A stopped app on c1, sealed, with a fork on c2.
    private static func world() -> RecoveryWorld {
        var world = RecoveryWorld()
        world.cells = ["c1", "c2"].map { .init(id: CellID($0)!) }
        world.forks = [CellID("c2")!]
        world.desired = .stopped
        var primary = RecoveryWorld.Copy(index: 0, cell: CellID("c1")!, role: .primary, epoch: Epoch(8))
        primary.phase = .sealed
        world.copies = [primary]
        return world
    }

    private static func label(
        sealed: Bool = true, epoch: UInt64 = 2, branch: Int = 1, role: VolumeRole = .holder, lineage: String = "line"
    ) -> VolumeLabel {
        VolumeLabel(
            volume: fork, lineage: LineageID(lineage)!, branch: branch, epoch: Epoch(epoch), role: role,
            sealed: sealed, machineID: "m", size: .megabytes(100))
    }

    private static func view(
        _ world: RecoveryWorld = world(), label: VolumeLabel? = label(), mounted: Bool = false
    ) -> PlatformView {
        var view = world.view
        view.put(
            .volumeStatus(VolumeStatus(id: fork, label: label, mounted: mounted, refusal: nil, used: nil)),
            revision: 20)
        return view
    }

    private static func adopt(_ view: PlatformView, _ id: VolumeID = fork) -> Result<OperatorPlan, FoundryError> {
        var random = Seeded(13)
        return Result { () throws(FoundryError) in
            try OperatorVerbs.adopt(fork: id, view: view, now: Samples.start, using: &random)
        }
    }

    private static func error(_ result: Result<OperatorPlan, FoundryError>) -> FoundryError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    @Test("The app goes on from it under a later epoch than both had; what it used becomes a fork")
    func adopts() throws {
        let plan = try Self.adopt(Self.view()).get()
        var view = Self.view()
        for case .put(let record, _) in plan.writes { view.put(record, revision: 30) }
        for case .delete(let key, _, _) in plan.writes { view.remove(key: key, revision: 30) }
        let member = try #require(view.members(of: RecoveryWorld.app).first)
        let volume = try #require(view.volumes[Self.fork]?.value)
        #expect(view.members(of: RecoveryWorld.app).count == 1)
        #expect(member.volume == Self.fork && member.cell == CellID("c2")! && member.slot == 2)
        #expect(member.index == 0 && member.role == .primary)
        let changed = plan.writes.map { $0.key.split(separator: "/").dropLast().joined(separator: "/") }
        #expect(changed == ["apps", "volumes", "members", "volumes", "members", "events"])
        #expect(volume.phase == .sealed && volume.sealedAt == Epoch(2) && volume.epoch == Epoch(8))
        #expect(view.volumes[RecoveryWorld.volume(0)]?.value.phase == .forked(since: Samples.start))
        for write in plan.writes { if case .put(.volume, .any) = write { Issue.record("\(write) compares nothing") } }
    }

    @Test("An app whose members are all gone goes on from it, too")
    func withoutMember() throws {
        var world = Self.world()
        world.copies = []
        #expect(try Self.adopt(Self.view(world)).get().writes.count == 4)
    }

    @Test("Refused while anything still runs, or is not known to have stopped")
    func refused() {
        var world = Self.world()
        world.desired = .started
        #expect(Self.error(Self.adopt(Self.view(world)))?.hint == "foundry stop demo")
        world = Self.world()
        world.copies[0].phase = nil
        #expect(
            Self.error(Self.adopt(Self.view(world)))?.message == "The volume that it used until now is not sealed yet.")
        world = Self.world()
        world.copies.append(.init(index: 1, cell: CellID("c2")!, epoch: Epoch(8)))
        #expect(Self.error(Self.adopt(Self.view(world)))?.hint == "foundry scale demo --replicas 0")
        for label in [
            nil, Self.label(sealed: false), Self.label(branch: 2), Self.label(role: .replica),
            Self.label(lineage: "another"),
        ] {
            #expect(Self.error(Self.adopt(Self.view(label: label)))?.code == .conflict)
        }
        #expect(Self.error(Self.adopt(Self.view(mounted: true)))?.code == .conflict)
        #expect(Self.error(Self.adopt(Self.view(), VolumeID("nope")!))?.code == .volumeNotFound)
        #expect(Self.error(Self.adopt(Self.view(), RecoveryWorld.volume(0)))?.message == "Volume v0 is no fork.")
        var gone = Self.view()
        gone.remove(key: "/apps/demo", revision: 21)
        #expect(Self.error(Self.adopt(gone))?.code == .conflict)
    }

    @Test("Refused while its cell is drained or lost: its member could not start there, or would have to leave again")
    func closed() throws {
        var view = Self.view()
        var cell = try #require(view.cells[CellID("c2")!]?.value)
        cell.duty = .drained
        view.put(.cell(cell), revision: 21)
        #expect(Self.error(Self.adopt(view))?.hint == "foundry undrain c2")
        var world = Self.world()
        world.cells[1].sight = .expired(FenceID("f")!)
        #expect(Self.error(Self.adopt(Self.view(world)))?.hint == "foundry cells")
    }

    @Test("Refused where no address is left")
    func noSlot() {
        var view = Self.view()
        for slot in 2...254 {
            view.put(
                .member(
                    MemberRecord(
                        id: MemberID("x\(slot)")!, app: AppID("other")!, index: 0, cell: CellID("c2")!, slot: slot,
                        volume: nil)), revision: 21)
        }
        #expect(Self.error(Self.adopt(view))?.code == .capacityShort)
    }

    @Test("A fork that is forgotten is kept for the grace period; nothing else is touched by it")
    func forgets() throws {
        var random = Seeded(14)
        let view = Self.view()
        let plan = try OperatorVerbs.forget(
            fork: Self.fork, graceDays: 7, view: view, now: Samples.start, using: &random)
        guard case .put(.volume(let volume), .revision) = plan.writes[0] else {
            Issue.record("\(plan)")
            return
        }
        #expect(volume.phase == .kept(until: Samples.start + 7 * 86_400_000))
        var kept = view
        kept.put(.volume(volume), revision: 40)
        #expect(
            try OperatorVerbs.forget(fork: Self.fork, graceDays: 7, view: kept, now: Samples.start, using: &random)
                .isUnchanged)
        #expect(throws: FoundryError.self) {
            try OperatorVerbs.forget(
                fork: RecoveryWorld.volume(0), graceDays: 7, view: view, now: Samples.start, using: &random)
        }
    }
}
