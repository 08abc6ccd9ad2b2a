import FoundryEffects
import FoundryModel
import SystemPackage
import Testing

@testable import FoundryCell

@Suite(.serialized, .enabled(if: isRoot))
struct VolumesPowerTests {
    @Test func whatAProgramSyncedOutlivesALossOfPower() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("power")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            let label = Ground.label(order, epoch: 1)
            _ = try await pool.take(label)
            let (synced, unsynced) = (pool.dataPath(order.id) + "/synced", pool.dataPath(order.id) + "/unsynced")
            #expect(try fill(synced, upTo: .megabytes(3)).problem == nil)
            let descriptor = try FileDescriptor.open(
                FilePath(unsynced), .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
            try descriptor.closeAfter { _ = try descriptor.writeAll([UInt8](repeating: 9, count: 1 << 20)) }

            // EXT4_IOC_SHUTDOWN without a flush: the file system stops here, as if the power had gone.
            let script = "open(F, '<', $ARGV[0]) or die; $f = pack('L', 2); ioctl(F, 0x8004587d, $f) or die $!"
            try await Command().run("perl", ["-e", script, synced])
            _ = try await pool.unmount(order.id)
            let mounted = try await pool.mount(order.id)
            #expect(mounted.label == .label(label) && mounted.inner == .label(label))
            #expect(bytes(of: synced)?.count == 3 << 20 && bytes(of: synced)?.allSatisfy { $0 == 7 } == true)
            #expect(bytes(of: unsynced)?.contains(9) != true, "the loss was real")
        }
    }
}
