import FoundryEffects
import FoundryModel
import Hummingbird

/// What takes long is answered by a line at its end, and by empty ones until then.
enum LongWork {
    /// Given up when the client is gone, which a sign of life finds out.
    ///
    /// - Throws: `too_many_requests`.
    static func answer<Line: Encodable & Sendable>(
        _ platform: Platform, _ body: @escaping @Sendable () async -> Line
    ) throws(FoundryError) -> Response {
        let permit = try platform.permits.take()
        return Answer.lines { writer in
            defer { withExtendedLifetime(permit) {} }
            let (lines, end) = AsyncStream<Line?>.makeStream(bufferingPolicy: .bufferingNewest(8))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    end.yield(await body())
                    end.finish()
                }
                group.addTask {
                    while !Task.isCancelled {
                        try await SystemClock.sleep(.milliseconds(Limits.heartbeatMilliseconds))
                        end.yield(nil)
                    }
                }
                for await line in lines {
                    if let line { try await writer.write(line) } else { try await writer.heartbeat() }
                }
                group.cancelAll()
            }
        }
    }
}
