import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("What a fence's evidence is worth")
struct EvidenceRuleTests {
    private static let volume = VolumeRecord(
        id: VolumeID("v")!, app: AppID("a")!, appName: AppName("demo")!, cell: CellID("c1")!, size: .megabytes(1),
        directories: [], lineage: LineageID("l")!, branch: 1, epoch: Epoch(5), sealedAt: Epoch(5), isMade: true,
        phase: .held(by: MemberID("m")!), createdAt: Samples.start, incarnation: IncarnationID("i1")!,
        guardState: .on(orderedAt: 10))
    private static let cell = CellRecord(
        id: CellID("c1")!, zone: "z", capacity: Samples.capacity, machineID: "m", bootID: "b")

    private static func fence(_ evidence: [FenceEvidence]) -> FenceRecord {
        FenceRecord(
            id: FenceID("f")!, cell: CellID("c1")!, incarnation: IncarnationID("i1")!, cause: .silence,
            createdAt: Samples.start, createdBy: "controller", evidence: evidence)
    }

    private static func expiry(
        armed: Set<GuardKind> = [.sentinel, .watcher, .watchdog], volume: String = "v", epoch: UInt64 = 5,
        orders: Int64 = 10, isPausable: Bool = false
    ) -> FenceEvidence {
        .expiry(
            session: SessionID("s")!, sequence: 1,
            guards: GuardReport(
                armed: armed,
                volumes: [GuardedVolume(volume: VolumeID(volume)!, epoch: Epoch(epoch), ordersRevision: orders)]),
            isPausable: isPausable)
    }

    private static func word(_ volume: String = "v", _ epoch: UInt64 = 5) -> FenceEvidence {
        .word(promises: [VolumePromise(volume: VolumeID(volume)!, epoch: Epoch(epoch))])
    }

    private static func frees(
        _ evidence: [FenceEvidence], _ level: FenceLevel = .session, volume: VolumeRecord = volume,
        cell: CellRecord? = cell, timing: SessionTiming? = .normal
    ) -> Bool {
        let verdict = EvidenceRule.judge(
            volume, recovery: RecoverySpec(fence: level), fence: fence(evidence), cell: cell, timing: timing)
        if case .frees(let by) = verdict { return evidence.contains(by) }
        return false
    }

    @Test(
        "Each evidence frees what it may, and nothing that asks for more", .proves(.fenceByPower, .fenceByPerson))
    func levels() {
        let table: [(FenceEvidence, Set<FenceLevel>)] = [
            (Self.expiry(), [.session]), (Self.word(), [.session, .power]),
            (.power(level: 0), [.session, .power]), (.person("operator"), [.session, .power, .person]),
        ]
        for (evidence, levels) in table {
            for level in FenceLevel.allCases {
                #expect(Self.frees([evidence], level) == levels.contains(level), "\(evidence) \(level)")
            }
        }
    }

    @Test("One that is enough is enough, wherever it stands among others")
    func several() {
        #expect(Self.frees([Self.expiry(armed: []), Self.word("other"), Self.word()]))
        #expect(Self.frees([Self.word(), Self.expiry(armed: [])]))
        #expect(!Self.frees([]))
    }

    @Test(
        "Expiry counts only for a volume that its cell listed at its epoch, under the orders that guarded it or later ones"
    )
    func listed() {
        #expect(Self.frees([Self.expiry(orders: 11)]))
        #expect(!Self.frees([Self.expiry(orders: 9)]))
        #expect(!Self.frees([Self.expiry(epoch: 4)]))
        #expect(!Self.frees([Self.expiry(epoch: 6)]))
        #expect(!Self.frees([Self.expiry(volume: "w")]))
    }

    @Test(
        "Expiry does not count for a volume whose guard is off, or only ordered", arguments: [GuardState.off, .ordered])
    func unguarded(state: GuardState) {
        var volume = Self.volume
        volume.guardState = state
        #expect(!Self.frees([Self.expiry(orders: 99)], volume: volume))
    }

