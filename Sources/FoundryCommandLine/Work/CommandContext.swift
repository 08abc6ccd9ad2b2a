import FoundryClient
import FoundryModel

/// What a command that changes something works with: whom it asks, where and how it speaks, and how long it stays.
public struct CommandContext: Sendable {
    let api: FoundryAPI
    let console: Console
    let format: OutputFormat
    /// nil: it is not waited for.
    let limit: Duration?

    /// - Parameter limit: nil: not waited for.
    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// Stays until the job has ended; not at all where nobody wants to wait.
    ///
    /// - Parameter verb: shown with the subject meanwhile.
    /// - Parameter late: what is thrown when the limit passes first. The job goes on.
    /// - Throws: the error of a job that failed.
    func follow(
        _ job: JobReference, _ verb: String, _ subject: String,
        late: @escaping @Sendable (Duration) -> FoundryError
    ) async throws {
        guard let limit else { return }
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin(verb, subject)
            if try await JobFollower(api).follow(job, limit: limit) == nil { throw late(limit) }
        }
    }

    /// - Parameter words: how far it is not: `orders does not serve`.
    /// - Parameter goesOn: what it does all the same.
    static func late(
        _ words: String, _ goesOn: String = "it goes on", hint: String
    ) -> @Sendable (Duration) -> FoundryError {
        { FoundryError(.timedOut, "\(words) after \(TimeArgument($0).description); \(goesOn).", hint: hint) }
    }
}
