import FoundryEffects
import FoundryModel
import Glibc

/// Runs a command inside a member: as its user, with its environment, in its control group.
///
/// At the limit the command is killed. One that cannot be, since it waits for a disk that does not answer, is left to die when it can; until then no
/// other is begun under the same name, whatever became of this process meanwhile. So there is one a member and name at most.
struct MemberCommand: Sendable {
    enum Outcome: Hashable, Sendable {
        /// Its exit code, and the end of what it wrote.
        case exited(Int32, said: [UInt8])
        /// The platform holds the member, or the cell is stopping: that says nothing.
        case unknown
        /// It did not end in time, and was killed.
        case silent
        /// An earlier one has not ended, though it was killed.
        case stuck
    }

    /// Beside the member's own.
    struct Request: Sendable {
        var arguments: [String]
        /// Its variables win over the member's.
        var environment: [String: String] = [:]
        /// The first line of its standard input, of at most ``MemberCommand/longestInput`` bytes; nil: its input is empty.
        var input: Secret?
        /// Of what it writes, the end that is kept.
        var keptBytes = 2_048
        /// Its errors are kept with its output; runc brings each by itself, so which of both came first is not known.
        var keepsErrors = true
        /// One that outlives this process of the cell is killed before the next of its name begins: what it would do later must not come after that.
        var isOvertaken = false
    }

    /// A pipe takes as much at once, so nobody has to wait for a reader.
    static let longestInput = 4_000
    /// Between looks at whether the cell is stopping, and at where the command's processes are.
    private static let turnMilliseconds: Int64 = 200

    let paths: Paths
    let cgroups: CgroupTree
    let member: MemberID
    /// Of its files: `check-liveness`.
    let name: String

    private var places: MonitorPlaces { MonitorPlaces(paths, member) }
    private var processFile: String { places.file("\(name).json") }

    /// - Returns: within the limit, and hardly later.
    /// - Throws: when it cannot be begun, and why.
    func run(_ request: Request, limitMilliseconds: Int64) async throws(FoundryError) -> Outcome {
        guard !isHeld else { return .unknown }
        let hung = HungCommand(path: places.file("\(name).hung"))
        if request.isOvertaken { try await hung.kill() }
        guard !hung.isAlive() else { return .stuck }
        try write(request)
        return try await watch(request, hung, until: SystemClock.monotonic() + limitMilliseconds)
    }

    /// While the platform holds a member none of its processes runs.
    var isHeld: Bool { paths.cgroups(member).contains { cgroups.isFrozen($0) } }

    /// The process of the container, with another command: what runc runs is then what the member is.
    private func write(_ request: Request) throws(FoundryError) {
        guard var process = ContainerBundle.read(places)?.process else {
            throw FoundryError(.internalError, "The command cannot be prepared.", detail: places.configuration)
        }
        process.args = request.arguments
        let names = Set(request.environment.keys)
        process.env.removeAll { names.contains(String($0.prefix { $0 != "=" })) }
        process.env += request.environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        try process.write(to: processFile)
    }

    private func watch(
        _ request: Request, _ hung: HungCommand, until deadline: MonotonicTime
    ) async throws(FoundryError) -> Outcome {
        var output = try Pipe()
        let child = try start(request, writingTo: output.writer)
        output.closeWriter()
        let outcome = try await watch(child, output.reader, request, hung, until: deadline)
        output.closeReader()
        return outcome
    }

    private func start(_ request: Request, writingTo output: Int32) throws(FoundryError) -> ChildProcess {
        var child = ChildProcess.Request(
            program: try ProgramPath.require("runc"),
            arguments: ["--root", paths.runc, "exec", "--process", processFile, member.description],
            output: output, error: request.keepsErrors ? output : -1)
        guard let line = request.input else { return try ChildProcess.start(child) }
        var input = try Pipe()
        try Self.write(line, to: input.writer)
        input.closeWriter()
        child.input = input.reader
        let started = try ChildProcess.start(child)
        input.closeReader()
        return started
    }

    private static func write(_ line: Secret, to pipe: Int32) throws(FoundryError) {
        let bytes = Array("\(line.reveal())\n".utf8)
        guard bytes.count <= longestInput else {
            throw FoundryError(.internalError, "A command's input is longer than \(longestInput) bytes.")
        }
        guard Glibc.write(pipe, bytes, bytes.count) == bytes.count else {
            throw FoundryError(.internalError, "A command cannot be given its input.")
        }
    }

    private func watch(
        _ child: ChildProcess, _ reader: Int32, _ request: Request, _ hung: HungCommand,
        until deadline: MonotonicTime
    ) async throws(FoundryError) -> Outcome {
        var noted: [ProcessIdentity] = []
        var said: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16_384)
        while true {
            let left = deadline - SystemClock.monotonic()
            guard left > 0, !Task.isCancelled else { break }
            cgroups.shareDisks(paths.cgroups(member))
            keepBesideMember(child.pid)
            // runc, and the command.
            if request.isOvertaken, noted.count < 2 {
                let processes = Self.processes(of: child)
                do throws(FoundryError) { if processes != noted { try hung.note(processes) } } catch {
                    // One that nobody would find again is not let run.
                    try await end(child, hung)
                    throw error
                }
                noted = processes
            }
            let turn = min(left, Self.turnMilliseconds)
            guard await DescriptorWatch.shared.wait(reader, for: POLLIN, limitMilliseconds: turn) == .ready else {
                continue
            }
            let count = read(reader, &buffer, buffer.count)
            guard count > 0 else {
                let code = try await BlockingWork.run { () throws(FoundryError) in child.wait() }
                hung.forget()
                return .exited(code, said: said)
            }
            said = Array((said + buffer[..<count]).suffix(request.keptBytes))
        }
        try await end(child, hung)
        return isHeld || Task.isCancelled ? .unknown : .silent
    }

    /// Kills the command with all that it began, then runc; what does not die is noted.
    private func end(_ child: ChildProcess, _ hung: HungCommand) async throws(FoundryError) {
        let processes = Self.processes(of: child)
        try await HungCommand.kill(processes)
        try hung.note(processes.filter(\.isAlive))
        if !processes.contains(where: { $0.pid == child.pid && $0.isAlive }) {
            try await BlockingWork.run { () throws(FoundryError) in _ = child.wait() }
        }
    }

    /// runc, and what it began in the member.
    private static func processes(of child: ChildProcess) -> [ProcessIdentity] {
        ([child.pid] + ChildrenOfProcess.list(child.pid)).compactMap { ProcessIdentity(living: $0) }
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
