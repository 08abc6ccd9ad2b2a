import FoundryEffects

/// Wakes a loop, now or after a while. Wakes that come before the loop looks are one.
struct RouterSignal: Sendable {
    /// For one loop only; ends when its task is cancelled.
    let wakes: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation

    init() { (wakes, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    func wake() { continuation.yield() }

    /// - Returns: cancelled, it never wakes.
    func wake(after duration: Duration) -> Task<Void, Never> {
        Task { [continuation] in
            do { try await SystemClock.sleep(duration) } catch { return }
            continuation.yield()
        }
    }
}
