import FoundryEffects
import FoundryModel
import Glibc
import SystemPackage
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("What members use is measured", .serialized)
struct UsageTests {
    private static let cell = CellID("c1") ?? { preconditionFailure() }()

    @Test(
        "processor time grows by what a member does, its memory is counted, and its limits are told",
        .enabled(if: isRoot))
    func processes() async throws {
        try await RuntimeGround.run { ground in
            let order = try await ground.order(
                "head -c 20000000 /dev/zero > /home/file; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; sleep 60",
                memory: .megabytes(128))
            try await ground.create(order)
            let before = try #require(try Self.measure(ground))
            try await ground.runtime.start(order.id)
            try await ground.line("done")
            let after = try #require(try Self.measure(ground))
            let least = try #require(before.cpuMicroseconds)
            let most = try #require(after.cpuMicroseconds)
            #expect(most - least > 50_000, "a loop of 300,000 turns")
            let memory = try #require(after.memory)
            #expect(memory > .megabytes(18) && memory < .megabytes(128), "its root file system is in memory: \(memory)")
            #expect(after.memoryLimit == .megabytes(128) && after.memoryKills == 0)
            #expect(try #require(after.throttledMicroseconds) > 0, "its limit is a quarter of a processor")
            #expect(after.volume == nil)
        }
    }

    @Test("one that has no container uses nothing that is known")
    func nothing() throws {
        let ground = Ground()
        let reader = UsageReader(paths: ground.paths, cgroups: try CgroupTree())
        let member = try #require(MemberID("m"))
        let volume = try #require(VolumeID("v"))
        let usage = reader.read([(member, volume)], of: Self.cell)
        #expect(usage == CellUsage(cell: Self.cell, members: [MemberUsage(id: member)]))
    }

    @Test("each sync of a volume that had something to write is a flush of its device", .enabled(if: isRoot))
    func flushes() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("v1", directories: ["data"])
            _ = try await pool.create(order, owner: (0, 0), machineID: Ground.machine)
            _ = try await pool.mount(order.id)
            let reader = UsageReader(paths: ground.paths, cgroups: try CgroupTree())
            let member = try #require(MemberID("m"))
            let measure = { reader.read([(member, order.id)], of: Self.cell).members.first?.volume }
            let before = try #require(measure())
            let file = try FileDescriptor.open(
                FilePath(pool.dataPath(order.id) + "/file"), .writeOnly, options: .create, permissions: .ownerReadWrite)
            try file.closeAfter {
                for _ in 0..<20 {
                    try file.writeAll([UInt8](repeating: 7, count: 50_000))
                    try DurableFile.sync(file)
                }
            }
            let after = try #require(measure())
            let one = try #require(before.device)
            let other = try #require(after.device)
            #expect((20...60).contains(other.flushes - one.flushes), "\(other.flushes - one.flushes)")
            #expect(other.writtenBytes - one.writtenBytes >= ByteCount(bytes: 1_000_000))
            #expect(after.used - before.used >= ByteCount(bytes: 1_000_000))
            #expect(after.size == before.size && after.size > .megabytes(20) && after.size < .megabytes(32))
        }
    }

    @Test("what others did on a device before is nobody's, and a volume that is mounted anew begins anew")
    func beginnings() throws {
        let counts = DeviceCounts()
        let volume = try #require(VolumeID("v"))
        let done = { (flushes: Int64) in
            DeviceUsage(
                reads: 0, readBytes: .zero, writes: flushes, writtenBytes: .zero, flushes: flushes, busyMilliseconds: 0)
        }
        #expect(counts.since(volume, source: "/dev/loop1", counts: done(2_000_000)).flushes == 0)
        #expect(counts.since(volume, source: "/dev/loop1", counts: done(2_000_007)).flushes == 7)
        #expect(counts.since(volume, source: "/dev/loop2", counts: done(5_000_000)).flushes == 0, "mounted anew")
        #expect(counts.since(volume, source: "/dev/loop2", counts: done(3)).flushes == 0, "a new device of that number")
        counts.begin(volume, source: "/dev/loop2", counts: done(10))
        #expect(counts.since(volume, source: "/dev/loop2", counts: done(12)).flushes == 2)
        counts.keep([])
        #expect(counts.since(volume, source: "/dev/loop2", counts: done(50)).flushes == 0)
    }

    @Test("a device's line is read by its fields, and not at all where flushes are not counted")
    func lines() throws {
        let line =
            "  24327 692 920598 6643 1841577 16007 45722616 930909 3 442256 1155075 15 16 4669450 17 457122 217507"
        let usage = try #require(DeviceStatistics.parse(line))
        #expect(
            usage
                == DeviceUsage(
                    reads: 24327, readBytes: ByteCount(bytes: 920_598 * 512), writes: 1_841_577,
                    writtenBytes: ByteCount(bytes: 45_722_616 * 512), flushes: 457_122, busyMilliseconds: 442_256))
        for line in ["", "1 2 3", "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15", line.replacing("457122", with: "many")] {
            #expect(DeviceStatistics.parse(line) == nil)
        }
        #expect(DeviceStatistics.read(source: "tmpfs") == nil)
    }

    private static func measure(_ ground: RuntimeGround) throws -> MemberUsage? {
        UsageReader(paths: ground.paths, cgroups: try CgroupTree()).read([(ground.member, nil)], of: cell).members.first
    }
}
