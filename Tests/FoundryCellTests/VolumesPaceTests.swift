import FoundryEffects
import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryCell

@Suite("A volume's class of pace", .serialized, .enabled(if: isRoot))
struct VolumesPaceTests {
    private static let bytes: Int64 = 20 << 20

    /// 20 MiB at 10 MiB a second; the first tenth of a second's worth is not held up.
    private static let leastMilliseconds: Int64 = 1_700
    private let cgroups: CgroupTree

    init() throws { cgroups = try CgroupTree() }

    @Test(
        "holds for what a member writes, through the page cache and past it, and for what a command in it writes",
        arguments: ["conv=fsync", "oflag=direct"])
    func member(flag: String) async throws {
        try await RuntimeGround.run { ground in
            try await withDisk(ground) { mount, device in
                let write = "dd if=/dev/zero of=/data/written bs=1M count=20 \(flag) 2>/dev/null"
                let limits = DeviceLimits(cgroups: cgroups, group: ground.paths.cgroup)
                try limits.set(device, .low)
                #expect(limits.read(device) == .low)
                let script = """
                    echo ready; until [ -e /data/go ]; do sleep 0.05; done; \(write) && echo slow
                    until [ -e /data/free ]; do sleep 0.05; done; \(write) && echo fast; sleep 1000
                    """
                try await ground.create(
                    try await ground.order(script), volumes: [VolumeSource(source: mount, path: "/data")])
                try await ground.runtime.start(ground.member)
                try await ground.line("ready")
                let slow = try await milliseconds {
                    try HostFiles.makeDirectory("\(mount)/go")
                    try await ground.line("slow")
                }
                #expect(slow >= Self.leastMilliseconds, "\(slow) ms")
                let check = CommandCheck(paths: ground.paths, cgroups: cgroups, member: ground.member, role: .writes)
                let limit = Patience.milliseconds(20_000)
                // With version 1 it is found a moment after it began.
                let line = "sleep 1; touch /data/begun; \(write)"
                async let verdict = check.run(["/bin/sh", "-c", line], limitMilliseconds: limit)
                try await eventually("the command writes") { HostFiles.exists("\(mount)/begun") }
                let began = SystemClock.monotonic()
                #expect(await verdict == .serves)
                let command = SystemClock.monotonic() - began
                #expect(command >= Self.leastMilliseconds, "\(command) ms")
                try limits.set(device, .max)
                #expect(limits.read(device) == .max)
                let fast = try await milliseconds {
                    try HostFiles.makeDirectory("\(mount)/free")
                    try await ground.line("fast")
                }
                #expect(fast < slow, "\(fast) ms, \(slow) ms before")
            }
        }
    }

    @Test("with version 2 a write through the page cache is its writer's, on the volume and on the pool below it")
    func charged() async throws {
        guard cgroups.version == .v2 else { return }
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("paced", megabytes: 64)
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            let writer = "\(ground.paths.cgroup)/writer"
            try cgroups.make(writer)
            try cgroups.handDown(ground.paths.cgroup)
            let script = "exec dd if=/dev/zero of='\(ground.places.mount(order.id))/written' bs=1M count=20 conv=fsync"
            #expect(try await run(script, in: writer, cgroups) == 0)
            let mounts = try MountTable.read()
            let volume = try #require(mounts.entry(at: ground.places.mount(order.id))).device
            let below = try #require(mounts.entry(at: ground.paths.pool)).source
            let device = try #require(ProcFile.line("/sys/block/\(below.split(separator: "/").last ?? "")/dev"))
            for device in [volume, device] {
                let charged = written(device, writer)
                #expect(charged >= Self.bytes, "\(charged) bytes on \(device)")
            }
            for group in [writer, ground.paths.cgroup] { cgroups.remove(group) }
        }
    }

    /// A disk of the test's own.
    private func withDisk(
        _ ground: RuntimeGround, _ body: (_ mount: String, _ device: String) async throws -> Void
    ) async throws {
        let (mount, file) = ("\(ground.paths.data)/disk", "\(ground.paths.data)/disk.img")
        try HostFiles.makeDirectory(mount, mode: 0o777)
        try await Command().run("truncate", ["-s", "64M", file])
        try await Command().run("mkfs.ext4", ["-q", file])
        try await Command().run("mount", ["-o", "loop", file, mount])
        let outcome: Result<Void, any Error>
        do {
            let device = try #require(MountTable.read().entry(at: mount)).device
            outcome = .success(try await body(mount, device))
        } catch { outcome = .failure(error) }
        try await ground.runtime.delete(ground.member)
        try await Command().run("umount", [mount])
        try outcome.get()
    }

    private func milliseconds(_ work: () async throws -> Void) async throws -> Int64 {
        let began = SystemClock.monotonic()
        try await work()
        return SystemClock.monotonic() - began
    }

    /// What the kernel says that a group wrote to a device.
    private func written(_ device: String, _ group: String) -> Int64 {
        let lines = (cgroups.read(group, "io", "io.stat") ?? "").split(separator: "\n")
        let words = (lines.first { $0.hasPrefix(device + " ") } ?? "").split(separator: " ")
        return words.first { $0.hasPrefix("wbytes=") }.flatMap { Int64($0.dropFirst("wbytes=".count)) } ?? 0
    }
}
