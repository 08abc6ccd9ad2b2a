import FoundryModel

/// What a person is asked about before a push changes an app: what may cost data. Nothing else is asked.
enum ChangeDangers {
    /// - Returns: sentences; empty for an app without a disk.
    /// - Throws: `image_unfit`.
    static func sentences(_ app: AppName, from old: WorkloadSpec, to new: WorkloadSpec) throws(FoundryError) -> [String]
    {
        guard let before = old.disk, let after = new.disk else { return [] }
        var sentences = [try DataFormatRule.judge(app, from: old.image, to: new.image)].compactMap(\.self)
        if exposure(after.sync) > exposure(before.sync) {
            sentences.append(
                "With --disk-sync \(after.sync) a power cut may take writes of \(app) that --disk-sync \(before.sync) keeps."
            )
        }
        if old.restartPolicy == .consistent, new.restartPolicy == .available {
            sentences.append(
                "When the machine of \(app) is lost, a copy may take over that lacks acknowledged writes.")
        }
        if new.recovery.whenLost == .empty, old.recovery.whenLost == .wait {
            sentences.append("When no copy of \(app) is left, it begins anew, empty.")
        }
        if new.recovery.fence < old.recovery.fence {
            sentences.append(
                "Another copy of \(app) starts on less evidence that the old one is off: \(new.recovery.fence.rawValue) instead of \(old.recovery.fence.rawValue)."
            )
        }
        return sentences
    }

    /// Milliseconds of acknowledged writes that may be lost, as far as the platform has a say; what the program does not sync itself counts as one.
    private static func exposure(_ sync: DiskSync) -> Int64 {
        switch sync {
        case .immediate: 0
        case .normal: 1
        case .deferred(let milliseconds): milliseconds
        }
    }
}
