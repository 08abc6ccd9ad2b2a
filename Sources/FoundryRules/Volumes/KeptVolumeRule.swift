import FoundryModel

/// What the removal of a volume would do: one store transaction.
public struct VolumeRemovalPlan: Sendable {
    public var volume: VolumeRecord
    public var job: JobRecord
    public var writes: [RecordWrite]
    public static let transactionName = "volume.remove"
}

/// Lets go of volumes that no app uses any more: copies that a rewind kept, forks, and those of deleted apps.
public enum KeptVolumeRule {
    /// Asked for again, it says the same.
    ///
    /// - Parameter purge: it goes at once; otherwise after the grace period.
    /// - Parameter actor: the name of the token that asked.
    /// - Throws: `conflict` when an app has it, or goes back to it.
    public static func remove(
        _ volume: Revised<VolumeRecord>, purge: Bool, graceDays: Int, by actor: String, now: Timestamp,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> VolumeRemovalPlan {
        var next = volume.value
        let words: String
        switch volume.value.phase {
        case .kept where !purge && !volume.value.awaitsMember, .purging: words = ""
        case .forked where volume.value.replaces == nil, .kept:
            let until = now + Int64(graceDays) * ControllerPlan.millisecondsADay
            next.phase = purge ? .purging : .kept(until: until)
            next.awaitsMember = false
            words = purge ? "is being purged" : "is kept until \(until)"
        case .allotted, .held, .sealed, .follows, .forked:
            throw FoundryError(
                .conflict, "Volume \(volume.value.id.short) is the disk of \(volume.value.appName), or is to be it.",
                hint: "foundry delete \(volume.value.appName)")
        }
        let job = JobRecord(
            id: .random(using: &generator), operation: .removeVolume, app: next.app, appName: next.appName,
            generation: 0, state: .processing, createdAt: now, updatedAt: now, volume: next.id)
        var writes: [RecordWrite] = [.put(.job(job), expects: .absent)]
        if !words.isEmpty {
            let event = EventRecord(
                id: .random(using: &generator), time: now, kind: purge ? .volumePurged : .volumeKept, app: next.app,
                subject: "volume \(next.appName)", message: words, actor: actor)
            writes += [
                .put(.volume(next), expects: .revision(volume.revision)), .put(.event(event), expects: .absent),
            ]
        }
        return VolumeRemovalPlan(volume: next, job: job, writes: writes)
    }
}
