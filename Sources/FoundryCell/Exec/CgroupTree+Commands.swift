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

    /// - Returns: false when it had no process.
    @discardableResult
    func killCommand(_ ticket: ExecTicket, in group: String) -> Bool { kill(Self.name(ticket), group) }

    func removeCommand(_ ticket: ExecTicket, in group: String) {
        if let directory = directory(group, commands) { rmdir("\(directory)/\(Self.name(ticket))") }
    }

    /// Kills every command of a member.
    ///
    /// - Returns: whether there was a process.
    func killCommands(of group: String) -> Bool {
        var any = false
        for name in names(group) where kill(name, group) { any = true }
        return any
    }

    /// Removes the groups of commands that have ended.
    func removeCommands(of group: String) {
        guard let directory = directory(group, commands) else { return }
        for name in names(group) { rmdir("\(directory)/\(name)") }
    }

    private static func name(_ ticket: ExecTicket) -> String { prefix + ticket.description }

    private func names(_ group: String) -> [String] {
        let all = directory(group, commands).flatMap { try? HostFiles.names(in: $0) } ?? []
        return all.filter { $0.hasPrefix(Self.prefix) }
    }

    private func kill(_ name: String, _ group: String) -> Bool {
        let found = processes("\(group)/\(name)", commands)
        for pid in found { _ = Glibc.kill(pid, SIGKILL) }
        return !found.isEmpty
    }
}
