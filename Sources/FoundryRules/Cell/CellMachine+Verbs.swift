import FoundryModel

extension CellMachine {
    /// Between the tries of a verb that fails.
    static let longestVerbPause: Int64 = 10_000

    /// Verbs that are due: one of each member at a time, in the order of their ids; one that waits for its next try holds up no other.
    ///
    /// What was done is not written down: another process of the cell runs them again, as long as they are ordered.
    func verbSteps(now: Moment) -> [CellEffect] {
        guard let ordered = orders?.verbs, !ordered.isEmpty, !isDraining else { return [] }
        var busy = membersInVerbs
        return ordered.compactMap { verb in
            guard verbsDone[verb.id] != verb, isFree(.verb(verb.id), now: now), canRunVerbs(verb.member),
                busy.insert(verb.member).inserted
            else { return nil }
            return .runVerb(verb)
        }
    }

    /// Of verbs that are ordered, how they went last; sorted.
    func verbStatuses() -> [VerbStatus] {
        (orders?.verbs ?? []).compactMap { verb in
            if isDone(verb) { return VerbStatus(id: verb.id, outcome: .done, place: verb.place) }
            return retries[.verb(verb.id)]?.problem.map {
                VerbStatus(id: verb.id, outcome: .failed($0), place: verb.place)
            }
        }.sorted { $0.id < $1.id }
    }

    private func isDone(_ verb: VerbOrder) -> Bool {
        verbsDone[verb.id] == verb || (Planted.has(.verbToldBeforeItRan) && inFlight[.verb(verb.id)] != nil)
    }

    /// What is not ordered any more, or otherwise, is forgotten with all that came of it.
    mutating func forgetVerbs(before next: CellOrders) {
        guard let before = orders?.verbs, !before.isEmpty else { return }
        let same = Set(before).intersection(next.verbs)
        verbsDone = verbsDone.filter { same.contains($0.value) }
        for verb in before where !same.contains(verb) { retries[.verb(verb.id)] = nil }
    }

    func isOrdered(_ verb: VerbOrder) -> Bool { orders?.verbs.contains(verb) == true }

    /// The member's process answers, or has said that it is not ready; and nobody is about to end or to hold it.
    func canRunVerbs(_ member: MemberID) -> Bool {
        guard let order = order(of: member), shallRun(order), let container = containers[member], container.isRunning,
            container.generation == order.generation, stops[member] == nil, !isHeld(member)
        else { return false }
        switch health[member]?.phase {
        case .healthy, .unready: return true
        case .preparing, .starting, .unhealthy, .stopping, .stopped, .waiting, .crashed, .refused, nil: return false
        }
    }

    var membersInVerbs: Set<MemberID> {
        var members: Set<MemberID> = []
        for case .runVerb(let verb) in inFlight.values { members.insert(verb.member) }
        return members
    }
}
