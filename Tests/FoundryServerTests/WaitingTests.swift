import Foundation
import FoundryClient
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryServer

@Suite("Waiting", .timeLimit(.minutes(1)))
struct WaitingTests {
    @Test("a feed wakes those who wait for something newer, and everybody at its end")
    func feed() async throws {
        let feed = ViewFeed()
        feed.publish(PlatformView(), revision: 5)
        await feed.change(after: 4)
        async let early: Void = feed.change(after: 5)
        async let late: Void = feed.change(after: 9)
        while feed.waiting < 2 { try await Task.sleep(for: .milliseconds(1)) }
        feed.publish(PlatformView(), revision: 6)
        await early
        #expect(feed.waiting == 1)
        feed.close()
        await late
        await feed.change(after: 100)
        #expect(feed.waiting == 0)
    }

    @Test("a wait that is given up leaves nobody behind")
    func cancelled() async throws {
        let feed = ViewFeed()
        for _ in 0..<200 {
            let task = Task { await feed.change(after: 0) }
            if Bool.random() { await Task.yield() }
            task.cancel()
            await task.value
        }
        #expect(feed.waiting == 0)
        await feed.change(after: 0, limit: .milliseconds(20))
        #expect(feed.waiting == 0)
        await #expect(throws: FoundryError.self) { try await feed.wait(until: 9, limit: .milliseconds(20)) }
    }

    @Test("a lane lets one through at a time, and only so many wait")
    func lane() async throws {
        let lane = SerialLane(limit: 2)
        let gate = ViewFeed()
        let outcomes = Kept<[Bool]>([])
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await lane.run { () async throws(FoundryError) in await gate.change(after: 0) } }
            while gate.waiting < 1 { try await Task.sleep(for: .milliseconds(1)) }
            for _ in 0..<5 {
                group.addTask {
                    let passed = (try? await lane.run { () async throws(FoundryError) in }) != nil
                    outcomes.change { $0.append(passed) }
                }
            }
            while outcomes.value.count < 3 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(outcomes.value == [false, false, false], "two wait; the others are told at once")
            gate.close()
            try await group.waitForAll()
        }
        #expect(outcomes.value.suffix(2) == [true, true])
        try await lane.run { () async throws(FoundryError) in }
    }

    @Test("only so many requests wait at once; one more is refused, and each gives its place back")
    func permits() async throws {
        try await Bench.run { bench in
            await bench.peers.set(.starting)
            let reply = try await bench.call(.post, "/v3/spaces/default/actions/apply_manifest", bench.redis)
            let job = try reply.job()
            let taken = try (0..<Limits.waiting).map { _ in try bench.platform.permits.take() }
            let refused = try await bench.call(.get, "\(job)?wait=5")
            #expect(refused.status == 429 && refused.error?.code == .tooManyRequests)
            #expect(try await bench.call(.get, job).status == 200, "who does not wait is answered")
            withExtendedLifetime(taken) {}
        }
        let permits = Permits(limit: 1)
        var one: Permits.Permit? = try permits.take()
        #expect(throws: FoundryError.self) { _ = try permits.take() }
        withExtendedLifetime(one) {}
        one = nil
        _ = try permits.take()
    }
}
