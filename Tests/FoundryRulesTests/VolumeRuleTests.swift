import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Which data may serve", .proves(.neverEmpty))
struct VolumeRuleTests {
    private static let id = VolumeID("v1")!
    private static let lineage = LineageID("lineage-1")!

    private static func order(epoch: UInt64, sealedAt: UInt64 = 0, mayCreate: Bool = false) -> VolumeOrder {
        VolumeOrder(
            id: id, lineage: lineage, branch: 1, epoch: Epoch(epoch), size: .megabytes(100), directories: [],
            purpose: .serve(MemberID("demo")!, sealedAt: Epoch(sealedAt), mayCreate: mayCreate))
    }

    private static func label(
        epoch: UInt64, sealed: Bool = true, machine: String = "here", lineage: LineageID = Self.lineage,
        branch: Int = 1,
        volume: VolumeID = Self.id, role: VolumeRole = .holder
    ) -> VolumeLabel {
        VolumeLabel(
            volume: volume, lineage: lineage, branch: branch, epoch: Epoch(epoch), role: role, sealed: sealed,
            machineID: machine,
            size: .megabytes(100))
    }

    /// The order is epoch 3; the last holder sealed it under epoch 2.
    private static func decide(_ reading: LabelReading?, mayCreate: Bool = false) -> VolumeRule.Verdict {
        VolumeRule.decide(
            order(epoch: 3, sealedAt: 2, mayCreate: mayCreate),
            observation: reading.map { VolumeObservation(id: id, label: $0) }, site: VolumeSite(machineID: "here"))
    }

    private static func code(_ verdict: VolumeRule.Verdict) -> ErrorCode? {
        if case .refuse(let error) = verdict { return error.code }
        return nil
    }

    @Test("What its last holder sealed is taken, and what is held already is gone on with")
    func accepts() {
        #expect(Self.decide(.label(Self.label(epoch: 2))) == .accept)
        #expect(Self.decide(.label(Self.label(epoch: 2, machine: "elsewhere"))) == .accept)
        #expect(Self.decide(.label(Self.label(epoch: 3, sealed: false))) == .accept)
    }

    @Test("What was sealed under this epoch waits for the next one")
    func sealedEpochIsOver() {
        #expect(Self.decide(.label(Self.label(epoch: 3))) == .awaitGrant)
        #expect(Self.decide(.label(Self.label(epoch: 3, machine: "elsewhere"))) == .awaitGrant)
    }

    @Test("A volume is made only where nothing is, and nothing ever was")
    func creates() {
        #expect(Self.decide(nil, mayCreate: true) == .create)
        #expect(Self.code(Self.decide(nil)) == .volumeMissing)
        #expect(Self.code(Self.decide(.absent, mayCreate: true)) == .volumeUnreadable)
        #expect(Self.code(Self.decide(.unreadable("noise"), mayCreate: true)) == .volumeUnreadable)
    }

