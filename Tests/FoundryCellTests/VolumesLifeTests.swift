import FoundryEffects
import FoundryModel
import FoundryRules
import Glibc
import Testing

@testable import FoundryCell

@Suite(.serialized, .enabled(if: isRoot))
struct VolumesLifeTests {
    @Test func aVolumeIsMadeWholeSealedAndOwnedByItsUser() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("orders", directories: ["logs", "tables/hot"])
            let made = try await pool.create(order)
            #expect(made == VolumeObservation(id: order.id, label: .label(Ground.label(order, epoch: 0, sealed: true))))

            let mounted = try await pool.mount(order.id)
            #expect(mounted.inner == .label(Ground.label(order, epoch: 0, sealed: true)))
            var status = stat()
            for directory in ["logs", "tables/hot"] {
                #expect(stat(pool.dataPath(order.id, directory: directory), &status) == 0)
                #expect(status.st_uid == 999 && status.st_gid == 998 && status.st_mode & 0o7777 == 0o700)
            }
            #expect(stat(ground.places.image(order.id), &status) == 0)
            #expect(Int64(status.st_blocks) * 512 >= order.size.bytes, "the image is allocated whole")
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty)
        }
    }

    @Test func withoutDirectoriesAllOfTheDataBelongsToTheUser() async throws {
        try await Ground().withOpenPool { pool in
            let order = try Ground.order("plain")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            var status = stat()
            #expect(stat(pool.dataPath(order.id), &status) == 0)
            #expect(status.st_uid == 999 && status.st_mode & 0o7777 == 0o700)
            #expect(try HostFiles.names(in: pool.dataPath(order.id)).isEmpty)
        }
    }

    @Test func everythingMayBeDoneTwice() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            try await pool.open()
            let order = try Ground.order("twice")
            let label = Ground.label(order, epoch: 3)
            let id = order.id
            #expect(try await pool.create(order) == pool.create(order))
            #expect(try await pool.mount(id) == pool.mount(id))
            #expect(try await pool.take(label) == pool.take(label))
            #expect(try await pool.create(order).isMounted, "one that is in use is found, and left")
            #expect(try await pool.unmount(id) == pool.unmount(id))
            #expect(try await pool.seal(label) == pool.seal(label))
            #expect(try await pool.observe().map(\.label) == [.label(Ground.label(order, epoch: 3, sealed: true))])
            try await pool.delete(id)
            try await pool.delete(id)
            #expect(try await pool.observe().isEmpty)
            try await pool.close()
            try await pool.close()
        }
    }

    @Test func anotherProcessAdoptsWhatIsMounted() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("adopted")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            let held = try await pool.take(Ground.label(order, epoch: 1))

            let next = ground.pool()
            try await next.open()
            #expect(try await next.observe() == [held])
            #expect(try await next.mount(order.id) == held)
            #expect(try LoopDevices.numbers(of: ground.places.image(order.id)).count == 1)
            #expect(try LoopDevices.numbers(of: ground.places.poolFile).count == 1)
        }
    }

    @Test func dataAndLabelsOutliveTheEndOfThePool() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("kept")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            _ = try await pool.take(Ground.label(order, epoch: 1))
            #expect(try fill(pool.dataPath(order.id) + "/rows", upTo: .megabytes(2)).problem == nil)
            try await pool.close()
            #expect(try LoopDevices.numbers(of: ground.places.poolFile).isEmpty)

            let next = ground.pool()
            try await next.open()
            #expect(
                try await next.observe() == [
                    VolumeObservation(id: order.id, label: .label(Ground.label(order, epoch: 1)))
                ])
            let mounted = try await next.mount(order.id)
            #expect(mounted.inner == .label(Ground.label(order, epoch: 1)))
            #expect(HostFiles.size(of: next.dataPath(order.id) + "/rows") == .megabytes(2))
        }
    }

    @Test func deletingLeavesNothing() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("gone")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            await expect(.volumeInUse) { try await pool.delete(order.id) }
            await expect(.volumeInUse) { _ = try await pool.seal(Ground.label(order, epoch: 1)) }
            _ = try await pool.unmount(order.id)
            try await pool.delete(order.id)
            for place in [ground.places.volumes, ground.places.creating, ground.places.deleting, ground.places.mounts] {
                #expect(try HostFiles.names(in: place).isEmpty, "\(place)")
            }
            #expect(try LoopDevices.numbers(of: ground.places.image(order.id)).isEmpty)
        }
    }

    @Test func theEndOfAMountIsWaitedForAndSaysWhoKeepsIt() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("shared")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            let hasty = ground.pool(releaseLimit: .milliseconds(200))
            try await hasty.open()
            let ready = "\(ground.paths.data)/ready"
            // Another mount namespace, as a container has one, copies the mount and keeps it until it is told.
            let script = "touch \(ready); while test -e \(ready); do sleep 0.02; done"
            async let keeper = Command().run("unshare", ["--mount", "--propagation", "private", "sh", "-c", script])
            for _ in 0..<200 where !HostFiles.exists(ready) { try await SystemClock.sleep(.milliseconds(10)) }
            do {
                _ = try await hasty.unmount(order.id)
                Issue.record("it was let go while another namespace had it mounted")
            } catch let error as FoundryError {
                #expect(
                    error.code == .volumeInUse && error.detail?.contains("another mount namespace") == true, "\(error)")
                #expect(error.detail?.contains("(sh)") == true || error.detail?.contains("(sleep)") == true, "\(error)")
            }
            await expect(.volumeInUse) { _ = try await hasty.mount(order.id) }
            await expect(.volumeInUse) { _ = try await hasty.seal(Ground.label(order, epoch: 1)) }
            try HostFiles.removeFile(ready)
            #expect(try await pool.unmount(order.id).isMounted == false, "with more patience it comes free")
            _ = try await keeper
        }
    }
}
