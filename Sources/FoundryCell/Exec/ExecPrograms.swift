import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc

/// Starts commands in running members by `runc exec`: as the member's own process is run, with its user, environment, limits and filter.
struct ExecPrograms: Sendable {
    private static let patienceMilliseconds: Int64 = 2_000

    let paths: Paths
    let cgroups: CgroupTree
    let images: ImageStore

    /// Ends what a cell that was killed left running in members.
    func clear() async throws(FoundryError) {
        let members = try HostFiles.names(in: MonitorPlaces.all(paths)).compactMap { MemberID($0) }
        let groups = members.flatMap(paths.cgroups)
        let deadline = SystemClock.monotonic() + Self.patienceMilliseconds
        while groups.reduce(false, { cgroups.killCommands(of: $1) || $0 }), SystemClock.monotonic() < deadline {
            do { try await SystemClock.sleep(.milliseconds(5)) } catch { break }
        }
        for group in groups { cgroups.removeCommands(of: group) }
        try HostFiles.removeTree(paths.execs)
    }

    /// Starts the program that starts the command.
    ///
    /// - Throws: `exec_broken` when the member has stopped, `bad_request` when its image does not know the user.
    func start(
        _ request: ExecRequest, _ order: ExecOrder, in member: MemberOrder
    ) throws(FoundryError) -> ExecProgram {
        let reader = ContainerReader(paths: paths, cgroups: cgroups)
        guard case .container(let container) = reader.read(order.member), case .running = container.phase,
            let record = reader.record(order.member),
            let bundle = ContainerBundle.read(MonitorPlaces(paths, order.member))
        else { throw ExecFailure.stopped(member.name) }
        var process = Self.process(bundle.process, request)
        if let user = request.user { try become(user, in: member, &process) }
        let places = ExecPlaces(paths, order.ticket)
        try HostFiles.makeDirectory(places.directory)
        do throws(FoundryError) {
            try process.write(to: places.process)
            let option = try cgroups.makeCommand(order.ticket, in: bundle.linux.cgroupsPath)
            return try ExecProgram(
                places: places, order: order, groups: paths.cgroups(order.member), member: record.process,
                cgroups: cgroups,
                arguments: [
                    "--root", paths.runc, "--log", places.log, "--log-format", "json", "exec",
                    "--process", places.process, "--pid-file", places.pidFile, "--cgroup", option,
                    order.member.description,
                ], terminal: request.terminal)
        } catch {
            try? HostFiles.removeTree(places.directory)
            throw error
        }
    }

    private static func process(
        _ member: RuntimeSpecification.Process, _ request: ExecRequest
    ) -> RuntimeSpecification.Process {
        var process = member
        process.args = request.command
        process.terminal = request.terminal != nil
        if let terminal = request.terminal {
            process.env = process.env.filter { !$0.hasPrefix("TERM=") } + ["TERM=\(terminal.type)"]
        }
        return process
    }

    /// With the privileges of a member that begins as that user.
    private func become(
        _ user: String, in member: MemberOrder, _ process: inout RuntimeSpecification.Process
    ) throws(FoundryError) {
        var image = member.spec.image
        image.configuration.user = user
        let found: ContainerUser
        do throws(FoundryError) { found = try images.user(image) } catch {
            throw FoundryError(
                .badRequest, "\(member.name) knows no user '\(user.prefix(80))'.",
                hint: "foundry exec \(ExecFailure.app(of: member.name)) -- cat /etc/passwd /etc/group")
        }
        process.user = .init(uid: found.uid, gid: found.gid, additionalGids: found.additionalGroups)
        process.capabilities = MemberPrivileges.capabilities(found)
        // runc looks up the user's own.
        process.env.removeAll { $0.hasPrefix("HOME=") }
    }
}

/// Where a command's files lie; in memory, gone with it.
struct ExecPlaces: Hashable, Sendable {
    let directory: String

    init(_ paths: Paths, _ ticket: ExecTicket) { directory = "\(paths.execs)/\(ticket)" }

    var process: String { "\(directory)/process.json" }
    /// Written by runc when the command runs.
    var pidFile: String { "\(directory)/pid" }
    var log: String { "\(directory)/log.json" }
}
