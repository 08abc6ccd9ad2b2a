import FoundryModel

/// Finds the member in which a command is to run.
public enum ExecTarget {
    /// - Parameter instance: the member's number; nil: the only one, or the primary of those that replicate.
    /// - Throws: `not_found` without such a member, `bad_request` when it must be named, `member_not_running`.
    public static func choose(
        _ app: AppRecord, instance: Int?, in view: PlatformView
    ) throws(FoundryError) -> MemberRecord {
        let member = try MemberChoice.find(app, instance, in: view) {
            "foundry exec \(app.name) --instance \($0) -- COMMAND"
        }
        guard runs(view.statuses[member.id]?.value.phase) else {
            throw FoundryError(
                .memberNotRunning, "\(app.name)/\(member.index) is not running.",
                hint: app.desired == .stopped ? "foundry start \(app.name)" : "foundry why \(app.name)")
        }
        return member
    }

    private static func runs(_ phase: MemberPhase?) -> Bool {
        switch phase {
        case .starting, .healthy, .unhealthy, .unready: true
        case .preparing, .stopping, .stopped, .waiting, .crashed, .refused, nil: false
        }
    }
}
