import FoundryModel

/// What a member says that it is among the others: by its verb `role`.
struct EngineRole: Hashable, Sendable {
    static let intervalMilliseconds: Int64 = 10_000
    /// Until it is tried again where something else was being asked.
    static let patienceMilliseconds: Int64 = 1_000

    let pid: Int32
    var said: String?
    var nextAsk: MonotonicTime
    var isAsking = false
}

/// A member to be asked what it is.
public struct EngineRoleQuestion: Hashable, Sendable {
    /// By which it says so.
    public static let verb = "role"

    public var member: MemberID
    public var pid: Int32
}

extension CellMachine {
    /// The members whose turn it is. Each must be answered by `engineRole`.
    public mutating func takeRoleQuestions(now: MonotonicTime) -> [EngineRoleQuestion] {
        guard !engineRoles.isEmpty else { return [] }
        let busy = membersInVerbs
        return engineRoles.keys.sorted().compactMap { member in
            guard var role = engineRoles[member], !role.isAsking, role.nextAsk <= now, mayAskRole(member) else {
                return nil
            }
            defer { engineRoles[member] = role }
            if busy.contains(member) || health[member]?.isAsking == true {
                role.nextAsk = now + EngineRole.patienceMilliseconds
                return nil
            }
            role.isAsking = true
            return EngineRoleQuestion(member: member, pid: role.pid)
        }
    }

    /// When the next one is due; nil: none will be.
    func roleWake() -> MonotonicTime? {
        engineRoles.filter { !$0.value.isAsking && mayAskRole($0.key) }.map(\.value.nextAsk).min()
    }

    /// - Parameter said: nil: nothing, or nothing of use.
    mutating func noteEngineRole(_ member: MemberID, pid: Int32, _ said: String?, now: Moment) {
        guard engineRoles[member]?.pid == pid else { return }
        engineRoles[member]?.said = said
        engineRoles[member]?.isAsking = false
        engineRoles[member]?.nextAsk = now.monotonic + EngineRole.intervalMilliseconds
    }

    /// Of each running member that has the verb.
    mutating func followRoles(of order: MemberOrder, now: Moment) {
        guard order.spec.service?.verbs.contains(EngineRoleQuestion.verb) == true,
            case .running(let pid, _)? = containers[order.id]?.phase
        else {
            engineRoles[order.id] = nil
            return
        }
        if engineRoles[order.id]?.pid != pid {
            engineRoles[order.id] = EngineRole(pid: pid, nextAsk: now.monotonic)
        }
    }

    private func mayAskRole(_ member: MemberID) -> Bool {
        canRunVerbs(member) && health[member]?.phase == .healthy
    }
}
