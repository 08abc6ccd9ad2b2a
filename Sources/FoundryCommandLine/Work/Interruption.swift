import UnixSignals

/// Somebody pressed Ctrl-C, or asked this program to end.
public struct Interrupted: Error {}

enum Interruption {
    /// Cancels the work when SIGINT or SIGTERM comes, and waits until it has ended.
    ///
    /// - Throws: ``Interrupted`` then; otherwise what the work throws.
    static func ends<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await work() }
            group.addTask {
                for await _ in await UnixSignalsSequence(trapping: .sigint, .sigterm) { throw Interrupted() }
                return nil
            }
            defer { group.cancelAll() }
            while let result = try await group.next() {
                if let result { return result }
            }
            throw Interrupted()
        }
    }

    /// Work that a cancelled task does all the same: it cleans up.
    static func passes<Result: Sendable>(
        _ work: @escaping @Sendable () async throws -> Result
    ) async throws -> Result {
        try await Task(operation: work).value
    }
}
