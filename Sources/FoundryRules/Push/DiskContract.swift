import FoundryModel

/// What an app is promised of its disk's syncs and pace.
struct DiskContract {
    let disk: DiskSpec
    let spec: WorkloadSpec

    var sentences: [ContractSentence] { syncs + pace }

    private var syncs: [ContractSentence] {
        switch DeferralRule.deferral(disk, spec.image) {
        case .none: [disk.sync == .immediate ? immediate : normal]
        case .engine(let milliseconds): [byEngine(milliseconds)]
        case .platform(let milliseconds): [byPlatform(milliseconds), holds(milliseconds)]
        }
    }

    private var normal: ContractSentence {
        ContractSentence(
            clause: .syncNormal,
            text:
                "What its program syncs is on the disk when the sync returns; a power cut loses only what was not synced."
        )
    }

    private var immediate: ContractSentence {
        ContractSentence(
            clause: .syncImmediate,
            text:
                "From when it is healthy, what its program writes is on the disk when the write returns, synced or not; files that it maps into memory are not covered."
        )
    }

    private func byEngine(_ milliseconds: Int64) -> ContractSentence {
        ContractSentence(
            clause: .syncDeferredByEngine,
            text:
                "It acknowledges writes before they are on the disk: a power cut\(reboot) may lose the last \(Contract.duration(milliseconds)) of them, as its engine's own setting has it, and keeps their order."
        )
    }

    private func byPlatform(_ milliseconds: Int64) -> ContractSentence {
        ContractSentence(
            clause: .syncDeferredByPlatform,
            text:
                "Its syncs return at once, and its disk is flushed \(Contract.duration(milliseconds)) after each flush: a power cut\(reboot) may lose what came since, and may keep later writes without earlier ones. While the platform itself is down its machine flushes, about every 30 s."
        )
    }

    /// It is the machine's end that loses them, not that of a process.
    private var reboot: String {
        spec.restartPolicy == .consistent ? " or a reset of the machine, consistent or not," : ""
    }

    private func holds(_ milliseconds: Int64) -> ContractSentence {
        ContractSentence(
            clause: .deferredHolds,
            text:
                "When a flush is not done within \(Contract.duration(FlushRule.longestExposure(milliseconds))), it is held until it is; when one fails, it is stopped."
        )
    }

    private var pace: [ContractSentence] {
        guard let ceiling = disk.io.ceiling else { return [] }
        return [
            ContractSentence(
                clause: .diskPace,
                text:
                    "Its disk is read at no more than \(ceiling.bytesPerSecond) and \(ceiling.operationsPerSecond) operations a second, and written at no more than as much."
            )
        ]
    }
}
