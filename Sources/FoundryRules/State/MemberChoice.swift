import FoundryModel

/// Finds the member of an app that somebody means.
public enum MemberChoice {
    /// That an instance may have.
    public static let numbers = 0...9_999

    /// - Parameter instance: the member's number; nil: the only one that writes.
    /// - Parameter hint: what to say instead, with the number of one of several.
    /// - Throws: `not_found` without such a member, `bad_request` when it must be named, `member_not_running` when there is none.
    public static func find(
        _ app: AppRecord, _ instance: Int?, in view: PlatformView, hint: (Int) -> String
    ) throws(FoundryError) -> MemberRecord {
        let members = view.members(of: app.id)
        if let instance {
            if let member = members.first(where: { $0.index == instance }) { return member }
            let known = members.map { "\($0.index)" }.joined(separator: ", ")
            throw FoundryError(
                .notFound, "\(app.name) has no instance \(instance).",
                hint: members.isEmpty ? "foundry why \(app.name)" : "it has: \(known)")
        }
        let primaries = view.primaries(of: app.id)
        if let only = primaries.first, primaries.count == 1 { return only }
        guard !primaries.isEmpty else {
            throw FoundryError(.memberNotRunning, "\(app.name) has no member now.", hint: "foundry why \(app.name)")
        }
        throw FoundryError(
            .badRequest, "\(app.name) has \(primaries.count) instances; say which one.",
            hint: hint(primaries[0].index))
    }
}
