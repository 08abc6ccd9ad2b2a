import FoundryModel

/// Decides what is done for a workload when a member crashes or its cell is late, lost, back, replaced or drained; and says why everything else is not.
///
/// What it promises: under `consistent` a copy takes over only when the fence frees the old holder and the copy knows every acknowledged write; a new branch
/// is begun under `available` only; one fault causes at most one move.
/// - Source: design sections 4 and 5.
public enum RecoveryRule {
    /// How long a primary stands down before its change-over is given up.
    public static let standDownMilliseconds: Int64 = 30_000
    /// Between two tries of a change-over.
    public static let restMilliseconds: Int64 = 300_000
    /// A replica whose cell is lost is replaced after this many times T.
    public static let patience: Int64 = 10
    /// Forks of one workload, after which a person is asked.
    public static let forksAllowed = 2
    /// Of a pool that volumes may take for a fork to be begun on it.
    public static let fullPercent: Int64 = 80

    public static func plan(app: Revised<AppRecord>, facts: RecoveryFacts) -> RecoveryPlan {
        var plan = RecoveryPlan()
        let surplus = facts.view.surplus(of: app.value)
        for primary in facts.view.primaries(of: app.value.id) {
            var workload = RecoveryCase(app: app.value, primary: primary, facts: facts)
            workload.decide(isSurplus: surplus.contains(primary))
            plan.steps += workload.plan.steps
            plan.reasons += workload.plan.reasons
        }
        plan.reasons.sort { ($0.subject, $0.text) < ($1.subject, $1.text) }
        return plan
    }
}
