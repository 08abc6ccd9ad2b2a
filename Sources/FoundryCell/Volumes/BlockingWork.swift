import FoundryModel
import NIOPosix

/// Runs what may block (mounts, syncs, ioctls) on threads kept for that, so that it never holds up those that run async code.
enum BlockingWork {
    @discardableResult
    static func run<Result: Sendable>(
        _ work: @escaping @Sendable () throws(FoundryError) -> Result
    ) async throws(FoundryError) -> Result {
        let outcome: Swift.Result<Result, FoundryError>
        do {
            outcome = try await NIOThreadPool.singleton.runIfActive { Self.outcome(work) }
        } catch {
            throw FoundryError(.timedOut, "The cell is stopping.", detail: "\(error)")
        }
        return try outcome.get()
    }

    private static func outcome<Result>(_ work: () throws(FoundryError) -> Result) -> Swift.Result<Result, FoundryError>
    {
        do throws(FoundryError) { return .success(try work()) } catch { return .failure(error) }
    }
}
