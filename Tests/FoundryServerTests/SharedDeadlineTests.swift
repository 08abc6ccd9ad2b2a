import FoundryEffects
import Testing

@Suite("Deadlines that are watched together", .timeLimit(.minutes(1)))
struct SharedDeadlineTests {
    @Test("what ends in time is what it is; what does not is cancelled, and said to be over its limit")
    func limits() async throws {
        let deadlines = SharedDeadlines()
        #expect(try await deadlines.run(.seconds(30)) { 7 } == 7)
        await #expect(throws: CancellationError.self) {
            try await deadlines.run(.seconds(30)) { throw CancellationError() }
        }
        let began = ContinuousClock.now
        await #expect(throws: DeadlineExceeded.self) {
            try await deadlines.run(.milliseconds(20)) { try await Task.sleep(for: .seconds(50)) }
        }
        #expect(.now - began < .seconds(20))
    }

    @Test("one that is over its limit takes no other with it, and is watched again after a rest")
    func several() async throws {
        let deadlines = SharedDeadlines()
        for _ in 0..<2 {
            let late = Task {
                try await deadlines.run(.milliseconds(1)) { try await Task.sleep(for: .seconds(50)) }
            }
            let good = Task {
                try await deadlines.run(.seconds(50)) {
                    try await Task.sleep(for: .milliseconds(600))
                    return true
                }
            }
            await #expect(throws: DeadlineExceeded.self) { try await late.value }
            #expect(try await good.value)
            // Nobody is there meanwhile.
            try await Task.sleep(for: .milliseconds(600))
        }
    }

    @Test("who stops waiting for an answer stops the work")
    func cancelled() async throws {
        let deadlines = SharedDeadlines()
        let task = Task { try await deadlines.run(.seconds(50)) { try await Task.sleep(for: .seconds(50)) } }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }
}
