import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import SystemPackage
import Testing

@testable import FoundryCell

/// Foreign, unreadable, older and absent data is told, and never written over.
@Suite(.serialized, .enabled(if: isRoot))
struct VolumesLabelTests {
    @Test func aVolumeOfAnotherLineageIsRefusedAndLeft() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let mine = try Ground.order("same-name")
            try await pool.create(mine)
            let before = bytes(of: ground.places.label(mine.id))
            let other = try Ground.order("same-name", lineage: "another")
            await expect(.volumeForeign) { try await pool.create(other) }
            _ = try await pool.mount(mine.id)
            await expect(.volumeForeign) { _ = try await pool.take(Ground.label(other, epoch: 9)) }
            _ = try await pool.unmount(mine.id)
            await expect(.volumeForeign) { _ = try await pool.seal(Ground.label(other, epoch: 9)) }
            #expect(bytes(of: ground.places.label(mine.id)) == before)
        }
    }

    @Test func anOlderEpochIsRefused() async throws {
        try await Ground().withOpenPool { pool in
            let order = try Ground.order("epochs")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            let held = try await pool.take(Ground.label(order, epoch: 5))
            await expect(.volumeNewer) { _ = try await pool.take(Ground.label(order, epoch: 4)) }
            #expect(try await pool.observe() == [held])
        }
    }

    @Test(arguments: ["", "{", "null", #"{"version":2,"volume":"x"}"#, #"{"version":1,"volume":"garbled"}"#])
    func aLabelThatCannotBeReadIsToldAndLeft(text: String) async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("garbled")
            try await pool.create(order)
            try DurableFile.write(text.utf8, to: ground.places.label(order.id))
            guard case .unreadable? = try await pool.observe().first?.label else {
                Issue.record("a garbled label was read")
                return
            }
            await expect(.volumeUnreadable) { try await pool.create(order) }
            _ = try await pool.mount(order.id)
            await expect(.volumeUnreadable) { _ = try await pool.take(Ground.label(order, epoch: 1)) }
            _ = try await pool.unmount(order.id)
            await expect(.volumeUnreadable) { _ = try await pool.seal(Ground.label(order, epoch: 1)) }
            #expect(bytes(of: ground.places.label(order.id)).map { Array($0) } == Array(text.utf8))
        }
    }

    @Test func absentLabelsAreToldAndNotWrittenAnew() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("bare")
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            try HostFiles.removeFile(ground.places.innerLabel(order.id))
            #expect(try await pool.observe().first?.inner == .absent)
            await expect(.volumeEmpty) { _ = try await pool.take(Ground.label(order, epoch: 1)) }
            #expect(try await pool.observe().first?.inner == .absent)
            #expect(
                try await pool.observe().first?.label == .label(Ground.label(order, epoch: 0, sealed: true)),
                "neither was the outer one written")

            _ = try await pool.unmount(order.id)
            try HostFiles.removeFile(ground.places.label(order.id))
            #expect(try await pool.observe().first?.label == .absent)
            await expect(.volumeUnreadable) { try await pool.create(order) }
            #expect(HostFiles.size(of: ground.places.image(order.id)) == order.size)
        }
    }

    @Test func dataOfAnotherVolumeInsideIsSeen() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let (one, other) = (try Ground.order("one"), try Ground.order("other"))
            for order in [one, other] { try await pool.create(order) }
            #expect(
                foundry_rename(ground.places.image(other.id), ground.places.image(one.id)) == -1,
                "each subvolume is a device of its own")
            try await Command().run(
                "cp", ["--sparse=never", ground.places.image(other.id), ground.places.image(one.id)])
            let mounted = try await pool.mount(one.id)
            #expect(mounted.inner == .label(Ground.label(other, epoch: 0, sealed: true)))
            let before = bytes(of: ground.places.innerLabel(one.id))
            await expect(.volumeForeign) { _ = try await pool.take(Ground.label(one, epoch: 1)) }
            #expect(bytes(of: ground.places.innerLabel(one.id)) == before)
        }
    }

    @Test func missingEmptyAndDamagedVolumesAreToldApart() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("hurt")
            await expect(.volumeMissing) { _ = try await pool.mount(order.id) }
            try await pool.create(order)
            let image = ground.places.image(order.id)
            let descriptor = try FileDescriptor.open(FilePath(image), .writeOnly, options: [.closeOnExec])
            try descriptor.closeAfter {
                _ = try descriptor.writeAll(toAbsoluteOffset: 0, [UInt8](repeating: 0, count: 8192))
            }
            await expect(.volumeUnreadable) { _ = try await pool.mount(order.id) }
            _ = try await pool.unmount(order.id)
            #expect(try LoopDevices.numbers(of: image).isEmpty)
            #expect(HostFiles.size(of: image) == order.size)
            try HostFiles.removeFile(image)
            await expect(.volumeEmpty) { _ = try await pool.mount(order.id) }
            await expect(.volumeEmpty) { _ = try await pool.mount(order.id) }
        }
    }
}
