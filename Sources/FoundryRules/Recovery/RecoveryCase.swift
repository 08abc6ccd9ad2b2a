import FoundryModel

/// A member that writes, and those that follow it, while their plan is made: all of a workload, or one of its instances.
struct RecoveryCase {
    let app: AppRecord
    let facts: RecoveryFacts
    let member: MemberRecord
    /// The primary's; nil: it has no volume.
    let primary: RecoveryCopy?
    /// Sorted by index.
    let replicas: [RecoveryCopy]
    var plan = RecoveryPlan()

    /// - Parameter member: the primary. Those that follow it are all of the app's, or, of several instances, those of the same lineage.
    init(app: AppRecord, primary member: MemberRecord, facts: RecoveryFacts) {
        let primary = RecoveryCopy(member, facts: facts)
        let isOne = facts.view.primaries(of: app.id).count == 1
        self.app = app
        self.facts = facts
        self.member = member
        self.primary = primary
        replicas = facts.view.members(of: app.id).filter { $0.role == .replica }.compactMap {
            RecoveryCopy($0, facts: facts)
        }.filter { isOne || $0.volume.value.lineage == primary?.volume.value.lineage }
    }

    var recovery: RecoverySpec { app.spec.recovery }
    var switches: ClusterRecord { facts.view.switches }
    var isSynchronous: Bool { recovery.replication == .synchronous }

    /// - Parameter isSurplus: it is on its way out, whatever the app shall do.
    mutating func decide(isSurplus: Bool = false) {
        guard isWanted, !isSurplus else { return rest(isLeaving: isSurplus) }
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

    /// Steps for a member that shall not run: nothing of it needs guarding.
    private mutating func rest(isLeaving: Bool) {
        if member.standsDown { plan.steps.append(.standUp(member.id)) }
        guard let primary else { return }
        keepGuard(primary)
        guard primary.standing != .reachable else {
            guard facts.isDrained(member.cell), !isLeaving else { return }
            return say(member, "leaves drained cell \(member.cell.short) when it is started again")
        }
        if case .deleted = app.desired {
            say(primary.member, "its volume goes when cell \(primary.member.cell.short) is back", hint: "foundry cells")
        } else if isLeaving {
            say(primary.member, "is let go of when cell \(primary.member.cell.short) is back", hint: "foundry cells")
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
