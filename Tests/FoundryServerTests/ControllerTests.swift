import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Logging
import Testing

@testable import FoundryServer

@Suite("The controller's shell", .timeLimit(.minutes(1)))
struct ControllerTests {
    @Test("who takes the term writes; who had it stops")
    func terms() async throws {
        try await Bench.run { bench in
            #expect(bench.platform.controller.term.value.term == Term(1))
            let next = try await TermClaim.take(bench.store)
            #expect(next.value.term == Term(2))
            await bench.peers.rest()
            let report = CellReport(
                cell: Peers.cell, sequence: 1_000_000, ordersRevision: nil,
                capacity: CellCapacity(memory: .gigabytes(1), cpu: Millicores(1), disk: .gigabytes(1)), machineID: "m",
                bootID: "b", members: [], volumes: [])
            let second = try await bench.anotherController()
            await #expect(throws: FoundryError.self) {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await second.run() }
                    group.addTask {
                        _ = try await TermClaim.take(bench.store)
                        await second.report(report)
                        try await Task.sleep(for: .seconds(20))
                    }
                    defer { group.cancelAll() }
                    try await group.next()
                }
            }
        }
    }

    @Test("a record that cannot be read hides no other, is told, and stays as it is")
    func unreadable() async throws {
        try await Bench.run { bench in
            let bytes = Array("not a record".utf8)
            for key in ["/apps/broken", "/jobs/broken"] {
                _ = try await bench.store.commit(StoreTransaction(name: "t", operations: [.put(StoreKey(key), bytes)]))
            }
            let guid = try await bench.push(bench.redis)
            let status: StatusAnswer = try await bench.get("/foundry/v1/status")
            #expect(status.problems.filter { $0.contains("cannot be read") }.count == 2, "\(status.problems)")
            let again = try await bench.anotherController()
            #expect(again.feed.view.apps.keys.map(\.description) == [guid])
            #expect(try await bench.store.get("/apps/broken")?.value == bytes)
        }
    }

    @Test("a watch that missed something reads everything again, and finds what went meanwhile")
    func gap() async throws {
        try await Bench.run { bench in
            let one = try await bench.push(bench.redis(named: "one"))
            let other = try await bench.anotherController()
            #expect(other.feed.view.apps.count == 1)
            try await bench.push(bench.redis(named: "two"))
            _ = try await bench.act("stop", one)
            _ = try await bench.call(.delete, "/v3/apps/\(one)")
            try await bench.eventually("it is gone") { bench.platform.view.apps.count == 1 }
            try await bench.settled()
            try await bench.store.compact(before: try await bench.store.list(prefix: "").revision + 1)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try? await other.run() }
                try await bench.eventually("both see the same") { other.feed.view.apps == bench.platform.view.apps }
                #expect(
                    other.feed.view.members == bench.platform.view.members
                        && other.feed.view.routes == bench.platform.view.routes)
                group.cancelAll()
                other.feed.close()
            }
        }
    }

    @Test("what was pushed is there after a start on the same store, and orders are newer than before")
    func restart() async throws {
        try await Bench.run(.sqlite) { bench in
            try await bench.push(bench.redis)
            try await bench.settled()
            let before = bench.platform.view.cellOrders(for: Peers.cell, term: Term(1))
            let again = try await bench.anotherController(term: try await TermClaim.take(bench.store))
            let after = again.feed.view.cellOrders(for: Peers.cell, term: Term(2))
            #expect(
                after.members == before.members && after.volumes == before.volumes && after.revision > before.revision)
        }
    }
}

extension Bench {
    /// A second controller on the same store, with everything read.
    func anotherController(term: Revised<TermRecord>? = nil) async throws -> Controller {
        let journal = try EffectJournal(shell: "controller", path: "\(directory)/journal/other.log")
        let controller = Controller(
            configuration: platform.configuration, term: term ?? platform.controller.term, store: store,
            coding: platform.changes.coding, journal: journal, feed: ViewFeed(),
            logger: Logger(label: "test"))
        try await controller.load()
        return controller
    }
}
