import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryTestSupport
import Glibc
import Testing

@testable import FoundryCell

/// Commands in containers, by the real runc.
@Suite("A check by a command", .serialized, .enabled(if: isRoot, "needs root"))
struct CommandCheckTests {
    private static let patient = "trap 'exit 0' TERM; echo ready; while :; do sleep 0.05; done"

    private let cgroups: CgroupTree

    init() throws { cgroups = try CgroupTree() }

    private func check(_ ground: RuntimeGround, _ role: CheckRole = .liveness) -> CommandCheck {
        CommandCheck(paths: ground.paths, cgroups: cgroups, member: ground.member, role: role)
    }

    private func running(
        _ ground: RuntimeGround, user: String = "", volumes: [VolumeSource] = []
    ) async throws {
        let order = try await ground.order(Self.patient, environment: ["SECRET": "x"], user: user)
        try await ground.create(order, volumes: volumes)
        try await ground.runtime.start(ground.member)
        try await ground.line("ready")
    }

    private func run(
        _ ground: RuntimeGround, _ line: String, limit: Int64 = Patience.milliseconds(10_000),
        _ role: CheckRole = .liveness
    ) async -> CheckVerdict {
        await check(ground, role).run(["/bin/sh", "-c", line], limitMilliseconds: limit)
    }

    private func commands(_ ground: RuntimeGround) -> [String] {
        cgroups.processes(ground.paths.cgroup(ground.member)).compactMap {
            ProcFile.read("/proc/\($0)/cmdline").map { $0.split(separator: "\0").joined(separator: " ") }
        }
    }

    @Test("runs as the member's user, with its variables, its limits and its files, and is well with exit 0")
    func runs() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground, user: "worker")
            #expect(await run(ground, "exit 0") == .serves)
            let same = """
                test "$(id -u):$(id -g)" = 1234:1235 && test "$COLOUR$SECRET" = redx && test "$PWD" = /home &&
                grep -q 'NoNewPrivs:.1' /proc/self/status && grep -q 'Seccomp:.2' /proc/self/status &&
                grep -q 'CapEff:.0000000000000000' /proc/self/status && tr '\\0' ' ' </proc/1/cmdline | grep -q ready
                """
            #expect(await run(ground, same) == .serves)
            let slow = Task { await run(ground, "sleep 0.7") }
            try await eventually("it is in the member's control group") { commands(ground).contains("sleep 0.7") }
            #expect(await slow.value == .serves)
        }
    }

    @Test("says its exit code and its last line, however much it wrote")
    func fails() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground)
            let verdict = await run(ground, "echo one >&2; echo two >&2; exit 3")
            #expect(verdict == .fails(.exited(3, said: "two")), "\(verdict)")
            #expect(await run(ground, "kill -9 $$") == .fails(.exited(137, said: "")))
            let loud = "head -c 300000 /dev/zero | tr '\\0' x; echo; printf 'the\\033end\\n\\n'; exit 4"
            #expect(
                await run(ground, loud, limit: Patience.milliseconds(30_000)) == .fails(.exited(4, said: "the end")))
            guard
                case .fails(.exited(_, let said)) = await check(ground).run(
                    ["/none"], limitMilliseconds: Patience.milliseconds(10_000))
            else { return #expect(Bool(false), "a program that is not there") }
            #expect(said.contains("/none") || said.contains("no such file"), "\(said)")
            try await ground.runtime.delete(ground.member)
            guard case .fails(.unrunnable) = await run(ground, "exit 0") else {
                return #expect(Bool(false), "a member that is not there")
            }
        }
    }

    @Test("is killed at its limit, with all that it began")
    func killed() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground)
            let began = SystemClock.monotonic()
            #expect(
                await run(ground, "sleep 1000 & sleep 1001", limit: Patience.milliseconds(1_000)) == .fails(.silent))
            #expect(SystemClock.monotonic() - began < Patience.milliseconds(4_000))
            #expect(!commands(ground).contains { $0.contains("sleep 100") })
            #expect(await run(ground, "exit 0") == .serves, "the next one runs")
        }
    }

    @Test("is not asked of a member that the platform holds, and says nothing then")
    func held() async throws {
        try await RuntimeGround.run { ground in
            try await running(ground)
            try await ground.runtime.hold(ground.member)
            #expect(await run(ground, "exit 0") == .unknown)
            try await ground.runtime.release(ground.member)
            #expect(await run(ground, "exit 0") == .serves)
        }
    }

    @Test(
        "that hangs on its disk fails at its limit, is never begun twice, holds up no other check, and is well again after"
    )
    func hung() async throws {
        try await RuntimeGround.run { ground in
            let disk = try await FrozenDisk(ground.paths.data)
            do {
                try await running(
                    ground, volumes: [VolumeSource(source: disk.mount, path: "/data")])
                let write = "exec dd if=/dev/zero of=/data/.probe bs=512 count=1 conv=notrunc,fsync 2>/dev/null"
                #expect(await run(ground, write, .writes) == .serves)
                try disk.freeze()
                let began = SystemClock.monotonic()
                #expect(await run(ground, write, limit: Patience.milliseconds(500), .writes) == .fails(.silent))
                for _ in 0..<3 {
                    #expect(await run(ground, write, limit: Patience.milliseconds(500), .writes) == .fails(.stuck))
                }
                #expect(SystemClock.monotonic() - began < Patience.milliseconds(8_000))
                let names = cgroups.processes(ground.paths.cgroup(ground.member)).compactMap {
                    ProcFile.line("/proc/\($0)/comm")
                }
                #expect(names.count { $0 == "dd" } == 1, "\(names)")
                #expect(await run(ground, "exit 0") == .serves, "another check of it")
                try disk.thaw()
                try await eventually("the one that hung has died") {
                    await run(ground, write, .writes) == .serves
                }
                try await ground.runtime.delete(ground.member)
                try await disk.remove()
            } catch {
                try? disk.thaw()
                try? await ground.runtime.delete(ground.member)
                try await disk.remove()
                throw error
            }
        }
    }
}

/// A small ext4 whose writers can be made to wait, as those of a disk that does not answer do.
private struct FrozenDisk {
    let mount: String

    init(_ directory: String) async throws {
        mount = "\(directory)/frozen"
        let file = "\(directory)/frozen.img"
        try HostFiles.makeDirectory(mount, mode: 0o777)
        try await Command().run("truncate", ["-s", "8M", file])
        try await Command().run("mkfs.ext4", ["-q", file])
        try await Command().run("mount", ["-o", "loop", file, mount])
    }

    func freeze() throws { try change(0xc004_5877) }

    /// Safe to do when it is not frozen.
    func thaw() throws { try change(0xc004_5878) }

    private func change(_ request: UInt) throws {
        let descriptor = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FoundryError(.commandFailed, "The disk is not mounted.") }
        defer { close(descriptor) }
        guard ioctl(descriptor, request, 0) == 0 || errno == EINVAL || errno == EBUSY else {
            throw FoundryError(.commandFailed, "The disk cannot be changed.", detail: "errno \(errno)")
        }
    }

    func remove() async throws { try await Command().run("umount", [mount]) }
}