    @Test("Every guard must have been armed; the watchdog where one is used; closed ports alone prove nothing")
    func armed() {
        for missing in [GuardKind.sentinel, .watcher, .watchdog] {
            let armed = Set(GuardKind.allCases).subtracting([missing])
            #expect(!Self.frees([Self.expiry(armed: armed)]), "\(missing)")
            #expect(Self.frees([Self.expiry(armed: armed)], timing: .fast) == (missing == .watchdog))
        }
        #expect(!Self.frees([Self.expiry(armed: [.ports])]))
        #expect(Self.frees([Self.expiry(armed: Set(GuardKind.allCases).subtracting([.ports]))]))
        let verdict = EvidenceRule.judge(
            Self.volume, recovery: RecoverySpec(), fence: Self.fence([Self.expiry(armed: [.ports])]), cell: Self.cell,
            timing: .normal)
        #expect(verdict == .lacks("its guards were not all armed: sentinel, watchdog, watcher"))
    }

    @Test("Silence of a machine that can be paused proves nothing, unless somebody trusts it")
    func pausable() {
        #expect(!Self.frees([Self.expiry(isPausable: true)]))
        #expect(!Self.frees([Self.expiry(isPausable: true)], cell: nil))
        var trusted = Self.cell
        trusted.trustsPause = true
        #expect(Self.frees([Self.expiry(isPausable: true)], cell: trusted))
    }

    @Test("Where no sessions are held, silence proves nothing")
    func untimed() { #expect(!Self.frees([Self.expiry()], timing: nil)) }

    @Test("A word counts for the volumes that it names, at their epoch or a later one")
    func words() {
        #expect(Self.frees([Self.word("v", 6)]))
        #expect(!Self.frees([Self.word("v", 4)]))
        #expect(!Self.frees([Self.word("w", 5)]))
        let promises = ["u", "v", "w"].map { VolumePromise(volume: VolumeID($0)!, epoch: Epoch(5)) }
        #expect(Self.frees([.word(promises: promises)]))
    }

    @Test("A fence that was lifted, of another cell or of another incarnation frees nothing")
    func otherFences() {
        let all: [FenceEvidence] = [Self.expiry(), Self.word(), .power(level: 0), .person("operator")]
        func isFreed(_ change: (inout FenceRecord) -> Void) -> Bool {
            var fence = Self.fence(all)
            change(&fence)
            let verdict = EvidenceRule.judge(
                Self.volume, recovery: RecoverySpec(), fence: fence, cell: Self.cell, timing: .normal)
            if case .frees = verdict { return true }
            return false
        }
        #expect(isFreed { _ in })
        #expect(!isFreed { $0.state = .lifted(at: Samples.start) })
        #expect(!isFreed { $0.cell = CellID("c2")! })
        #expect(!isFreed { $0.incarnation = IncarnationID("i2")! })
        var volume = Self.volume
        volume.incarnation = nil
        #expect(Self.frees(all, volume: volume))
    }

    @Test("What is missing is said in words")
    func words2() {
        func lack(_ level: FenceLevel, _ evidence: [FenceEvidence]) -> String? {
            let verdict = EvidenceRule.judge(
                Self.volume, recovery: RecoverySpec(fence: level), fence: Self.fence(evidence), cell: Self.cell,
                timing: .normal)
            if case .lacks(let text) = verdict { return text }
            return nil
        }
        let all: [FenceEvidence] = [Self.expiry(armed: []), Self.word("w"), .power(level: 0)]
        #expect(lack(.power, [Self.expiry()])?.contains("--fence power") == true)
        #expect(lack(.person, all)?.contains("--fence person") == true)
        #expect(lack(.session, [])?.contains("power evidence") == true)
        #expect(lack(.session, [Self.word("w")]) == "its cell's word does not speak of it at this epoch")
        #expect(lack(.session, [.person("operator")]) == nil)
    }
}
