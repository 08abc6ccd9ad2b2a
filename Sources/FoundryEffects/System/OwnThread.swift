import CFoundryLinux
import FoundryModel

/// Runs long blocking work (unpacking a layer) on a thread of its own, so that it holds up nobody's short work.
public enum OwnThread {
    /// - Parameter work: has limits of its own; cancelling the caller does not end it. A write to a closed pipe fails in it.
    @discardableResult
    public static func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(FoundryError) -> Result
    ) async throws(FoundryError) -> Result {
        let outcome: Swift.Result<Result, FoundryError> = await withCheckedContinuation { continuation in
            start { continuation.resume(returning: Self.outcome(of: work)) }
        }
        return try outcome.get()
    }

    /// Begins work that goes on for as long as the process lives.
    public static func start(_ body: @escaping @Sendable () -> Void) {
        let argument = Unmanaged.passRetained(Body(body)).toOpaque()
        let result = foundry_thread_start({ Unmanaged<Body>.fromOpaque($0!).takeRetainedValue().body() }, argument)
        precondition(result == 0, "the machine gives no more threads")
    }

    private final class Body: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    private static func outcome<Result>(
        of work: () throws(FoundryError) -> Result
    ) -> Swift.Result<Result, FoundryError> {
        do throws(FoundryError) { return .success(try work()) } catch { return .failure(error) }
    }
}
