import FoundryModel

/// Finds the member in which a command is to run.
public enum ExecTarget {
    /// - Parameter instance: the member's number; nil: the only one, or the primary of those that replicate.
    /// - Throws: `not_found` without such a member, `bad_request` when it must be named, `member_not_running`.
    public static func choose(
        _ app: AppRecord, instance: Int?, in view: PlatformView
    ) throws(FoundryError) -> MemberRecord {
        let member = try find(app, instance, view.members(of: app.id))
        guard runs(view.statuses[member.id]?.value.phase) else {
            throw FoundryError(
                .memberNotRunning, "\(app.name)/\(member.index) is not running.",
                hint: app.desired == .stopped ? "foundry start \(app.name)" : "foundry why \(app.name)")
        }
        return member
    }

    private static func find(
        _ app: AppRecord, _ instance: Int?, _ members: [MemberRecord]
    ) throws(FoundryError) -> MemberRecord {
        if let instance {
            if let member = members.first(where: { $0.index == instance }) { return member }
            let known = members.map { "\($0.index)" }.joined(separator: ", ")
            throw FoundryError(
                .notFound, "\(app.name) has no instance \(instance).",
                hint: members.isEmpty ? "foundry why \(app.name)" : "it has: \(known)")
        }
        let primaries = members.filter { $0.role == .primary }
        if let only = primaries.first, primaries.count == 1 { return only }
        guard !primaries.isEmpty else {
            throw FoundryError(.memberNotRunning, "\(app.name) has no member now.", hint: "foundry why \(app.name)")
        }
        throw FoundryError(
            .badRequest, "\(app.name) has \(primaries.count) instances; say in which one.",
            hint: "foundry exec \(app.name) --instance \(primaries[0].index) -- COMMAND")
    }

    private static func runs(_ phase: MemberPhase?) -> Bool {
        switch phase {
        case .starting, .healthy, .unhealthy, .unready: true
        case .preparing, .stopping, .stopped, .waiting, .crashed, .refused, nil: false
        }
    }
}
