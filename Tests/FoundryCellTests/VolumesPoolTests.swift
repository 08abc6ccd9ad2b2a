import FoundryModel
import SystemPackage
import Testing

@testable import FoundryCell
@testable import FoundryEffects

/// How a pool is made, found again, and refused when it is not ours.
@Suite(.serialized, .enabled(if: isRoot))
struct VolumesPoolTests {
    @Test func aHalfMadePoolFileIsMadeAnew() async throws {
        let ground = Ground()
        try await ground.cleaningUp {
            try HostFiles.makeDirectory(ground.paths.data)
            #expect(try fill(ground.paths.poolFile + ".new", upTo: .megabytes(3)).problem == nil)
            try await ground.pool().open()
            #expect(HostFiles.size(of: ground.paths.poolFile) == Ground.poolSize)
            #expect(!HostFiles.exists(ground.paths.poolFile + ".new"))
        }
    }

    @Test func aPoolFileOfSomebodyElseIsRefusedAndLeft() async throws {
        let ground = Ground()
        try await ground.cleaningUp {
            try HostFiles.makeDirectory(ground.paths.data)
            #expect(try fill(ground.paths.poolFile, upTo: .megabytes(200)).problem == nil)
            await expect(.configurationInvalid) { try await ground.pool().open() }
            try await Command().run("mkfs.btrfs", ["--quiet", "--label", "foundry-other", ground.paths.poolFile])
            await expect(.configurationInvalid) { try await ground.pool().open() }
            #expect(try BtrfsSuperblock.read(ground.paths.poolFile)?.label == "foundry-other")
        }
    }

    @Test func aPoolThatIsTooSmallOrTooLargeIsRefusedWithNothingLeft() async throws {
        for size in [ByteCount.megabytes(50), .gigabytes(1 << 20)] {
            let ground = Ground(.file(size: size))
            try await ground.cleaningUp {
                await expect(size < .megabytes(100) ? .configurationInvalid : .machineUnfit) {
                    try await ground.pool().open()
                }
                #expect(!HostFiles.exists(ground.paths.poolFile) && !HostFiles.exists(ground.paths.poolFile + ".new"))
            }
        }
    }

    @Test func anAttachedPoolIsMountedAndNotAttachedTwice() async throws {
        let ground = Ground()
        try await ground.cleaningUp {
            let pool = ground.pool()
            try await pool.open()
            try await pool.close()
            let attached = try LoopDevices.attach(ground.places.poolFile)
            try await ground.pool().open()
            attached.release()
            #expect(try LoopDevices.numbers(of: ground.places.poolFile) == [attached.number])
        }
    }

    @Test func aBlankDeviceBecomesAPoolAndIsFoundAgain() async throws {
        try await withDevice { device in
            let ground = Ground(.device(device))
            try await ground.cleaningUp {
                let pool = ground.pool()
                try await pool.open()
                try await pool.create(Ground.order("on-device", megabytes: 16))
                try await ground.pool().open()
                try await pool.close()
                try await pool.open()
                #expect(try await pool.observe().count == 1)
                #expect(try await pool.capacity() == PoolBudget.capacity(poolSize: .megabytes(256)))
            }
            let other = Ground(.device(device))
            try await other.cleaningUp { await expect(.configurationInvalid) { try await other.pool().open() } }
        }
    }

    @Test func aDeviceWithAnythingOnItIsRefusedAndLeft() async throws {
        try await withDevice { device in
            try await Command().run("mkfs.ext4", ["-q", device])
            let ground = Ground(.device(device))
            try await ground.cleaningUp { await expect(.configurationInvalid) { try await ground.pool().open() } }
            let probe = try await Command().run(
                "blkid", ["--probe", "--output", "value", "--match-tag", "TYPE", device])
            #expect(probe == "ext4\n")
            let unused = Ground(.device("/dev/null"))
            try await unused.cleaningUp { await expect(.configurationInvalid) { try await unused.pool().open() } }
        }
    }

    @Test func aDirectoryOnABtrfsIsSharedByTwoInstallations() async throws {
        let host = Ground()
        try await host.withOpenPool { _ in
            let (one, other) = (Ground(.directory(host.paths.pool)), Ground(.directory(host.paths.pool)))
            try await one.withOpenPool { first in
                try await other.withOpenPool { second in
                    try await first.create(Ground.order("same"))
                    try await second.create(Ground.order("same", lineage: "another"))
                    _ = try await second.mount(#require(VolumeID("same")))
                    try await first.open()
                    #expect(try await first.observe().map(\.isMounted) == [false])
                    #expect(try await second.observe().map(\.isMounted) == [true])
                    #expect(try await first.capacity() > .megabytes(100))
                }
            }
            let elsewhere = Ground(.directory("/proc"))
            try await elsewhere.cleaningUp { await expect(.configurationInvalid) { try await elsewhere.pool().open() } }
        }
    }

    @Test func removingEverythingLeavesNoMountAndNoLoopDevice() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            for name in ["a", "b"] {
                try await pool.create(Ground.order(name))
                _ = try await pool.mount(#require(VolumeID(name)))
            }
            // An open file keeps its mount busy.
            let file = try pool.dataPath(#require(VolumeID("a"))) + "/open"
            let open = try FileDescriptor.open(
                FilePath(file), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerRead)
            let hasty = ground.pool(releaseLimit: .milliseconds(100))
            await expect(.volumeInUse) { try await hasty.close() }
            try open.close()
            try await ground.pool().removeEverything()
            let places = ground.places
            let targets = try MountTable.read().entries.map(\.target)
            #expect(!targets.contains { $0.hasPrefix(places.pool) || $0.hasPrefix(places.mounts) })
            #expect(try LoopDevices.numbers(of: ground.paths.poolFile).isEmpty)
        }
    }

    @Test func aTableOfMountsIsReadWithItsEscapes() {
        let text = """
            36 35 98:0 / /a\\040b rw,noatime master:1 shared:2 - ext4 /dev/loop3 rw,errors=remount-ro
            37 35 0:41 /root /pool rw - btrfs /dev/loop4 rw
            38 35 0:42 / /pool/volumes/x rw - tmpfs none rw
            nonsense
            """
        let table = MountTable(parsing: text)
        #expect(table.entries.count == 3)
        #expect(
            table.entry(at: "/a b")
                == .init(
                    device: "98:0", target: "/a b", type: "ext4", source: "/dev/loop3",
                    options: ["rw", "noatime", "rw", "errors=remount-ro"]))
        #expect(table.names(in: "/pool").isEmpty && table.names(in: "/pool/volumes").keys.sorted() == ["x"])
    }

    /// A block device of 256 MiB with nothing on it.
    private func withDevice(_ body: (String) async throws -> Void) async throws {
        let file = "/var/tmp/foundry-test-device-\(UInt32.random(in: 0...UInt32.max))"
        let descriptor = try FileDescriptor.open(
            FilePath(file), .readWrite, options: [.create, .exclusiveCreate, .closeOnExec], permissions: .ownerReadWrite
        )
        defer { try? HostFiles.removeFile(file) }
        try descriptor.closeAfter { try descriptor.resize(to: 256 << 20) }
        let attached = try LoopDevices.attach(file)
        defer { attached.release() }
        try await body(attached.device)
    }
}
