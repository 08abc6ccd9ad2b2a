import FoundryEffects
import FoundryModel
import Glibc

/// A command that runs in a member has a group of its own below the member's, so that all it started can be ended with it.
///
/// With version 1 only in the hierarchy of `pids`: in the others it is in the member's group, under the member's limits and freezer.
extension CgroupTree {
    private static let prefix = "exec-"

    private var commands: String { version == .v1 ? "pids" : Self.unified }

    /// - Returns: the option of `runc exec`.
    func makeCommand(_ ticket: ExecTicket, in group: String) throws(FoundryError) -> String {
        guard let directory = directory(group, commands) else {
            throw FoundryError(.machineUnfit, "The machine cannot count processes.", hint: "foundry doctor")
        }
        try HostFiles.makeDirectory("\(directory)/\(Self.name(ticket))", mode: 0o755)
        return version == .v1 ? "\(commands):\(Self.name(ticket))" : Self.name(ticket)
    }

    /// Moves a command's processes to another group of its member, those that begin meanwhile among them.
    ///
    /// - Throws: `timed_out` when new ones keep coming.
    func moveCommand(_ ticket: ExecTicket, from source: String, to target: String) throws(FoundryError) {
        let name = Self.name(ticket)
        let goal = version == .v1 ? target : "\(target)/\(name)"
        try move(to: goal, from: source) {
            // With version 1 they stay listed here, wherever they are frozen.
            let there = Set(ownProcesses(goal, freezer))
            return ownProcesses("\(source)/\(name)", commands).filter { !there.contains($0) }
        }
    }

    /// - Returns: false when it had no process.
    @discardableResult
    func killCommand(_ ticket: ExecTicket, in group: String) -> Bool { killCommand("\(group)/\(Self.name(ticket))") }

    func removeCommand(_ ticket: ExecTicket, in group: String) {
        if let directory = directory(group, commands) { rmdir("\(directory)/\(Self.name(ticket))") }
    }

    /// Kills every command of a member.
    ///
    /// - Returns: whether there was a process.
    func killCommands(of group: String) -> Bool {
        var any = false
        for command in commandGroups(group) where killCommand(command) { any = true }
        return any
    }

    /// Removes the groups of commands that have ended.
    func removeCommands(of group: String) {
        for command in commandGroups(group) { directory(command, commands).map { _ = rmdir($0) } }
    }

    /// Those of the commands that run in a member, or that have ended and were not cleared away.
    func commandGroups(_ group: String) -> [String] {
        let all = directory(group, commands).flatMap { try? HostFiles.names(in: $0) } ?? []
        return all.filter { $0.hasPrefix(Self.prefix) }.map { "\(group)/\($0)" }
    }

    private static func name(_ ticket: ExecTicket) -> String { prefix + ticket.description }

    private func killCommand(_ command: String) -> Bool {
        let found = ownProcesses(command, commands)
        for pid in found { _ = Glibc.kill(pid, SIGKILL) }
        return !found.isEmpty
    }
}
