import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryServer

@Suite("What members use", .timeLimit(.minutes(2)))
struct UsageTests {
    @Test("is told with its rates, and writes nothing to the store")
    func told() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            try await bench.settled()
            let revision = bench.platform.feed.edition.revision
            let before: [MemberUsageSummary] = try await bench.get(
                "/foundry/v1/usage", as: ListAnswer<MemberUsageSummary>.self
            ).resources
            #expect(before.map(\.name) == ["demo/0"] && before[0].memory == nil && before[0].cpuMillicores == nil)
            let volume = try #require(bench.platform.view.volumes.keys.first)
            let now = SystemClock.monotonic()
            try await bench.measure(volume, cpu: 1_000_000, flushes: 40, at: now + -5_000)
            try await bench.measure(volume, cpu: 3_000_000, flushes: 50, at: now + -1_000)
            let after: [MemberUsageSummary] = try await bench.get(
                "/foundry/v1/usage", as: ListAnswer<MemberUsageSummary>.self
            ).resources
            let demo = try #require(after.first)
            #expect(demo.app == guid && demo.cell == "c1" && demo.phase == "healthy")
            #expect(demo.cpuMillicores == 500 && demo.flushesPerSecond == 2.5 && demo.flushes == 50)
            #expect(demo.memory == 4096 && demo.memoryLimit == 65536 && demo.diskUsed == 1000 && demo.diskSize == 2000)
            let stats: ProcessStatsAnswer = try await bench.get("/v3/processes/\(guid)/stats")
            #expect(stats.resources.first?.usage?.cpu == 0.5 && stats.resources.first?.usage?.mem == 4096)
            #expect(bench.platform.feed.edition.revision == revision)
        }
    }

    @Test("a count that began anew gives no rate; an old measurement says nothing")
    func odd() throws {
        let board = UsageBoard()
        let cell = Peers.cell
        let member = try #require(MemberID("m"))
        let hear = { (cpu: Int64, at: Int64) throws in
            _ = try board.heard(
                CellUsage(cell: cell, members: [MemberUsage(id: member, cpuMicroseconds: cpu)]), at: moment(at))
        }
        try hear(5_000, 1_000)
        #expect(board.look(now: moment(1_000).monotonic).members[member]?.cpuMillicores == nil, "one alone")
        try hear(1_000, 3_000)
        #expect(board.look(now: moment(3_000).monotonic).members[member]?.cpuMillicores == nil, "a new container")
        try hear(2_001_000, 5_000)
        #expect(board.look(now: moment(5_000).monotonic).members[member]?.cpuMillicores == 1000)
        #expect(board.look(now: moment(65_001).monotonic).members.isEmpty)
    }

    @Test("is asked for seldom, and more often for a while after somebody looked")
    func attention() throws {
        let board = UsageBoard()
        let nothing = CellUsage(cell: Peers.cell, members: [])
        #expect(try board.heard(nothing, at: moment(0)).nextMilliseconds == UsageBoard.restMilliseconds)
        _ = board.look(now: moment(1_000).monotonic)
        #expect(try board.heard(nothing, at: moment(2_000)).nextMilliseconds == UsageBoard.watchedMilliseconds)
        #expect(try board.heard(RouterUsage(routes: []), at: moment(3_000)).nextMilliseconds == 2_000)
        #expect(try board.heard(nothing, at: moment(40_000)).nextMilliseconds == UsageBoard.restMilliseconds)
    }

    @Test("more members than a cell can have are refused")
    func bounded() throws {
        let many = (0...CellUsage.mostMembers).compactMap { MemberID("m\($0)").map { MemberUsage(id: $0) } }
        #expect(throws: FoundryError.self) {
            try UsageBoard().heard(CellUsage(cell: Peers.cell, members: many), at: moment(0))
        }
    }

    private func moment(_ milliseconds: Int64) -> Moment {
        Moment(
            wall: Timestamp(millisecondsSince1970: milliseconds), monotonic: MonotonicTime(milliseconds: milliseconds))
    }
}

extension Bench {
    /// The cell measures its members: each uses this volume, in figures that tests know.
    func measure(
        _ volume: VolumeID, cpu: Int64, flushes: Int64, at moment: MonotonicTime = SystemClock.monotonic()
    ) async throws {
        _ = try await peers.measure(moment) { order in
            MemberUsage(
                id: order.id, cpuMicroseconds: cpu, throttledMicroseconds: 250_000, memory: ByteCount(bytes: 4096),
                cache: ByteCount(bytes: 512), memoryLimit: ByteCount(bytes: 65536), memoryKills: 0,
                volume: VolumeUsage(
                    id: volume, used: ByteCount(bytes: 1000), size: ByteCount(bytes: 2000),
                    device: DeviceUsage(
                        reads: 1, readBytes: ByteCount(bytes: 512), writes: 2, writtenBytes: ByteCount(bytes: 1024),
                        flushes: flushes, busyMilliseconds: 500)))
        }
    }
}
