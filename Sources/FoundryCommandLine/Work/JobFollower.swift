import FoundryClient
import FoundryEffects
import FoundryModel

/// Waits for a job's end by asking in a way that is answered when it ends.
struct JobFollower: Sendable {
    /// How long a server may be away, as while it is restarted, before waiting for its job is given up.
    static let longestSilence: Int64 = 20_000
    private static let pause = Duration.milliseconds(100)

    private let api: FoundryAPI

    init(_ api: FoundryAPI) { self.api = api }

    /// - Returns: nil when the limit passed first; the job goes on.
    /// - Throws: the error of a job that failed; `unreachable` and its like when the server stays away.
    func follow(_ job: JobReference, limit: Duration) async throws(FoundryError) -> JobAnswer? {
        let end = SystemClock.monotonic() + Self.milliseconds(limit)
        var answeredAt = SystemClock.monotonic()
        while true {
            let left = end - SystemClock.monotonic()
            guard left > 0 else { return nil }
            let answer: JobAnswer
            do {
                // Whole seconds, rounded up: the last question must not become a busy loop of zero waits.
                answer = try await api.job(job, wait: .seconds((left + 999) / 1000))
                answeredAt = SystemClock.monotonic()
            } catch {
                guard error.mayPass, SystemClock.monotonic() - answeredAt < Self.longestSilence else { throw error }
                try await Self.rest()
                continue
            }
            switch answer.state {
            case .complete: return answer
            case .failed: throw Self.failure(of: answer)
            case .processing, .polling: continue
            }
        }
    }

    private static func failure(of job: JobAnswer) -> FoundryError {
        job.errors.first?.error ?? FoundryError(.internalError, "\(job.operation) of \(job.foundry.appName) failed.")
    }

    private static func rest() async throws(FoundryError) {
        do { try await SystemClock.sleep(pause) } catch { throw FoundryError(.unreachable, "Waiting was given up.") }
    }

    static func milliseconds(_ duration: Duration) -> Int64 {
        duration.components.seconds * 1000 + duration.components.attoseconds / 1_000_000_000_000_000
    }
}

extension FoundryError {
    /// The server may be on its way back: while it is restarted it is away for a moment.
    var mayPass: Bool {
        switch code {
        case .notRunning, .unreachable, .timedOut, .storeUnavailable: true
        default: false
        }
    }
}
