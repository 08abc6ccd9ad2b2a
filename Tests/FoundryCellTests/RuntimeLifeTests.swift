import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import Testing

@testable import FoundryCell

/// Containers, by the real runc and conmon.
@Suite("A member's container", .serialized, .enabled(if: isRoot, "needs root"))
struct RuntimeLifeTests {
    private static let patient = "trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done"

    @Test("is made, started, seen running, stopped and deleted, and leaves nothing")
    func life() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(Self.patient, generation: 4)
            let made = try await ground.create(order)
            #expect(
                made
                    == ContainerObservation(
                        member: ground.member, generation: 4, phase: .created, isMonitored: true,
                        limits: order.spec.limits))
            #expect(try await ground.runtime.observe() == [made])
            let monitor = try #require(ContainerRecord.read(MonitorPlaces(ground.paths, ground.member))?.monitor)
            let groups = ProcFile.read("/proc/\(monitor.pid)/cgroup") ?? ""
            #expect(groups.contains(":\(ground.paths.cgroup)/monitors\n"), "no unit of systemd takes it along")

            let started = try await ground.runtime.start(ground.member)
            guard case .running(let pid, let startedAt) = started.phase else {
                return #expect(Bool(false), "\(started)")
            }
            #expect(abs(SystemClock.timestamp() - startedAt) < 5_000)
            #expect(try await ground.runtime.observe() == [started])
            try await ground.line("ready")

            try await ground.runtime.stop(ground.member, signal: "SIGTERM")
            let exit = try await ground.end()
            #expect(exit.reason == "exited with status 3")
            #expect(exit.status == 3)
            #expect(exit.lastLines == ["ready", "bye"])
            #expect(abs(SystemClock.timestamp() - exit.time) < 5_000)
            #expect(try await ground.end() == exit, "one end, told twice, is the same")

            try await ground.runtime.delete(ground.member)
            #expect(try await ground.runtime.observe().isEmpty)
            try expectNothingLeft(ground, pid: pid)
            #expect(try ground.logs.tail(ground.member, lines: 10).map(\.text) == ["ready", "bye"], "its log stays")
        }
    }

    @Test("takes every order twice")
    func twice() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(Self.patient)
            let made = try await ground.create(order)
            let again = try await ground.runtime.create(
                order, user: .root, networkNamespace: ground.paths.networkNamespace(7), volumes: [])
            #expect(made == again)
            let started = try await ground.runtime.start(ground.member)
            #expect(try await ground.runtime.start(ground.member) == started)
            try await ground.line("ready")
            for _ in 0..<2 { try await ground.runtime.stop(ground.member, signal: "SIGTERM") }
            let exit = try await ground.end()
            try await ground.runtime.stop(ground.member, signal: "SIGTERM")
            for _ in 0..<2 { try await ground.runtime.kill(ground.member) }
            #expect(try await ground.end() == exit)
            for _ in 0..<2 { try await ground.runtime.delete(ground.member) }
            for _ in 0..<2 { try ground.rootfs.unmount(ground.member) }
            #expect(try ground.rootfs.observe().isEmpty)
        }
    }

    @Test("that will not stop is killed with all its processes")
    func stubborn() async throws {
        try await RuntimeGround.run { ground in
            try await ground.create(
                try await ground.order(
                    "trap '' TERM; (trap '' TERM; sleep 1000) & echo ready; while :; do sleep 1; done"))
            try await ground.runtime.start(ground.member)
            try await ground.line("ready")
            try await ground.runtime.stop(ground.member, signal: "SIGTERM")
            try await SystemClock.sleep(.milliseconds(200))
            #expect(try await ground.isRunning())
            try await ground.runtime.kill(ground.member)
            #expect(try await ground.end().reason == "killed by signal 9 (SIGKILL)")
        }
    }

    @Test("that uses too much memory ends, and its end says so")
    func outOfMemory() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order("a=x; while :; do a=$a$a; done", memory: .megabytes(32))
            let (exit, _) = try await ground.result(order)
            #expect(exit.reason == "was killed for using more than its 32 MiB of memory")
            #expect(exit.status == 137)
        }
    }

    @Test("tells its end to whoever watches, also when another process made it")
    func adoption() async throws {
        try await RuntimeGround.run { ground in
            try await ground.create(try await ground.order(Self.patient))
            let started = try await ground.runtime.start(ground.member)
            try await ground.line("ready")

            let later = try ground.anotherRuntime()
            #expect(try await later.observe() == [started], "the same process, begun at the same time")
            try await later.stop(ground.member, signal: "SIGTERM")
            for runtime in [ground.runtime, later] {
                let told = await first(of: runtime.exits)
                guard case .ended(let exit)? = told?.phase else {
                    return #expect(Bool(false), "\(String(describing: told))")
                }
                #expect(exit.reason == "exited with status 3")
            }
        }
    }

    @Test("gets other limits while it runs, not less than it uses; its end is told all the same")
    func limits() async throws {
        try await RuntimeGround.run { ground in
            try await ground.create(
                try await ground.order("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done"))
            let before = try await ground.runtime.start(ground.member)
            try await ground.line("ready")
            let wanted = ContainerLimits(memory: .megabytes(96), cpu: Millicores(500))
            let after = try await ground.runtime.limit(ground.member, to: wanted)
            #expect(after.limits == wanted && after.phase == before.phase)
            let (cgroups, group) = (try CgroupTree(), ground.paths.cgroup(ground.member))
            #expect(cgroups.memoryLimit(group) == wanted.memory)
            #expect(try await ground.runtime.observe() == [after])
            #expect(try await ground.anotherRuntime().observe() == [after], "another process of the cell finds it")
            let few = ContainerLimits(memory: ByteCount(bytes: 4_096), cpu: Millicores(500))
            await #expect(throws: FoundryError.self) { try await ground.runtime.limit(ground.member, to: few) }
            #expect(cgroups.memoryLimit(group) == wanted.memory, "nothing changed")
            if cgroups.version == .v2 {
                #expect(cgroups.read(group, "memory", "memory.high") == "max\n", "it is held back only meanwhile")
            }

            try await ground.runtime.stop(ground.member, signal: "SIGTERM")
            let told = await first(of: ground.runtime.exits)
            guard case .ended(let exit)? = told?.phase else {
                return #expect(Bool(false), "\(String(describing: told))")
            }
            #expect(exit.reason == "exited with status 3")
        }
    }

    @Test("whose monitor was killed is told, can be stopped, and its end is known to be unseen")
    func lostMonitor() async throws {
        try await RuntimeGround.run { ground in
            try await ground.create(
                try await ground.order("trap 'exit 3' TERM; echo ready; while :; do sleep 0.05; done"))
            try await ground.runtime.start(ground.member)
            try await ground.line("ready")
            let record = try #require(ContainerRecord.read(MonitorPlaces(ground.paths, ground.member)))
            try record.monitor.signal(SIGKILL)
            let told = await first(of: ground.runtime.exits)
            #expect(told?.isMonitored == false)
            guard case .running? = told?.phase else { return #expect(Bool(false), "\(String(describing: told))") }

            try await ground.runtime.stop(ground.member, signal: "SIGTERM")
            let ended = await first(of: ground.runtime.exits)
            guard case .ended(let exit)? = ended?.phase else {
                return #expect(Bool(false), "\(String(describing: ended))")
            }
            #expect(exit.status == nil)
            #expect(exit.reason.contains("nobody saw how"))
            #expect(try await ground.end() == exit)
            try await ground.runtime.delete(ground.member)
            try expectNothingLeft(ground, pid: record.process.pid)
        }
    }

    @Test("that was half made when its maker was killed is found broken and removed whole")
    func halfMade() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(Self.patient)
            try await ground.create(order)
            let places = MonitorPlaces(ground.paths, ground.member)
            let record = try #require(ContainerRecord.read(places))
            try HostFiles.removeFile(places.record)
            let found = try await ground.anotherRuntime().observe()
            #expect(
                found == [ContainerObservation(member: ground.member, generation: 0, phase: .broken, isMonitored: true)]
            )
            try await ground.runtime.delete(ground.member)
            try expectNothingLeft(ground, pid: record.process.pid)
            #expect(!record.monitor.isAlive)

            try HostFiles.makeDirectory(places.directory)
            #expect(try await ground.runtime.observe().map(\.phase) == [.broken], "killed before conmon was started")
            try await ground.create(order)
            #expect(try await ground.runtime.observe().map(\.phase) == [.created])
        }
    }

    @Test("whose program does not exist says so")
    func noProgram() async throws {
        try await RuntimeGround.run { ground in
            let image = try ground.layout.image(
                [try await ground.layout.busybox()], ImageConfiguration(entrypoint: ["/bin/absent"]))
            let order = try await ground.order(image: image)
            do {
                try await ground.create(order)
                try await ground.runtime.start(ground.member)
                Issue.record("it started")
            } catch let error as FoundryError {
                #expect(error.code == .commandFailed)
                #expect(error.detail?.contains("/bin/absent") == true, "\(error)")
            }
            try await ground.runtime.delete(ground.member)
        }
    }

    @Test("is found among the mounts of a machine that has very many")
    func manyMounts() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order("true")
            try await ground.images.unpack(order.spec.image)
            let layers = ground.images.lowerDirectories(order.spec.image)
            let members = try (0..<60).map { try #require(MemberID("member-\($0)-\(ground.paths.instance)")) }
            for member in members { try ground.rootfs.mount(member, layers: layers) }
            let text = try await Command().run("cat", ["/proc/self/mountinfo"])
            #expect(text.utf8.count > 16 << 10, "several pages of the kernel's")
            let targets = Set(try MountTable.read().entries.map(\.target))
            for member in members { #expect(targets.contains(ground.paths.rootfs(member))) }
            #expect(try ground.rootfs.observe() == Set(members))
            for member in members { try ground.rootfs.unmount(member) }
            #expect(try ground.rootfs.observe().isEmpty)
        }
    }

    private func expectNothingLeft(
        _ ground: RuntimeGround, pid: Int32, _ location: SourceLocation = #_sourceLocation
    ) throws {
        let paths = ground.paths
        #expect(ProcessIdentity(living: pid) == nil, sourceLocation: location)
        let leftovers =
            [paths.monitor(ground.member), "\(paths.runc)/\(ground.member)"]
            + (try CgroupTree()).directories(paths.cgroup(ground.member))
        #expect(leftovers.filter(HostFiles.exists) == [], sourceLocation: location)
        #expect(try StrayProcesses(paths: paths, member: ground.member).find().isEmpty, sourceLocation: location)
    }
}
