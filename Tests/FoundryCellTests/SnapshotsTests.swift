import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryTestSupport
import Glibc
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite(.serialized, .timeLimit(.minutes(3 * Patience.factor)), .enabled(if: isRoot))
struct SnapshotsTests {
    private static func order(_ volume: VolumeOrder, _ name: String = "snap") throws -> SnapshotOrder {
        SnapshotOrder(
            id: try #require(SnapshotID(name)), volume: volume.id, lineage: volume.lineage, purpose: .take)
    }

    /// Made, mounted and taken.
    private static func serving(_ pool: VolumePool, _ name: String = "orders") async throws -> VolumeOrder {
        let order = try Ground.order(name)
        try await pool.create(order)
        _ = try await pool.mount(order.id)
        _ = try await pool.take(Ground.label(order, epoch: 1))
        return order
    }

    /// What a file of a snapshot's data says: its image, mounted read-only without a replay of its journal, as if it were never to be written again.
    private static func look(at file: String, in id: SnapshotID, _ ground: Ground) async throws -> String {
        let image = VolumePlaces.image(in: VolumePlaces.snapshotData(in: ground.places.snapshot(id)))
        let target = "\(ground.paths.data)/look"
        try HostFiles.makeDirectory(target)
        try await Command().run("mount", ["-o", "loop,ro,noload", image, target])
        defer { _ = foundry_unmount(target) }
        return String(decoding: bytes(of: "\(target)/data/\(file)") ?? Data("nothing".utf8), as: UTF8.self)
    }

    @Test func aSnapshotHasWhatWasThereAndNothingOfWhatCameLater() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            let file = "\(pool.dataPath(volume.id))/file"
            try Data("before".utf8).write(to: URL(filePath: file))
            let order = try Self.order(volume)
            let taken = try await pool.takeSnapshot(order)
            let label = try #require(taken.label)
            #expect(label.snapshot == order.id && label.source == Ground.label(volume, epoch: 1))
            #expect(try #require(label.pauseMilliseconds) < 5_000)
            try Data("after".utf8).write(to: URL(filePath: file))
            try await pool.flush(volume.id)
            #expect(try await Self.look(at: "file", in: order.id, ground) == "before")
            #expect(try await pool.takeSnapshot(order) == taken, "done twice, it is the same one")
            #expect(try await pool.observeSnapshots() == [taken])
            let data = VolumePlaces.snapshotData(in: ground.places.snapshot(order.id))
            #expect(open("\(data)/new", O_CREAT | O_WRONLY, 0o600) < 0, "it is read-only")
            try await pool.deleteSnapshot(order.id)
            try await pool.deleteSnapshot(order.id)
            #expect(try await pool.observeSnapshots().isEmpty)
            #expect(try HostFiles.names(in: ground.places.snapshotsDeleting).isEmpty)
            #expect(bytes(of: file) == Data("after".utf8))
        }
    }

    @Test func ofAVolumeAtRestNobodyIsHeld() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            _ = try await pool.unmount(volume.id)
            _ = try await pool.seal(Ground.label(volume, epoch: 1))
            let label = try #require(try await pool.takeSnapshot(try Self.order(volume)).label)
            #expect(label.pauseMilliseconds == nil && label.source.sealed)
            try await pool.delete(volume.id)
            #expect(try await pool.observeSnapshots().count == 1, "it outlives its volume")
        }
    }

    @Test func whatHasNoRoomIsRefusedBeforeAnythingHappens() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let capacity = try await pool.capacity()
            let volume = try Ground.order("large", megabytes: (capacity.bytes * 2 / 5) >> 20)
            try await pool.create(volume)
            let first = try Self.order(volume)
            _ = try await pool.takeSnapshot(first)
            await expect(.poolFull) { _ = try await pool.takeSnapshot(try Self.order(volume, "second")) }
            await expect(.poolFull) {
                try await pool.create(try Ground.order("other", megabytes: volume.size.bytes >> 20))
            }
            #expect(try await pool.observeSnapshots().map(\.id) == [first.id])
            try await pool.deleteSnapshot(first.id)
            _ = try await pool.takeSnapshot(try Self.order(volume, "second"))
        }
    }

    /// All of the volume is written anew after the snapshot: there is room for it, and the snapshot stays what it was.
    @Test func aVolumeCanBeWrittenWholeBesideItsSnapshot() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            let file = "\(pool.dataPath(volume.id))/all"
            let first = try fill(file, upTo: volume.size)
            #expect(first.problem == .noSpace)
            let order = try Self.order(volume)
            _ = try await pool.takeSnapshot(order)
            #expect(try fill(file, upTo: volume.size).written == first.written)
            try await pool.flush(volume.id)
            #expect(try await Self.look(at: "all", in: order.id, ground).utf8.count == Int(first.written.bytes))
        }
    }

    @Test func whatIsNotThereOrIsOtherDataIsRefused() async throws {
        try await Ground().withOpenPool { pool in
            let volume = try Ground.order("orders")
            await expect(.volumeMissing) { _ = try await pool.takeSnapshot(try Self.order(volume)) }
            try await pool.create(volume)
            var order = try Self.order(volume)
            order.lineage = try #require(LineageID("another"))
            await expect(.volumeForeign) { _ = try await pool.takeSnapshot(order) }
            #expect(try await pool.observeSnapshots().isEmpty)
        }
    }

    @Test func whatAKilledProcessLeftFrozenIsThawedByTheNext() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            try await Command().run("fsfreeze", ["--freeze", ground.places.mount(volume.id)])
            let next = ground.pool()
            try await next.open()
            try Data("written".utf8).write(to: URL(filePath: "\(pool.dataPath(volume.id))/file"))
            #expect(foundry_thaw(ground.places.mount(volume.id)) == 0, "nothing is held any more")
        }
    }

    @Test func whatAKilledProcessLeftHalfMadeOrHalfRemovedIsClearedAway() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            let order = try Self.order(volume)
            _ = try await pool.takeSnapshot(order)
            for directory in [ground.places.snapshotsCreating, ground.places.snapshotsDeleting] {
                let home = "\(directory)/half"
                try HostFiles.makeDirectory(home)
                try await Command().run(
                    "btrfs", ["subvolume", "snapshot", "-r", ground.places.home(volume.id), "\(home)/data"])
            }
            #expect(try await ground.pool(opening: true).observeSnapshots().map(\.id) == [order.id])
            #expect(try HostFiles.names(in: ground.places.snapshotsCreating).isEmpty)
            #expect(try HostFiles.names(in: ground.places.snapshotsDeleting).isEmpty)
        }
    }

    @Test func aSnapshotThatFailsHoldsNobody() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            let home = "\(ground.paths.data)/nowhere"
            try HostFiles.makeDirectory(home)
            let mount = ground.places.mount(volume.id)
            // Another file system than the subvolume's: the snapshot fails between the freeze and the thaw.
            let outcome = try await BlockingWork.run { () throws(FoundryError) in
                SnapshotMaking.take(source: ground.places.home(volume.id), mount: mount, parent: home, name: "data")
            }
            #expect(outcome < 0 && foundry_thaw(mount) == 0, "writers are not held any more")
        }
    }

    /// With no time at all the other process thaws while the snapshot is being made, and again and again until this one is done.
    @Test func aSnapshotThatWasThawedBeforeItWasDoneIsNone() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let volume = try await Self.serving(pool)
            let home = "\(ground.places.snapshotsCreating)/hasty"
            let (source, mount) = (ground.places.home(volume.id), ground.places.mount(volume.id))
            var refused = 0
            for _ in 0..<5 {
                try HostFiles.makeDirectory(home)
                let (pause, problem) = try await BlockingWork.run { () throws(FoundryError) in
                    let pause = SnapshotMaking.take(source: source, mount: mount, parent: home, name: "data", limit: 0)
                    return (pause, foundry_errno())
                }
                #expect(pause >= 0 || problem == ETIMEDOUT)
                refused += pause < 0 ? 1 : 0
                #expect(foundry_thaw(mount) == 0, "nobody is held any more")
                _ = try await pool.observeSnapshots()
                #expect(!HostFiles.exists(home), "what there is of it is cleared away")
            }
            #expect(refused > 0)
        }
    }
}

extension Ground {
    /// A fresh process of the cell that has its pool.
    func pool(opening: Bool) async throws -> VolumePool {
        let pool = pool()
        if opening { try await pool.open() }
        return pool
    }
}
