import FoundryEffects
import FoundryModel
import FoundryRules

/// Runs a check's command inside a member.
struct CommandCheck: Sendable {
    let paths: Paths
    let cgroups: CgroupTree
    let member: MemberID
    let role: CheckRole

    /// - Returns: within the limit, and hardly later.
    func run(_ command: [String], limitMilliseconds: Int64) async -> CheckVerdict {
        let runner = MemberCommand(paths: paths, cgroups: cgroups, member: member, name: "check-\(role.rawValue)")
        do throws(FoundryError) {
            switch try await runner.run(.init(arguments: command), limitMilliseconds: limitMilliseconds) {
            case .exited(0, _): return .serves
            case .exited(let code, let said): return .fails(.exited(code, said: ProbeWords.lastLine(said)))
            case .unknown: return .unknown
            case .silent: return .fails(.silent)
            case .stuck: return .fails(.stuck)
            }
        } catch { return .fails(.unrunnable(error.message)) }
    }
}
