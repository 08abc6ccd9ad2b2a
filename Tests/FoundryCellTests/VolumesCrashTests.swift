import CFoundryLinux
import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryCell

/// A process may be killed between any two steps; each test puts the world into such a state and goes on.
@Suite(.serialized, .enabled(if: isRoot))
struct VolumesCrashTests {
    @Test func halfMadeAndHalfRemovedVolumesAreClearedAndNoOther() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let kept = try Ground.order("kept")
            try await pool.create(kept)
            for directory in [ground.places.creating, ground.places.deleting] {
                #expect(foundry_subvolume_create(directory, "half") == 0)
                try HostFiles.makeDirectory("\(directory)/half/content/data")
                #expect(try fill(VolumePlaces.image(in: "\(directory)/half"), upTo: .megabytes(1)).problem == nil)
            }
            #expect(try await pool.observe().map(\.id) == [kept.id])
            #expect(try HostFiles.names(in: ground.places.creating).isEmpty)
            #expect(try HostFiles.names(in: ground.places.deleting).isEmpty)

            #expect(foundry_subvolume_create(ground.places.creating, "half") == 0)
            let half = try await pool.create(Ground.order("half"))
            #expect(half.id.description == "half")
        }
    }

    @Test func aDeletionThatBeganIsEnded() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("going")
            try await pool.create(order)
            #expect(foundry_rename(ground.places.home(order.id), "\(ground.places.deleting)/\(order.id)") == 0)
            try await pool.delete(order.id)
            #expect(try HostFiles.names(in: ground.places.deleting).isEmpty)
        }
    }

    @Test func aProcessThatIsKilledBeforeTheMountLeavesNoLoopDevice() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("killed")
            try await pool.create(order)
            let image = ground.places.image(order.id)
            let attached = try LoopDevices.attach(image)
            #expect(try LoopDevices.numbers(of: image) == [attached.number])
            await expect(.volumeInUse) { try await pool.delete(order.id) }
            // What the kernel does for a process that ends.
            attached.release()
            #expect(try await pool.unmount(order.id).isMounted == false)
            #expect(try LoopDevices.numbers(of: image).isEmpty)
        }
    }

    @Test func aLoopDeviceThatSomebodyAttachedByHandIsDetached() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("by-hand")
            try await pool.create(order)
            try await Command().run("losetup", ["--find", ground.places.image(order.id)])
            #expect(try await pool.mount(order.id).isMounted)
            #expect(try LoopDevices.numbers(of: ground.places.image(order.id)).count == 1)
        }
    }

    @Test func aTakeThatBeganIsSeenAndCompleted() async throws {
        let ground = Ground()
        try await ground.withOpenPool { pool in
            let order = try Ground.order("taken")
            let label = Ground.label(order, epoch: 1)
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            try VolumeLabelFile.write(label, to: ground.places.innerLabel(order.id))
            let half = try #require(try await pool.observe().first)
            let outer = Ground.label(order, epoch: 0, sealed: true)
            #expect(half.label == .label(outer) && half.inner == .label(label))
            #expect(VolumeRule.decideInside(order, outer: outer, inner: try #require(half.inner)) == .accept)
            #expect(try await pool.take(label).label == .label(label))
        }
    }

    @Test func theRuleAcceptsWhatASealedVolumeSays() async throws {
        try await Ground().withOpenPool { pool in
            let order = try Ground.order("handed-over", epoch: 2)
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            _ = try await pool.take(Ground.label(order, epoch: 1))
            _ = try await pool.unmount(order.id)
            let sealed = try await pool.seal(Ground.label(order, epoch: 1))
            var next = order
            next.purpose = .serve(try #require(MemberID("holder")), sealedAt: Epoch(1), mayCreate: false)
            let outside = VolumeRule.decide(next, observation: sealed, site: VolumeSite(machineID: Ground.machine))
            #expect(outside == .accept)
            let mounted = try await pool.mount(order.id)
            let inside = VolumeRule.decideInside(
                order, outer: Ground.label(order, epoch: 1, sealed: true), inner: try #require(mounted.inner))
            #expect(inside == .accept)
            #expect(try await pool.take(Ground.label(order, epoch: 2)).label == .label(Ground.label(order, epoch: 2)))
        }
    }

    @Test func oneThingAtATimeIsDoneToAVolume() async throws {
        try await Ground().withOpenPool { pool in
            let order = try Ground.order("contended")
            let outcomes = await withTaskGroup(of: ErrorCode?.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        do {
                            try await pool.create(order)
                            return nil
                        } catch { return (error as? FoundryError)?.code ?? .internalError }
                    }
                }
                return await group.reduce(into: [ErrorCode?]()) { $0.append($1) }
            }
            #expect(outcomes.contains(nil))
            #expect(outcomes.allSatisfy { $0 == nil || $0 == .conflict })
            #expect(try await pool.observe().count == 1)
        }
    }
}
