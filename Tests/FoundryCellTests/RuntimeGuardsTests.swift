import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Glibc
import Testing

@testable import FoundryCell

/// What lies below the guards is stopped as a whole: nothing of a member may be left outside, and a member may gain nothing by being moved.
@Suite("A member that is put below the guards", .serialized, .enabled(if: isRoot, "needs root"))
struct RuntimeGuardsTests {
    private static let cell = CellID("c1") ?? { preconditionFailure() }()
    private let cgroups: CgroupTree

    init() throws { cgroups = try CgroupTree() }

    @Test("keeps its limits, its devices, and what it has used, there and back")
    func limits() async throws {
        try await RuntimeGround.run { ground in
            let member = ground.member
            try await running(
                ground, "head -c 20000000 /dev/zero >/home/file; echo ready; while :; do sleep 0.05; done")
            let (open, guarded) = (ground.paths.cgroup(member), ground.paths.guardedCgroup(member))
            var before = try usage(ground)
            for (group, isGuarded) in [(guarded, true), (guarded, true), (open, false), (open, false)] {
                if isGuarded {
                    try await ground.runtime.putUnderGuard(member)
                } else {
                    try await ground.runtime.takeFromGuard(member)
                }
                #expect(try await ground.runtime.guardedMembers() == (isGuarded ? [member] : []))
                let now = try usage(ground)
                let (less, more) = (try #require(before.cpuMicroseconds), try #require(now.cpuMicroseconds))
                #expect(more >= less)
                let memory = try #require(now.memory)
                #expect(memory > .megabytes(18) && memory < .megabytes(128), "\(memory)")
                #expect(now.memoryLimit == .megabytes(128))
                // With version 1 nothing but the freezer's group changes.
                let place = cgroups.version == .v1 ? open : group
                #expect(cgroups.memoryLimit([place]) == .megabytes(128))
                #expect(try await !opensDevices(in: place, cgroups))
                before = now
            }
            try await ground.runtime.putUnderGuard(member)
            let wanted = ContainerLimits(memory: .megabytes(96), cpu: Millicores(500))
            #expect(try await ground.runtime.limit(member, to: wanted).limits == wanted)
            #expect(cgroups.memoryLimit([cgroups.version == .v1 ? open : guarded]) == wanted.memory)
            // What was left behind is old, and nobody's any more.
            try await ground.runtime.takeFromGuard(member)
            let less = ContainerLimits(memory: .megabytes(80), cpu: Millicores(500))
            _ = try await ground.runtime.limit(member, to: less)
            try await ground.runtime.takeFromGuard(member)
            #expect(cgroups.memoryLimit([open]) == less.memory)
        }
    }

    @Test("is held by them with the commands in it, is asked nothing then, and ends with them")
    func latch() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground, "echo ready; while :; do sleep 0.05; done")
            try await withCommand(ground, "sleep 1000 & sleep 1001") { program in
                let first = try #require(program.first)
                try await ground.runtime.putUnderGuard(ground.member)
                #expect(cgroups.processes(ground.paths.cgroup(ground.member), cgroups.freezer) == [])
                let inside = cgroups.processes(ground.paths.guardedCgroup(ground.member), cgroups.freezer)
                let own = try #require(ContainerRecord.read(MonitorPlaces(ground.paths, ground.member))).process
                #expect(inside.contains(first.pid) && inside.contains(own.pid), "\(inside)")

                try cgroups.setFrozen(ground.paths.guardedCgroup, true)
                #expect(await ground.runtime.isLatched())
                let check = CommandCheck(paths: ground.paths, cgroups: cgroups, member: ground.member, role: .liveness)
                #expect(await check.run(["/bin/true"], limitMilliseconds: 1_000) == .unknown)
                // Released by whoever held it, it stays under the latch.
                try await ground.runtime.release(ground.member)
                #expect(await check.run(["/bin/true"], limitMilliseconds: 1_000) == .unknown)

                try await ground.runtime.unlatch()
                #expect(try await ground.end().reason == "killed by signal 9 (SIGKILL)")
                #expect(try await first.waitForEnd(limitMilliseconds: Patience.milliseconds(2_000)))
            }
        }
    }

    @Test("has the commands that begin there, too, and takes them along when it is taken out")
    func commands() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground, "echo ready; while :; do sleep 0.05; done")
            let (open, guarded) = (ground.paths.cgroup(ground.member), ground.paths.guardedCgroup(ground.member))
            try await ground.runtime.putUnderGuard(ground.member)
            try await withCommand(ground, "sleep 1000 & sleep 1001") { program in
                #expect(cgroups.processes(open, cgroups.freezer) == [])
                let first = try #require(program.first)
                #expect(cgroups.processes(guarded, cgroups.freezer).contains(first.pid))
                try await ground.runtime.takeFromGuard(ground.member)
                #expect(cgroups.processes(guarded, cgroups.freezer) == [])
                await program.endRest()
                #expect(try await first.waitForEnd(limitMilliseconds: Patience.milliseconds(2_000)))
            }
            #expect(try await ground.isRunning())
            #expect(cgroups.commandGroups(open) + cgroups.commandGroups(guarded) == [])
        }
    }

    @Test("that was made there and taken out has its commands outside")
    func madeGuarded() async throws {
        try await RuntimeGround.run { ground in
            var order = try await ground.order("echo ready; while :; do sleep 0.05; done", memory: .megabytes(128))
            order.isGuarded = true
            try await ground.create(order)
            try await ground.runtime.start(ground.member)
            try await ground.line("ready")
            #expect(try await ground.runtime.guardedMembers() == [ground.member])
            try await ground.runtime.takeFromGuard(ground.member)
            try await withCommand(ground, "sleep 1000") { program in
                #expect(try await ground.runtime.guardedMembers() == [])
                let inside = cgroups.processes(ground.paths.cgroup(ground.member), cgroups.freezer)
                let first = try #require(program.first)
                #expect(inside.contains(first.pid))
            }
        }
    }

    @Test("is killed with commands that live in groups of their own")
    func kill() async throws {
        let ground = Ground()
        let group = "\(ground.paths.cgroup)/m"
        let ticket = try #require(ExecTicket("ticket"))
        try cgroups.make(group)
        _ = try cgroups.makeCommand(ticket, in: group)
        let command = try #require(cgroups.commandGroups(group).first)
        // Version 1 has it below `pids` only: elsewhere such a process is in the member's group.
        let place = cgroups.version == .v1 ? group : command
        async let ended: Void = expect(.commandFailed) { _ = try await run("exec sleep 1000", in: place, cgroups) }
        try await eventually("it is there") { !cgroups.processes(group).isEmpty }
        #expect(try cgroups.kill(group))
        await ended
        try await eventually("none is left") { try !cgroups.kill(group) }
        // A group can be removed when the last of its processes is gone to the kernel, too.
        try await eventually("they are removed") {
            cgroups.removeCommands(of: group)
            for path in [group, ground.paths.cgroup] { cgroups.remove(path) }
            return !cgroups.directories(ground.paths.cgroup).contains(where: HostFiles.exists)
        }
    }

    private func running(_ ground: RuntimeGround, _ script: String) async throws {
        try await ground.create(try await ground.order(script, memory: .megabytes(128)))
        try await ground.runtime.start(ground.member)
        try await ground.line("ready")
    }

    private func usage(_ ground: RuntimeGround) throws -> MemberUsage {
        let reader = UsageReader(paths: ground.paths, cgroups: cgroups)
        return try #require(reader.read([(ground.member, nil)], of: Self.cell).members.first)
    }

    /// Runs a command in the member as `exec` does, beside the body; it is ended afterwards.
    private func withCommand(
        _ ground: RuntimeGround, _ line: String, _ body: (ExecProgram) async throws -> Void
    ) async throws {
        let programs = ExecPrograms(paths: ground.paths, cgroups: cgroups, images: ground.images)
        let order = ExecOrder(ticket: try #require(ExecTicket("ticket")), member: ground.member)
        let program = try programs.start(
            ExecRequest(command: ["/bin/sh", "-c", line]), order, in: try await ground.order("true"))
        close(program.input)
        let outcome: Result<Void, any Error>
        do {
            try #require(await program.hasStarted { false })
            try program.joinMember()
            outcome = .success(try await body(program))
        } catch { outcome = .failure(error) }
        await program.hangUp(isPatient: false)
        _ = program.runc.wait()
        program.clear()
        try outcome.get()
    }
}
