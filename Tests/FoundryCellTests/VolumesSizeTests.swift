import FoundryModel
import FoundryRules
import SystemPackage
import Testing

@testable import FoundryCell

extension VolumeObservation {
    fileprivate func with(used: ByteCount) -> Self {
        var other = self
        other.used = used
        return other
    }
}

@Suite(.serialized, .enabled(if: isRoot))
struct VolumesSizeTests {
    @Test func aVolumeEndsWithENOSPCAndItsNeighbourIsUnharmed() async throws {
        try await Ground().withOpenPool { pool in
            let (full, neighbour) = (
                try Ground.order("full", megabytes: 48), try Ground.order("neighbour", megabytes: 48)
            )
            for order in [full, neighbour] {
                try await pool.create(order)
                _ = try await pool.mount(order.id)
            }
            let outcome = try fill(pool.dataPath(full.id) + "/all", upTo: .gigabytes(1))
            #expect(outcome.problem == .noSpace)
            #expect(outcome.written < full.size && outcome.written > .megabytes(30))
            let beside = try fill(pool.dataPath(neighbour.id) + "/some", upTo: .megabytes(30))
            #expect(beside.problem == nil && beside.written == .megabytes(30))
            let used = try await pool.used([full.id, neighbour.id])
            #expect(try #require(used[full.id]) > #require(used[neighbour.id]))
            _ = try await pool.unmount(neighbour.id)
            #expect(
                try await Set(pool.used([full.id, neighbour.id]).keys) == [full.id], "what is not mounted is left out")
        }
    }

    @Test func thePoolTakesItsCapacityAndNotAByteMore() async throws {
        try await Ground().withOpenPool { pool in
            let capacity = try await pool.capacity()
            let first = try Ground.order("first", megabytes: 64)
            let rest = try Ground.order("rest", megabytes: (capacity - first.size).wholeMegabytes)
            try await pool.create(first)
            try await pool.create(rest)
            let more = try Ground.order("more", megabytes: 16)
            await expect(.poolFull) { try await pool.create(more) }
            #expect(try await pool.observe().map(\.id) == [first.id, rest.id])

            try await pool.delete(first.id)
            try await pool.create(Ground.order("after", megabytes: 64))
        }
    }

    @Test func volumesThatAreBeingMadeCountToo() async throws {
        try await Ground().withOpenPool { pool in
            let capacity = try await pool.capacity()
            let orders = try (0..<3).map { try Ground.order("half-\($0)", megabytes: capacity.wholeMegabytes / 2) }
            let made = await withTaskGroup(of: Bool.self) { group in
                for order in orders { group.addTask { (try? await pool.create(order)) != nil } }
                return await group.reduce(0) { $1 ? $0 + 1 : $0 }
            }
            #expect(made == 2)
            #expect(try await pool.observe().count == 2)
        }
    }

    @Test func aVolumeGrowsWithItsDataAndOnlyWithinThePool() async throws {
        try await Ground().withOpenPool { pool in
            let order = try Ground.order("growing", megabytes: 32)
            try await pool.create(order)
            _ = try await pool.mount(order.id)
            var label = Ground.label(order, epoch: 1)
            _ = try await pool.take(label)
            let file = pool.dataPath(order.id) + "/kept"
            #expect(try fill(file, upTo: .megabytes(10)).problem == nil)
            label.size = .megabytes(96)
            let grown = try await pool.grow(label)
            #expect(grown.label == .label(label) && grown.inner == .label(label) && grown.isMounted)
            #expect(HostFiles.size(of: file) == .megabytes(10))
            #expect(try fill(pool.dataPath(order.id) + "/more", upTo: .megabytes(60)).problem == nil)
            let used = try #require(try await pool.used([order.id])[order.id])
            #expect(try await pool.grow(label) == grown.with(used: used), "the same again")
            label.size = try await pool.capacity() + .megabytes(1)
            await expect(.poolFull) { _ = try await pool.grow(label) }
            #expect(try await pool.observe().first?.label == grown.label)
        }
    }

    @Test(arguments: [(192, 60), (400, 280), (1024, 800), (4096, 3300), (20_480, 17_700), (102_400, 89_000)])
    func theBudgetKeepsRoomForMetadataAndSlack(poolMegabytes: Int64, leastMegabytes: Int64) {
        let capacity = PoolBudget.capacity(poolSize: .megabytes(poolMegabytes))
        #expect(capacity.wholeMegabytes >= leastMegabytes && capacity.wholeMegabytes <= poolMegabytes * 9 / 10)
    }
}
