import FoundryModel
import FoundryTestSupport
import Testing

@testable import FoundryRules

@Suite("Placement, by chance")
struct PlacementPropertyTests {
    @Test(
        "It finds the very cell that looking at every cell would find, or none where there is none", arguments: 0..<40)
    func sameAsReference(seed: UInt64) {
        var world = PlacementWorld(seed)
        for step in 0..<150 {
            world.step()
            let request = world.request()
            let expected = world.reference.choose(request)
            let choice = world.fleet.choose(request)
            #expect((try? choice.get())?.cell == expected, "seed \(seed), step \(step): \(request)")
        }
    }

    @Test("An index that grew by steps is the one made at once from what is, whatever the order", arguments: 0..<40)
    func sameAsRebuilt(seed: UInt64) {
        var world = PlacementWorld(1_000 + seed)
        for _ in 0..<10 {
            for _ in 0..<25 { world.step() }
            #expect(FleetPicture(world.fleet) == FleetPicture(world.rebuilt()), "seed \(seed)")
        }
    }

    @Test("The same question has the same answer, also from another index of the same", arguments: 0..<20)
    func deterministic(seed: UInt64) {
        var world = PlacementWorld(2_000 + seed)
        for _ in 0..<60 { world.step() }
        let rebuilt = world.rebuilt()
        for _ in 0..<60 {
            let request = world.request()
            let answer = world.fleet.choose(request)
            #expect(answer == world.fleet.choose(request) && answer == rebuilt.choose(request))
        }
    }

    @Test("What is placed never exceeds a cell, shares no address, and breaks no required rule", arguments: 0..<30)
    func neverExceeds(seed: UInt64) {
        var world = PlacementWorld(3_000 + seed, isTidy: true)
        for _ in 0..<200 {
            let request = world.request()
            let before = world.reference
            guard let id = world.place(request) else {
                #expect(world.reference.choose(request) == nil)
                continue
            }
            #expect(before.takes(before.cells[id]!, request))
            let cell = world.reference.cells[id]!
            let slots = world.reference.members(on: id).map(\.slot)
            #expect(Set(slots).count == slots.count && slots.allSatisfy(Placement.slots.contains))
            #expect(world.reference.freeMemory(on: cell) >= 0 && world.reference.freeDisk(on: cell) >= 0)
            #expect(world.reference.freeCPU(on: cell) >= 0 && world.reference.freeOperations(on: cell) ?? 0 >= 0)
            #expect(world.reference.freeThroughput(on: cell) ?? 0 >= 0)
            for _ in 0..<2 { world.step() }
        }
    }

    @Test("A refusal counts every cell, names what is common to all, and begins with the nearest", arguments: 0..<30)
    func refusals(seed: UInt64) {
        var world = PlacementWorld(4_000 + seed)
        var refused = 0
        for _ in 0..<200 {
            world.step()
            let request = world.request()
            guard case .failure(let shortage) = world.fleet.choose(request) else { continue }
            refused += 1
            #expect(shortage.cells == world.reference.cells.count && shortage.cells == world.fleet.cellCount)
            #expect(shortage.nearest.count == min(3, shortage.cells))
            #expect(shortage.nearest.allSatisfy { !$0.lacks.isEmpty })
            #expect(Set(shortage.nearest.map(\.cell)).count == shortage.nearest.count)
            for reason in shortage.common {
                #expect(shortage.nearest.allSatisfy { near in near.lacks.contains { $0.reason == reason } })
            }
            #expect(!shortage.error.message.isEmpty && shortage.error.hint != nil)
        }
        #expect(refused > 10)
    }

    @Test("Without a single record left, nothing is left of the index")
    func empties() {
        var world = PlacementWorld(5)
        for _ in 0..<300 { world.step() }
        for id in PlacementWorld.cells { world.fleet.remove(cell: id) }
        for id in world.reference.members.keys { world.fleet.remove(member: id) }
        for id in world.reference.volumes.keys { world.fleet.remove(volume: id) }
        for id in world.reference.reservations.keys { world.fleet.remove(reservation: id) }
        #expect(FleetPicture(world.fleet) == FleetPicture(Fleet()))
        #expect(world.fleet.memberCount == 0 && world.fleet.volumeCount == 0 && world.fleet.cellCount == 0)
        #expect(world.fleet.cells.indices.allSatisfy { world.fleet.cellHandles[Int32($0)] == nil })
        #expect(world.fleet.imageCells.allSatisfy { $0 == 0 })
    }
}
