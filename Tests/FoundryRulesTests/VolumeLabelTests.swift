import FoundryModel
import Testing

@testable import FoundryRules

@Suite("Labels of replicas, and what a cell can still seal")
struct VolumeLabelTests {
    private static let site = VolumeSite(machineID: "here")

    private static func label(
        epoch: UInt64, _ role: VolumeRole, sealed: Bool = false, machine: String = "here", branch: Int = 1,
        lineage: String = "l"
    ) -> VolumeLabel {
        VolumeLabel(
            volume: VolumeID("v1")!, lineage: LineageID(lineage)!, branch: branch, epoch: Epoch(epoch), role: role,
            sealed: sealed, machineID: machine, size: .megabytes(100))
    }

    private static func judge(_ label: VolumeLabel, _ purpose: VolumePurpose) -> String {
        let order = VolumeOrder(
            id: VolumeID("v1")!, lineage: LineageID("l")!, branch: 1, epoch: Epoch(5), size: .megabytes(100),
            directories: [], purpose: purpose)
        return switch VolumeRule.judge(label, order, site) {
        case .create: "create"
        case .accept: "accept"
        case .awaitGrant: "await"
        case .refuse(let error): error.code.rawValue
        }
    }

    @Test(
        "A replica goes on where it was, or where it was sealed; a former holder follows once it is sealed and superseded"
    )
    func followers() {
        let follow = VolumePurpose.follow(MemberID("m")!, mayCreate: false)
        for epoch in [UInt64(3), 5] {
            #expect(Self.judge(Self.label(epoch: epoch, .replica), follow) == "accept")
            #expect(Self.judge(Self.label(epoch: epoch, .replica, machine: "there"), follow) == "volume_foreign")
            #expect(
                Self.judge(Self.label(epoch: epoch, .replica, sealed: true, machine: "there"), follow) == "accept")
            #expect(Self.judge(Self.label(epoch: epoch, .replica, branch: 2), follow) == "volume_foreign")
            #expect(Self.judge(Self.label(epoch: epoch, .holder), follow) == "volume_unsealed")
        }
        #expect(Self.judge(Self.label(epoch: 4, .holder, sealed: true), follow) == "accept")
        #expect(Self.judge(Self.label(epoch: 5, .holder, sealed: true), follow) == "await")
        #expect(Self.judge(Self.label(epoch: 6, .replica), follow) == "volume_newer")
        #expect(Self.judge(Self.label(epoch: 3, .replica, lineage: "other"), follow) == "volume_foreign")
    }

    @Test("What is ordered to be kept or deleted serves nobody")
    func idle() {
        #expect(Self.judge(Self.label(epoch: 5, .holder), .keep) == "conflict")
        #expect(Self.judge(Self.label(epoch: 5, .holder), .delete) == "conflict")
    }

    @Test("A copy is promoted from its own branch, not older than wanted, and from this machine or sealed")
    func copies() {
        let promote = VolumePurpose.promote(MemberID("m")!, from: CopyOrigin(branch: 2, epoch: Epoch(3)))
        #expect(Self.judge(Self.label(epoch: 3, .replica, branch: 2), promote) == "accept")
        #expect(Self.judge(Self.label(epoch: 4, .replica, branch: 2), promote) == "accept")
        #expect(Self.judge(Self.label(epoch: 2, .replica, branch: 2), promote) == "volume_older")
        #expect(Self.judge(Self.label(epoch: 5, .replica, branch: 2), promote) == "volume_foreign")
        #expect(Self.judge(Self.label(epoch: 3, .replica, branch: 1), promote) == "volume_foreign")
        #expect(Self.judge(Self.label(epoch: 3, .replica, machine: "there", branch: 2), promote) == "volume_foreign")
        #expect(
            Self.judge(Self.label(epoch: 3, .replica, sealed: true, machine: "there", branch: 2), promote) == "accept")
        #expect(Self.judge(Self.label(epoch: 3, .holder, branch: 2), promote) == "volume_unsealed")
        #expect(Self.judge(Self.label(epoch: 3, .holder, sealed: true, branch: 2), promote) == "accept")
        #expect(Self.judge(Self.label(epoch: 5, .holder), promote) == "accept", "it was taken already")
        #expect(Self.judge(Self.label(epoch: 5, .holder, sealed: true), promote) == "await")
        #expect(Self.judge(Self.label(epoch: 5, .replica), promote) == "volume_foreign")
        #expect(Self.judge(Self.label(epoch: 5, .holder, branch: 2), promote) == "volume_foreign")
        #expect(Self.judge(Self.label(epoch: 4, .holder), promote) == "volume_foreign")
    }

    @Test("A cell will come to seal what it holds as the record says, and nothing else")
    func canBeSealed() {
        func can(_ label: VolumeLabel?, isMade: Bool = true, hasStatus: Bool = true) -> Bool {
            let volume = VolumeRecord(
                id: VolumeID("v1")!, app: AppID("a")!, appName: AppName("demo")!, cell: CellID("c")!,
                size: .megabytes(1), directories: [], lineage: LineageID("l")!, branch: 1, epoch: Epoch(5),
                sealedAt: Epoch(3), isMade: isMade, phase: .sealed, createdAt: Samples.start)
            let status = VolumeStatus(id: volume.id, label: label, mounted: false, refusal: nil, used: nil)
            return VolumeRule.canBeSealed(volume, status: hasStatus ? status : nil, machineID: "here")
        }
        #expect(can(nil, isMade: false, hasStatus: false), "what was never made need not be sealed")
        #expect(!can(nil, hasStatus: false) && !can(nil))
        #expect(can(Self.label(epoch: 5, .holder)))
        #expect(!can(Self.label(epoch: 5, .holder, machine: "there")))
        #expect(!can(Self.label(epoch: 3, .holder)) && !can(Self.label(epoch: 4, .holder)))
        for (epoch, isRight) in [(UInt64(5), true), (3, true), (4, false), (6, false)] {
            #expect(can(Self.label(epoch: epoch, .holder, sealed: true, machine: "there")) == isRight)
        }
        #expect(!can(Self.label(epoch: 5, .replica, sealed: true)))
        #expect(!can(Self.label(epoch: 5, .holder, sealed: true, branch: 2)))
        #expect(!can(Self.label(epoch: 5, .holder, sealed: true, lineage: "other")))
    }

    @Test("Only what says that the data is not what it should be is a verdict on data")
    func verdicts() {
        let verdicts = ErrorCode.allCases.filter(VolumeRule.isVerdictOnData)
        #expect(verdicts == [.volumeMissing, .volumeEmpty, .volumeForeign, .volumeUnreadable])
    }
}
