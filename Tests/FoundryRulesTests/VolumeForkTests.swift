import FoundryModel
import FoundryRules
import Testing

@Suite("A replica and a branch that was begun without it")
struct VolumeForkTests {
    private static let order = VolumeOrder(
        id: VolumeID("v1")!, lineage: LineageID("l1")!, branch: 2, epoch: Epoch(5), size: .megabytes(100),
        directories: [], purpose: .follow(MemberID("m1")!, mayCreate: false))

    private static func verdict(
        _ role: VolumeRole, branch: Int, epoch: UInt64, sealed: Bool = false, machineID: String = Samples.machineID
    ) -> ErrorCode? {
        let label = VolumeLabel(
            volume: order.id, lineage: order.lineage, branch: branch, epoch: Epoch(epoch), role: role, sealed: sealed,
            machineID: machineID, size: order.size)
        let found = VolumeObservation(id: order.id, label: .label(label))
        let site = VolumeSite(machineID: Samples.machineID)
        if case .refuse(let error) = VolumeRule.decide(order, observation: found, site: site) { return error.code }
        return nil
    }

    @Test("It follows the branch when it has less than what that was begun from, and goes on with its own")
    func follows() {
        #expect(Self.verdict(.replica, branch: 1, epoch: 4) == nil)
        #expect(Self.verdict(.replica, branch: 2, epoch: 5) == nil)
        #expect(Self.verdict(.replica, branch: 2, epoch: 4) == nil)
    }

    @Test("What followed the epoch itself, or a later branch, has another history")
    func refuses() {
        #expect(Self.verdict(.replica, branch: 1, epoch: 5) == .volumeForeign)
        #expect(Self.verdict(.replica, branch: 1, epoch: 6) == .volumeNewer)
        #expect(Self.verdict(.replica, branch: 3, epoch: 4) == .volumeForeign)
        #expect(Self.verdict(.replica, branch: 1, epoch: 4, machineID: "elsewhere") == .volumeForeign)
    }

    @Test("The holder of the branch before may have written more: it is kept, whether it was sealed or not")
    func holders() {
        for sealed in [true, false] {
            #expect(Self.verdict(.holder, branch: 1, epoch: 4, sealed: sealed) == .volumeForeign)
        }
        #expect(Self.verdict(.holder, branch: 2, epoch: 4, sealed: true) == nil)
        #expect(Self.verdict(.holder, branch: 2, epoch: 4) == .volumeUnsealed)
    }
}
