import FoundryEffects
import FoundryModel

/// Tries again what the kernel finishes by itself in a moment: the end of a mount, of a loop device, of another namespace.
enum Patience {
    enum Step: Sendable {
        case done
        /// Not yet, and what is in the way.
        case waiting(for: String)
    }

    /// - Returns: nil when it was done, otherwise what was still in the way when the limit had passed.
    /// - Parameter step: does what it can; its argument is how many tries went before. Runs on a thread that may block.
    static func wait(
        limit: Duration, _ step: @escaping @Sendable (Int) throws(FoundryError) -> Step
    ) async throws(FoundryError) -> String? {
        var (pause, waited) = (Duration.milliseconds(2), Duration.zero)
        var attempt = 0
        while true {
            let number = attempt
            switch try await BlockingWork.run({ () throws(FoundryError) in try step(number) }) {
            case .done: return nil
            case .waiting(let obstacle):
                if waited >= limit { return obstacle }
            }
            do { try await SystemClock.sleep(pause) } catch { throw FoundryError(.timedOut, "The cell is stopping.") }
            waited += pause
            attempt += 1
            pause = min(pause * 2, .milliseconds(100))
        }
    }
}
