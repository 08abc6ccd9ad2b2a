import FoundryModel
import FoundryRules
import Testing

/// What a store that was restored lets its cells start.
@Suite struct RestoreOrdersTests {
    private static let member = MemberID("m1")!
    private static let volume = VolumeID("v1")!
    private static let lineage = LineageID("l1")!

    private static func view(_ cluster: ClusterRecord) -> PlatformView {
        var view = Samples.view()
        let app = AppRecord(
            id: AppID("a1")!, name: AppName("db")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
        view.put(.app(app), revision: 2)
        view.put(
            .member(MemberRecord(id: member, app: app.id, index: 0, cell: Samples.cell, slot: 2, volume: volume)),
            revision: 3)
        view.put(
            .volume(
                VolumeRecord(
                    id: volume, app: app.id, appName: app.name, cell: Samples.cell, size: .megabytes(100),
                    directories: [], lineage: lineage, branch: 1, epoch: Epoch(1), sealedAt: Epoch(1), isMade: true,
                    phase: .held(by: member), createdAt: Samples.start)), revision: 4)
        view.put(.cluster(cluster), revision: 5)
        return view
    }

    private static func status(_ id: String, _ epoch: UInt64, role: VolumeRole = .holder) -> Record {
        let id = VolumeID(id)!
        let label = VolumeLabel(
            volume: id, lineage: lineage, branch: 1, epoch: Epoch(epoch), role: role, sealed: false,
            machineID: "another", size: .megabytes(100))
        return .volumeStatus(VolumeStatus(id: id, label: label, mounted: false, refusal: nil, used: nil))
    }

    private static func purpose(_ view: PlatformView) -> VolumePurpose? {
        let orders = view.cellOrders(for: Samples.cell, term: Term(1))
        #expect(orders.members.first?.run == true, "what runs goes on")
        return orders.volumes.first?.purpose
    }

    private static let serves = VolumePurpose.serve(member, sealedAt: Epoch(1), mayCreate: false)

    @Test("Nothing starts before every cell has said what lies on it")
    func waits() {
        #expect(Self.purpose(Self.view(ClusterRecord(unheard: [CellID("c9")!]))) == Self.serves, "never restored")
        #expect(Self.purpose(Self.view(ClusterRecord(generation: 1, unheard: [CellID("c9")!]))) == .keep)
        #expect(Self.purpose(Self.view(ClusterRecord(generation: 1))) == Self.serves)
    }

    @Test(
        "A holder does not start whose data was held later elsewhere, by the word of that copy, or of one that followed it",
        arguments: [VolumeRole.holder, .replica])
    func overtaken(role: VolumeRole) {
        var view = Self.view(ClusterRecord(generation: 1))
        view.put(Self.status("v1", 1), revision: 6)
        view.put(Self.status("v2", 1, role: role), revision: 7)
        #expect(Self.purpose(view) == Self.serves)
        view.put(Self.status("v2", 2, role: role), revision: 8)
        #expect(Self.purpose(view) == .keep)
    }
}
