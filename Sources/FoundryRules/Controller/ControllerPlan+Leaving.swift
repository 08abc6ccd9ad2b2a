import FoundryModel

extension ControllerPlan {
    /// Members leave their cluster one after the other, each by a verb in one that stays; a member that left goes as any that is too many.
    mutating func takeLeave(of app: Revised<AppRecord>, using generator: inout some RandomNumberGenerator) {
        if let next = view.nextToLeave(of: app.value) { note(.asked(.random(using: &generator)), of: next, app) }
        for member in view.primaries(of: app.value.id) {
            if case .asked(let verb) = member.leave, reports.outcome(of: verb, in: nil) == .done {
                note(.done, of: member, app)
            }
        }
    }

    private mutating func note(_ leave: MemberLeave, of member: MemberRecord, _ app: Revised<AppRecord>) {
        var next = member
        next.leave = leave
        let check = RecordWrite.unchanged(app)
        add(
            .memberLeave, "member/\(member.id)",
            [.put(.member(next), expects: .seen(view.members[member.id])), check], for: .app(app.value.id))
    }
}
