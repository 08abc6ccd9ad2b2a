import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Runs a check's command inside a member: as its user, with its environment, in its control group.
///
/// At the limit the command is killed. One that cannot be, since it waits for a disk that does not answer, is left to die when it can; until then no
/// other is begun for the same check, whatever became of this process meanwhile. So there is one a member and check at most.
struct CommandCheck: Sendable {
    /// Between looks at whether the cell is stopping, and at where the command's processes are.
    private static let turnMilliseconds: Int64 = 200
    private static let endMilliseconds: Int64 = 1_000
    /// Of what it writes, the end is kept.
    private static let keptBytes = 2_048

    let paths: Paths
    let cgroups: CgroupTree
    let member: MemberID
    let role: CheckRole

    private var places: MonitorPlaces { MonitorPlaces(paths, member) }
    private var processFile: String { places.file("check-\(role.rawValue).json") }

    /// - Returns: within the limit, and hardly later.
    func run(_ command: [String], limitMilliseconds: Int64) async -> CheckVerdict {
        guard !isHeld else { return .unknown }
        let hung = HungCommand(path: places.file("check-\(role.rawValue).hung"))
        guard !hung.isAlive() else { return .fails(.stuck) }
        do throws(FoundryError) {
            try write(command)
            return try await watch(hung, until: SystemClock.monotonic() + limitMilliseconds)
        } catch { return .fails(.unrunnable(error.message)) }
    }

    /// The process of the container, with another command: what runc runs is then what the member is.
    private func write(_ command: [String]) throws(FoundryError) {
        guard var process = ContainerBundle.read(places)?.process else {
            throw FoundryError(.internalError, "The command cannot be prepared.", detail: places.configuration)
        }
        process.args = command
        try process.write(to: processFile)
    }

    private func start(writingTo output: Int32) throws(FoundryError) -> ChildProcess {
        try ChildProcess.start(
            ChildProcess.Request(
                program: try ProgramPath.require("runc"),
                arguments: ["--root", paths.runc, "exec", "--process", processFile, member.description],
                output: output, error: output))
    }

    private func watch(_ hung: HungCommand, until deadline: MonotonicTime) async throws(FoundryError) -> CheckVerdict {
        var output = try Pipe()
        let child = try start(writingTo: output.writer)
        output.closeWriter()
        let verdict = try await watch(child, output.reader, hung, until: deadline)
        output.closeReader()
        return verdict
    }

    private func watch(
        _ child: ChildProcess, _ reader: Int32, _ hung: HungCommand, until deadline: MonotonicTime
    ) async throws(FoundryError) -> CheckVerdict {
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let left = deadline - SystemClock.monotonic()
            guard left > 0, !Task.isCancelled else { break }
            cgroups.shareDisks(paths.cgroups(member))
            keepBesideMember(child.pid)
            let turn = min(left, Self.turnMilliseconds)
            guard await DescriptorWatch.shared.wait(reader, for: POLLIN, limitMilliseconds: turn) == .ready else {
                continue
            }
            let count = read(reader, &buffer, buffer.count)
            guard count > 0 else {
                let code = try await BlockingWork.run { () throws(FoundryError) in child.wait() }
                return code == 0 ? .serves : .fails(.exited(code, said: ProbeWords.lastLine(said)))
            }
            said = Array((said + buffer[..<count]).suffix(Self.keptBytes))
        }
        try await end(child, hung)
        return isHeld || Task.isCancelled ? .unknown : .fails(.silent)
    }

    /// Kills the command with all that it began, then runc; what does not die is noted.
    private func end(_ child: ChildProcess, _ hung: HungCommand) async throws(FoundryError) {
        let processes = ([child.pid] + ChildrenOfProcess.list(child.pid)).compactMap { ProcessIdentity(living: $0) }
        for process in processes {
            // runc's own session, and that of the command.
            _ = Glibc.kill(-process.pid, SIGKILL)
            try process.signal(SIGKILL)
        }
        var isRuncGone = false
        for process in processes {
            let isGone = try await process.waitForEnd(limitMilliseconds: Self.endMilliseconds)
            if isGone, process.pid == child.pid { isRuncGone = true }
        }
        try hung.note(processes.filter(\.isAlive))
        if isRuncGone || processes.isEmpty {
            try await BlockingWork.run { () throws(FoundryError) in _ = child.wait() }
        }
    }

    /// While the platform holds a member none of its processes runs.
    private var isHeld: Bool {
        paths.cgroups(member).contains { cgroups.isFrozen($0) }
    }

    /// runc puts the command where the container was made; it belongs where the member is, below the guards or not.
    private func keepBesideMember(_ runc: Int32) {
        guard let member = ContainerRecord.read(places)?.process,
            let home = cgroups.home(of: member, among: paths.cgroups(self.member)),
            paths.cgroups(self.member).contains(where: {
                $0 != home && !cgroups.ownProcesses($0, cgroups.freezer).isEmpty
            })
        else { return }
        for pid in ChildrenOfProcess.list(runc) {
            // One that ended meanwhile cannot be moved.
            try? cgroups.write("\(pid)", home, cgroups.freezer, "cgroup.procs")
        }
    }
}

/// A command that was killed and did not die, as a file beside the container: another process of the cell finds it too.
struct HungCommand: Sendable {
    let path: String

    /// Whether one of its processes still lives. When none does, nothing is left of it.
    func isAlive() -> Bool {
        guard let text = ProcFile.read(path) else { return false }
        let processes = text.split(separator: "\n").compactMap { ProcessIdentity(parsing: String($0)) }
        guard !processes.contains(where: \.isAlive) else { return true }
        // A runc that was our child and died late.
        for process in processes { _ = waitpid(process.pid, nil, WNOHANG) }
        unlink(path)
        return false
    }

    func note(_ processes: [ProcessIdentity]) throws(FoundryError) {
        guard !processes.isEmpty else { return }
        let text = processes.map(\.description).joined(separator: "\n")
        do { try DurableFile.write(Data(text.utf8), to: path, outlivesBoot: false) } catch {
            throw FoundryError(.internalError, "A hung command cannot be noted.", detail: "\(path): \(error)")
        }
    }
}

/// The processes that a process began and that did not end.
enum ChildrenOfProcess {
    static func list(_ parent: Int32) -> [Int32] {
        let names = (try? HostFiles.names(in: "/proc")) ?? []
        return names.compactMap { Int32($0) }.filter { pid in
            guard let stat = ProcFile.read("/proc/\(pid)/stat"), let end = stat.lastIndex(of: ")") else { return false }
            let fields = stat[stat.index(after: end)...].split(separator: " ")
            return fields.count > 1 && Int32(fields[1]) == parent
        }
    }
}
