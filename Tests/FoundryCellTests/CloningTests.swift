import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryCell

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite(.serialized, .timeLimit(.minutes(3)), .enabled(if: isRoot))
struct CloningTests {
    private static let machine = "machine"

    /// A volume in use with a file in it, a snapshot of it, and the order for a copy.
    private static func prepared(
        _ pool: VolumePool
    ) async throws -> (volume: VolumeOrder, snapshot: SnapshotOrder, copy: VolumeOrder) {
        let volume = try Ground.order("orders")
        try await pool.create(volume)
        _ = try await pool.mount(volume.id)
        _ = try await pool.take(Ground.label(volume, epoch: 4))
        try Data("before".utf8).write(to: URL(filePath: "\(pool.dataPath(volume.id))/file"))
        let snapshot = SnapshotOrder(
            id: try #require(SnapshotID("snap")), volume: volume.id, lineage: volume.lineage, purpose: .take)
        _ = try await pool.takeSnapshot(snapshot)
        try Data("after".utf8).write(to: URL(filePath: "\(pool.dataPath(volume.id))/file"))
        var copy = try Ground.order("copy")
        copy.purpose = .make(from: snapshot.id)
        return (volume, snapshot, copy)
    }

    private static func text(_ pool: VolumePool, _ volume: VolumeID) -> String {
        String(decoding: bytes(of: "\(pool.dataPath(volume))/file") ?? Data("nothing".utf8), as: UTF8.self)
    }

    @Test func aCopyBeginsAsTheSnapshotAndIsItsOwn() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let (volume, snapshot, copy) = try await Self.prepared(pool)
            let made = try await pool.clone(copy, from: snapshot.id, machineID: Self.machine)
            let expected = VolumeLabel(
                volume: copy.id, lineage: copy.lineage, branch: copy.branch, epoch: .none, role: .holder, sealed: true,
                machineID: Self.machine, size: volume.size)
            #expect(made.label == .label(expected) && !made.isMounted)
            #expect(try await pool.clone(copy, from: snapshot.id, machineID: Self.machine) == made, "done twice")
            // Both are used at once, and neither sees what the other writes.
            let mounted = try await pool.mount(copy.id)
            #expect(mounted.inner == .label(expected))
            #expect(Self.text(pool, copy.id) == "before" && Self.text(pool, volume.id) == "after")
            _ = try await pool.take(Ground.label(copy, epoch: 1))
            try Data("copied".utf8).write(to: URL(filePath: "\(pool.dataPath(copy.id))/file"))
            try await pool.flush(copy.id)
            #expect(Self.text(pool, volume.id) == "after")
            // It needs neither the snapshot nor the volume any more.
            try await pool.deleteSnapshot(snapshot.id)
            _ = try await pool.unmount(volume.id)
            try await pool.delete(volume.id)
            #expect(Self.text(pool, copy.id) == "copied")
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty)
        }
    }

    @Test func whatHasNoRoomIsRefusedBeforeAnythingHappens() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let capacity = try await pool.capacity()
            let volume = try Ground.order("large", megabytes: (capacity.bytes * 2 / 5) >> 20)
            try await pool.create(volume)
            let snapshot = SnapshotOrder(
                id: try #require(SnapshotID("snap")), volume: volume.id, lineage: volume.lineage, purpose: .take)
            _ = try await pool.takeSnapshot(snapshot)
            let copy = try Ground.order("copy", megabytes: volume.size.bytes >> 20)
            await expect(.poolFull) {
                _ = try await pool.clone(copy, from: snapshot.id, machineID: Self.machine)
            }
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty)
            #expect(try await pool.observe().map(\.id) == [volume.id])
        }
    }

    @Test func whatIsNoSnapshotIsRefused() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let (_, snapshot, copy) = try await Self.prepared(pool)
            let other = try #require(SnapshotID("other"))
            await expect(.snapshotNotFound) { _ = try await pool.clone(copy, from: other, machineID: Self.machine) }
            let path = VolumePlaces.snapshotLabel(in: ground.places.snapshot(snapshot.id))
            let found = try #require(SnapshotLabelFile.read(path))
            var wrong = found
            wrong.source.lineage = try #require(LineageID("another"))
            try SnapshotLabelFile.write(wrong, to: path)
            await expect(.snapshotForeign) {
                _ = try await pool.clone(copy, from: snapshot.id, machineID: Self.machine)
            }
            try Data("noise".utf8).write(to: URL(filePath: path))
            await expect(.snapshotForeign) {
                _ = try await pool.clone(copy, from: snapshot.id, machineID: Self.machine)
            }
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty, "nothing is left of the tries")
            #expect(try MountTable.read().entry(at: ground.places.mount(copy.id)) == nil)
        }
    }

    /// Killed while the copy was mounted for its label: the next process lets go of it, and can make it anew.
    @Test func whatAKilledProcessLeftMountedIsLetGoOf() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let (volume, snapshot, copy) = try await Self.prepared(pool)
            try await OwnThread.run { () throws(FoundryError) in
                try VolumeCloning(
                    places: ground.places, order: copy, snapshot: snapshot.id, machineID: Self.machine
                ).prepare()
            }
            #expect(try MountTable.read().entry(at: ground.places.mount(copy.id)) != nil)
            let next = ground.pool()
            try await next.open()
            #expect(try await next.observe().map(\.id) == [volume.id])
            #expect(try MountTable.read().entry(at: ground.places.mount(copy.id)) == nil)
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty)
            _ = try await next.clone(copy, from: snapshot.id, machineID: Self.machine)
            #expect(try await next.observe().count == 2)
        }
    }
}
