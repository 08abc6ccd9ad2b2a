import CFoundryLinux
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A command that was begun in a member, and our ends of its pipes or of its terminal.
///
/// runc stays beside it: it carries its input and output, and ends as it ends.
struct ExecProgram: Sendable {
    private static let startLimitMilliseconds: Int64 = 30_000
    /// Between a hang-up and the end of those that do not care.
    private static let hangUpMilliseconds: Int64 = 1_000
    private static let memberEndMilliseconds: Int64 = 500

    let places: ExecPlaces
    let order: ExecOrder
    /// Where the member may be: it is put below the guards, and taken out, while the command runs.
    let groups: [String]
    /// The member's own.
    let member: ProcessIdentity
    let cgroups: CgroupTree
    let runc: ChildProcess
    private let carrier: ProcessIdentity?
    /// Non-blocking, as the others; whoever writes to it closes it.
    let input: Int32
    let output: Int32
    /// -1 with a terminal.
    let errors: Int32

    init(
        places: ExecPlaces, order: ExecOrder, groups: [String], member: ProcessIdentity, cgroups: CgroupTree,
        arguments: [String], terminal: ExecTerminal?
    ) throws(FoundryError) {
        self.places = places
        self.order = order
        self.groups = groups
        self.member = member
        self.cgroups = cgroups
        var request = ChildProcess.Request(program: try ProgramPath.require("runc"), arguments: arguments)
        let ends = try ExecEnds(terminal)
        (request.input, request.output, request.error) = (ends.theirs[0], ends.theirs[1], ends.theirs[2])
        (input, output, errors) = (ends.ours[0], ends.ours[1], ends.ours[2])
        defer { ends.closeTheirs() }
        do throws(FoundryError) { runc = try ChildProcess.start(request) } catch {
            for descriptor in ends.ours where descriptor >= 0 { close(descriptor) }
            throw error
        }
        carrier = ProcessIdentity(living: runc.pid)
    }

    var hasTerminal: Bool { errors < 0 }

    /// Waits until the command runs.
    ///
    /// - Parameter hasEnded: runc has ended.
    /// - Returns: false when it ended without that.
    func hasStarted(_ hasEnded: () -> Bool) async -> Bool {
        let deadline = SystemClock.monotonic() + Self.startLimitMilliseconds
        while !HostFiles.exists(places.pidFile) {
            if hasEnded() { return HostFiles.exists(places.pidFile) }
            if SystemClock.monotonic() > deadline { try? carrier?.signal(SIGKILL) }
            await Self.rest(5)
        }
        return true
    }

    /// The command's first process; nil when it is gone.
    var first: ProcessIdentity? { ProcessIdentity(pidFile: places.pidFile) }

    /// What runc says of a start that failed.
    var words: String {
        struct Line: Decodable { var msg: String }
        let lines = (ProcFile.read(places.log) ?? "").split(separator: "\n")
        return lines.compactMap { try? JSONDecoder().decode(Line.self, from: Data($0.utf8)).msg }
            .joined(separator: "; ")
    }

    /// Whether it ended because the member did.
    ///
    /// - Parameter code: its exit code.
    func endedWithMember(_ code: Int32) async -> Bool {
        guard code == 128 + SIGKILL else { return false }
        return (try? await member.waitForEnd(limitMilliseconds: Self.memberEndMilliseconds)) ?? true
    }

    /// Puts it where the member is, below the guards or not: it begins where the member was made.
    ///
    /// - Throws: `timed_out` when it cannot be moved.
    func joinMember() throws(FoundryError) {
        cgroups.shareDisks(groups)
        var home = cgroups.home(of: member, among: groups)
        while let place = home {
            for group in groups where group != place {
                try cgroups.moveCommand(order.ticket, from: group, to: place)
            }
            // Nil when the member was not moved meanwhile.
            home = cgroups.home(of: member, among: groups.filter { $0 != place })
        }
    }

    /// Its first process has ended: what it started and left ends with it.
    func endRest() async {
        for _ in 0..<400 {
            let found = groups.filter { cgroups.killCommand(order.ticket, in: $0) }
            if found.isEmpty { return }
            await Self.rest(5)
        }
    }

    /// Nobody looks any more.
    ///
    /// - Parameter isPatient: its first process may put its things in order.
    func hangUp(isPatient: Bool) async {
        if isPatient, let first {
            try? first.signal(SIGHUP)
            _ = try? await first.waitForEnd(limitMilliseconds: Self.hangUpMilliseconds)
        }
        await endRest()
        // It may wait for somebody to read what is left.
        try? carrier?.signal(SIGKILL)
    }

    func resize(_ size: TerminalSize) {
        guard hasTerminal else { return }
        _ = foundry_terminal_resize(output, size.rows, size.columns)
        try? carrier?.signal(SIGWINCH)
    }

    /// After everything ended.
    func clear() {
        for descriptor in [output, errors] where descriptor >= 0 { close(descriptor) }
        for group in groups { cgroups.removeCommand(order.ticket, in: group) }
        try? HostFiles.removeTree(places.directory)
    }

    private static func rest(_ milliseconds: Int64) async {
        // Also when the cell is stopping: what is ended here must be gone before.
        await withCheckedContinuation { continuation in
            DescriptorWatch.shared.add(-1, for: 0, until: SystemClock.monotonic() + milliseconds) { _ in
                continuation.resume()
            }
        }
    }
}
