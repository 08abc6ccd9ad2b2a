import FoundryClient
import FoundryEffects
import FoundryModel
import Synchronization

/// Lines that wait for a syslog server. When it is full new lines are dropped and counted, and the server is told how many once it takes some.
final class LogDrainQueue: Sendable {
    /// Of lines, and of bytes of their texts.
    static let (mostLines, mostBytes) = (2_000, 4 << 20)

    private struct State {
        var lines: [FoundryClient.LogLine] = []
        var bytes = 0
        var dropped: Int64 = 0
        /// Of those, how many the server was told of.
        var told: Int64 = 0
    }

    private let member: String
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let wake: AsyncStream<Void>.Continuation

    /// - Parameter member: under whose name it is told that lines were dropped.
    init(member: String) {
        self.member = member
        (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Since it was made.
    var dropped: Int64 { state.withLock { $0.dropped } }

    func add(_ line: FoundryClient.LogLine) {
        state.withLock { state in
            let size = line.text.utf8.count
            guard state.lines.count < Self.mostLines, state.bytes + size <= Self.mostBytes else {
                state.dropped += 1
                return
            }
            state.lines.append(line)
            state.bytes += size
        }
        wake.yield()
    }

    /// What is sent next, and stays until it is taken away. For one reader.
    struct Batch: Sendable {
        var lines: [FoundryClient.LogLine]
        /// How many of them come from the queue; the one before them tells of dropped ones.
        fileprivate var queued: Int
        fileprivate var told: Int64
    }

    /// - Returns: nil when the task was cancelled.
    func next(_ most: Int) async -> Batch? {
        while !Task.isCancelled {
            if let batch = batch(most) { return batch }
            var iterator = wakes.makeAsyncIterator()
            guard await iterator.next() != nil else { return nil }
        }
        return nil
    }

    /// The server has it.
    func take(_ batch: Batch) {
        state.withLock { state in
            state.bytes -= state.lines.prefix(batch.queued).map(\.text.utf8.count).reduce(0, +)
            state.lines.removeFirst(batch.queued)
            state.told += batch.told
        }
    }

    private func batch(_ most: Int) -> Batch? {
        state.withLock { state in
            let lines = Array(state.lines.prefix(most))
            let untold = state.dropped - state.told
            guard !lines.isEmpty || untold > 0 else { return nil }
            return Batch(lines: lines + notice(untold), queued: lines.count, told: untold)
        }
    }

    private func notice(_ untold: Int64) -> [FoundryClient.LogLine] {
        guard untold > 0 else { return [] }
        return [
            FoundryClient.LogLine(
                time: WireTime(SystemClock.timestamp()), member: member, stream: "platform",
                text: "\(untold) lines were dropped: this syslog server did not take them in time")
        ]
    }
}
