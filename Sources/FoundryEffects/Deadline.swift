/// A wait went past its limit; what was waited for has been cancelled.
public struct DeadlineExceeded: Error {
    public init() {}
}

/// Every wait has a limit.
public enum Deadline {
    /// Runs the work, and cancels it when the limit passes.
    ///
    /// - Throws: `DeadlineExceeded`, or what the work throws.
    public static func run<Result: Sendable>(
        _ limit: Duration, _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                try await SystemClock.sleep(limit)
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                guard let result else { throw DeadlineExceeded() }
                return result
            }
            throw DeadlineExceeded()
        }
    }
}
