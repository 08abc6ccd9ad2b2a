import Foundation
import Synchronization

/// Writes numbered records through a route, one after the other, and remembers those that were acknowledged.
final class NumberedWriter: Sendable {
    private struct State {
        var acknowledged: [Int] = []
        var next = 0
        var isStopped = false
        var hasEnded = false
    }

    private let state = Mutex(State())
    private let port: Int

    init(port: Int) { self.port = port }

    /// Begins on a thread of its own.
    func start() {
        Thread.detachNewThread { [weak self, port] in
            let client = RedisClient(port: port)
            // A test that failed lets go of it: it ends with that.
            while self?.write(client) == true {}
            self?.state.withLock { $0.hasEnded = true }
        }
    }

    /// - Returns: false when it shall end.
    private func write(_ client: RedisClient) -> Bool {
        let next = state.withLock { state -> Int? in
            guard !state.isStopped else { return nil }
            state.next += 1
            return state.next
        }
        guard let number = next else { return false }
        do {
            if try client.command("SET", "record:\(number)", "\(number)") == "OK" {
                state.withLock { $0.acknowledged.append(number) }
            }
        } catch {
            // Not acknowledged: it may be there or not.
            usleep(2_000)
        }
        return true
    }

    var acknowledgedCount: Int { state.withLock { $0.acknowledged.count } }

    /// Ends the writing and looks for every acknowledged record.
    ///
    /// - Returns: the numbers that are lost.
    func stopAndVerify() async throws -> [Int] {
        state.withLock { $0.isStopped = true }
        try await eventually("the writer ends") { state.withLock { $0.hasEnded } }
        let client = RedisClient(port: port)
        try await eventually("the route answers") { (try? client.command("PING")) == "PONG" }
        var lost: [Int] = []
        for number in state.withLock({ $0.acknowledged }) {
            if try client.command("GET", "record:\(number)") != "\(number)" { lost.append(number) }
        }
        return lost
    }
}
