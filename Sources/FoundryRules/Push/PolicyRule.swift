import FoundryModel

/// Reads the words of a policy, and checks that they go together; design 4.
public enum PolicyRule {
    public static func restartPolicy(_ request: PolicyRequest) throws(FoundryError) -> RestartPolicy {
        try word(request.restartPolicy, "restart policy") ?? .consistent
    }

    /// - Throws: `policy_unknown`; `policy_conflict` for a volume that may begin anew, empty, under a policy that never guesses.
    public static func recovery(_ request: PolicyRequest, _ policy: RestartPolicy) throws(FoundryError) -> RecoverySpec
    {
        let fence = try word(request.fence, "fence", FenceLevel.self) ?? .session
        let whenLost = try word(request.whenLost, "end of a lost copy", WhenLost.self) ?? .wait
        guard whenLost == .wait || policy == .available else {
            throw FoundryError(
                .policyConflict, "--when-lost empty begins anew without the data, which a consistent app never does.",
                hint: "--restart-policy available")
        }
        return RecoverySpec(fence: fence, whenLost: whenLost)
    }

    /// - Parameter disk: the volume, nil where there is none.
    /// - Throws: `policy_unknown`, `disk_required`; `policy_conflict` for a deferral that the image does not do itself and nobody said it tolerates.
    static func disk(
        _ request: PolicyRequest, _ disk: DiskSpec?, image: ResolvedImage
    ) throws(FoundryError) -> DiskSpec? {
        guard var disk else {
            let named = [
                ("--disk-sync", request.diskSync), ("--io-performance", request.ioPerformance),
                ("--tolerates", request.tolerates),
            ].first { $0.1 != nil }
            guard let named else { return nil }
            throw FoundryError(.diskRequired, "\(named.0) speaks of a disk, and there is none.", hint: "--disk 1G")
        }
        disk.sync = try sync(request.diskSync) ?? .normal
        disk.io = try word(request.ioPerformance, "class of io performance") ?? .max
        let tolerated = try word(request.tolerates, "thing that could be tolerated", Tolerance.self)
        disk.tolerates = Tolerance.allCases.filter { $0 == tolerated || DeferralRule.isTolerated($0, by: image) }
        if case .platform = DeferralRule.deferral(disk, image), !disk.tolerates.contains(.reorder) {
            throw FoundryError(
                .policyConflict,
                "Image \(image.name) does not defer syncs itself, and when the platform does it, a power cut may leave later writes without earlier ones.",
                hint: "--tolerates reorder, if its data survives that; or --disk-sync normal")
        }
        return disk
    }

    private static func sync(_ text: String?) throws(FoundryError) -> DiskSync? {
        guard let text else { return nil }
        if let sync = DiskSync(parsing: text) { return sync }
        let limits = DiskSync.millisecondsAllowed
        throw FoundryError(
            .policyUnknown, "No way to sync is called '\(text.prefix(40))'.",
            hint: "one of immediate, normal, defer, or defer:MS with \(limits.lowerBound) to \(limits.upperBound) ms")
    }

    private static func word<Word: RawRepresentable & CaseIterable>(
        _ text: String?, _ what: String, _ type: Word.Type = Word.self
    ) throws(FoundryError) -> Word? where Word.RawValue == String {
        guard let text else { return nil }
        if let word = Word(rawValue: text) { return word }
        let known = Word.allCases.map(\.rawValue)
        let nearest = NearestName.find(text, among: known).map { "did you mean \($0)?" }
        throw FoundryError(
            .policyUnknown, "No \(what) is called '\(text.prefix(40))'.",
            hint: nearest ?? "one of \(known.joined(separator: ", "))")
    }
}
