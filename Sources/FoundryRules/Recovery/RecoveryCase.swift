import FoundryModel

/// One workload, while its plan is made.
struct RecoveryCase {
    let app: AppRecord
    let facts: RecoveryFacts
    let member: MemberRecord
    /// The primary's; nil: it has no volume.
    let primary: RecoveryCopy?
    /// Sorted by index.
    let replicas: [RecoveryCopy]
    var plan = RecoveryPlan()

    /// - Returns: nil while it has no primary: it is placed by the controller.
    init?(app: AppRecord, facts: RecoveryFacts) {
        var member: MemberRecord?
        var replicas: [RecoveryCopy] = []
        for record in facts.view.index.members(of: app.id).lazy.compactMap({ facts.view.members[$0]?.value }) {
            switch record.role {
            case .primary: member = record
            case .replica: if let copy = RecoveryCopy(record, facts: facts) { replicas.append(copy) }
            }
        }
        guard let member else { return nil }
        replicas.sort { ($0.member.index, $0.member.id) < ($1.member.index, $1.member.id) }
        self.app = app
        self.facts = facts
        self.member = member
        self.replicas = replicas
        primary = RecoveryCopy(member, facts: facts)
    }

    var recovery: RecoverySpec { app.spec.recovery }
    var switches: ClusterRecord { facts.view.switches }
    var isSynchronous: Bool { recovery.replication == .synchronous }

    mutating func decide() {
        guard isWanted else { return rest() }
        guard let primary else { return decideStateless() }
        for copy in replicas { explain(copy) }
        switch primary.standing {
        case .reachable: serve(primary)
        case .fenced(let fence): recover(primary, fence)
        case .late, .overdue, .returning, .unfenced, .unheard:
            keepGuard(primary)
            wait(primary)
        }
    }

    /// What was asked to stop, or to go, is not moved.
    private var isWanted: Bool {
        switch app.desired {
        case .started: true
        case .stopped: false
        case .deleted: Planted.has(.deleteWhileMoving)
        }
    }

    /// Steps for an app that shall not run: nothing of it needs guarding.
    private mutating func rest() {
        if member.standsDown { plan.steps.append(.standUp(member.id)) }
        guard let primary else { return }
        keepGuard(primary)
        guard primary.standing != .reachable else {
            guard facts.isDrained(member.cell) else { return }
            return say(member, "leaves drained cell \(member.cell.short) when it is started again")
        }
        if case .deleted = app.desired {
            say(primary.member, "its volume goes when cell \(primary.member.cell.short) is back", hint: "foundry cells")
        }
    }

    private mutating func decideStateless() {
        let standing = facts.standing(on: member.cell, nil)
        switch standing {
        case .fenced: if !isBraked(), canMove() { plan.steps.append(.replaceStateless(member.id)) }
        case .reachable:
            guard facts.isDrained(member.cell) else { return explainBroken(member, facts.status(of: member)?.phase) }
            if canMove() { plan.steps.append(.replaceStateless(member.id)) }
        case .late where Planted.has(.flappingCellMovedEachTime): plan.steps.append(.replaceStateless(member.id))
        case .late, .overdue, .returning, .unfenced, .unheard: explain(member, standing)
        }
    }

    /// Some other cell takes members; says so when none does.
    mutating func canMove() -> Bool {
        if facts.view.cells.keys.contains(where: facts.canHost) { return true }
        say(member, "waits on cell \(member.cell.short): no other cell takes members now", hint: "foundry cells")
        return false
    }

    /// Says so, too: nothing is done about lost cells while it is on.
    mutating func isBraked() -> Bool {
        guard switches.brake != nil else { return false }
        say(
            member, "is not moved: the brake is on, because too many cells fell silent at once",
            hint: "foundry brake release")
        return true
    }
}
