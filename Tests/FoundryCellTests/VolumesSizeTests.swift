import FoundryModel
import FoundryRules
import SystemPackage
import Testing

@testable import FoundryCell

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
            #expect(try await pool.used(full.id) > pool.used(neighbour.id))
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

    @Test(arguments: [(192, 60), (400, 280), (1024, 800), (4096, 3300), (20_480, 17_700), (102_400, 89_000)])
    func theBudgetKeepsRoomForMetadataAndSlack(poolMegabytes: Int64, leastMegabytes: Int64) {
        let capacity = PoolBudget.capacity(poolSize: .megabytes(poolMegabytes))
        #expect(capacity.wholeMegabytes >= leastMegabytes && capacity.wholeMegabytes <= poolMegabytes * 9 / 10)
    }
}