    @Test("Each thing that is wrong has its own code")
    func refusals() {
        let cases: [(LabelReading, ErrorCode)] = [
            (.label(Self.label(epoch: 2, lineage: LineageID("another")!)), .volumeForeign),
            (.label(Self.label(epoch: 2, branch: 2)), .volumeForeign),
            (.label(Self.label(epoch: 2, volume: VolumeID("v2")!)), .volumeForeign),
            (.label(Self.label(epoch: 2, role: .replica)), .volumeForeign),
            (.label(Self.label(epoch: 3, sealed: false, machine: "elsewhere")), .volumeForeign),
            (.label(Self.label(epoch: 1)), .volumeOlder),
            (.label(Self.label(epoch: 0)), .volumeOlder), (.label(Self.label(epoch: 1, sealed: false)), .volumeOlder),
            (.label(Self.label(epoch: 4)), .volumeNewer), (.label(Self.label(epoch: 4, sealed: false)), .volumeNewer),
            (.label(Self.label(epoch: 2, sealed: false)), .volumeUnsealed),
            (.unreadable("its version 9 is not known here"), .volumeUnreadable),
            (.absent, .volumeUnreadable),
        ]
        for (reading, code) in cases { #expect(Self.code(Self.decide(reading)) == code, "\(reading)") }
    }

    @Test("A refusal names the volume, and says where to look")
    func words() throws {
        guard case .refuse(let error) = Self.decide(.label(Self.label(epoch: 1))) else {
            Issue.record("an older volume was not refused")
            return
        }
        #expect(error.message == "Volume v1 is a copy of epoch 1; its last holder sealed it under 2.")
        #expect(error.detail == "volume v1, lineage lineage-1, epoch 3")
        #expect(error.hint == "foundry volumes")
    }

    @Test("Of all labels, orders and machines, nothing that could lack a write is ever accepted")
    func nothingUnsafe() {
        var counts: [String: Int] = [:]
        for (ordered, sealedAt) in (UInt64(0)...4).flatMap({ ordered in (0...ordered).map { (ordered, $0) } }) {
            for (epoch, flags) in (UInt64(0)...5).flatMap({ epoch in (0..<128).map { (epoch, $0) } }) {
                let has = { (bit: Int) in flags & (1 << bit) != 0 }
                let label = Self.label(
                    epoch: epoch, sealed: has(0), machine: has(1) ? "here" : "elsewhere",
                    lineage: has(2) ? Self.lineage : LineageID("another")!,
                    branch: has(3) ? 1 : 2, volume: has(4) ? Self.id : VolumeID("v2")!,
                    role: has(5) ? .holder : .replica)
                let verdict = VolumeRule.decide(
                    Self.order(epoch: ordered, sealedAt: sealedAt, mayCreate: has(6)),
                    observation: VolumeObservation(id: Self.id, label: .label(label)),
                    site: VolumeSite(machineID: "here"))
                let isOurs = has(2) && has(3) && has(4) && has(5)
                switch verdict {
                case .create: Issue.record("made over what is there: \(label)")
                case .accept:
                    counts["accept", default: 0] += 1
                    #expect(isOurs, "\(label)")
                    // Either handed over and sealed, under the last epoch that anybody knows of; or held here, and not given up since.
                    let isHandedOver = epoch == sealedAt && epoch < ordered && label.sealed
                    let isHeldHere = epoch == ordered && !label.sealed && label.machineID == "here"
                    #expect(isHandedOver || isHeldHere, "\(label), order \(ordered), sealed at \(sealedAt)")
                case .awaitGrant:
                    counts["await", default: 0] += 1
                    #expect(isOurs && label.sealed && epoch == ordered, "\(label)")
                case .refuse(let error):
                    counts["refuse", default: 0] += 1
                    #expect(error.hint != nil && error.code.surface.exitCode == 5, "\(error)")
                }
            }
        }
        #expect(counts.count == 3)
        #expect(counts.values.allSatisfy { $0 > 20 }, "\(counts)")
    }

    @Test("Inside must lie the data that the label beside it speaks of")
    func inside() {
        func decide(_ outer: UInt64, _ inner: LabelReading) -> VolumeRule.Verdict {
            VolumeRule.decideInside(Self.order(epoch: 3), outer: Self.label(epoch: outer), inner: inner)
        }
        #expect(decide(2, .label(Self.label(epoch: 2))) == .accept)
        #expect(decide(3, .label(Self.label(epoch: 3))) == .accept)
        // A taking that was broken off, once or more often, is ahead of the label beside it.
        #expect(decide(2, .label(Self.label(epoch: 3, sealed: false))) == .accept)
        #expect(decide(0, .label(Self.label(epoch: 1, sealed: false))) == .accept)
        #expect(Self.code(decide(2, .absent)) == .volumeEmpty)
        #expect(Self.code(decide(2, .unreadable("noise"))) == .volumeUnreadable)
        #expect(Self.code(decide(3, .label(Self.label(epoch: 2)))) == .volumeOlder)
        #expect(Self.code(decide(2, .label(Self.label(epoch: 1)))) == .volumeOlder)
        #expect(Self.code(decide(2, .label(Self.label(epoch: 4)))) == .volumeNewer)
        #expect(Self.code(decide(2, .label(Self.label(epoch: 2, lineage: LineageID("another")!)))) == .volumeForeign)
        #expect(Self.code(decide(2, .label(Self.label(epoch: 2, branch: 2)))) == .volumeForeign)
        #expect(Self.code(decide(2, .label(Self.label(epoch: 2, volume: VolumeID("v2")!)))) == .volumeForeign)
    }
}

@Suite("What fits on a pool")
struct PoolRuleTests {
    @Test("Sizes are promised whole: what was promised before counts, whoever holds it")
    func admits() throws {
        try PoolRule.admit(.gigabytes(4), taken: [.gigabytes(3), .gigabytes(3)], capacity: .gigabytes(10))
        let error = #expect(throws: FoundryError.self) {
            try PoolRule.admit(
                ByteCount(bytes: (4 << 30) + 1), taken: [.gigabytes(3), .gigabytes(3)], capacity: .gigabytes(10))
        }
        #expect(error?.code == .poolFull)
        #expect(error?.message == "The pool has 4 GiB left of 10 GiB; a volume of 4 GiB does not fit.")
        #expect(error?.hint == "foundry volumes")
    }

    @Test("A pool that has shrunk below what it promised has nothing left, not less than nothing")
    func shrunk() {
        let error = #expect(throws: FoundryError.self) {
            try PoolRule.admit(.megabytes(1), taken: [.gigabytes(3)], capacity: .gigabytes(2))
        }
        #expect(error?.message.contains("has 0 B left") == true)
    }
}
