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
        Thread.detachNewThread { [self] in
            let client = RedisClient(port: port)
            while !state.withLock({ $0.isStopped }) {
                let number = state.withLock { state in
                    state.next += 1
                    return state.next
                }
                do {
                    if try client.command("SET", "record:\(number)", "\(number)") == "OK" {
                        state.withLock { $0.acknowledged.append(number) }
                    }
                } catch {
                    // Not acknowledged: it may be there or not.
                    usleep(2_000)
                }
            }
            state.withLock { $0.hasEnded = true }
        }
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
