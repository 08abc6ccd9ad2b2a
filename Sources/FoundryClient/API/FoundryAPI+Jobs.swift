import FoundryModel

/// A piece of work that the server accepted, by its guid.
public struct JobReference: Hashable, Sendable {
    public let guid: String

    public init(guid: String) { self.guid = guid }

    /// From the address that the answer names: `https://…/v3/jobs/:guid`.
    ///
    /// - Throws: `internal_error` when it names none.
    init(_ answer: APIAnswer) throws(FoundryError) {
        guard let guid = answer.location?.split(separator: "/").last else {
            throw FoundryError(
                .internalError, "The server accepted the work, and did not say which job it is.",
                hint: "foundry version")
        }
        self.guid = String(guid)
    }
}

extension FoundryAPI {
    /// The longest that one question for a job is left open.
    static let longestPoll = Duration.seconds(20)

    /// Asks for a job, and is answered when it ended, or when the time to wait is over.
    ///
    /// - Parameter wait: cut to 20 seconds, in whole seconds.
    public func job(_ job: JobReference, wait: Duration = .zero) async throws(FoundryError) -> JobAnswer {
        let seconds = min(wait, Self.longestPoll).components.seconds
        return try await get(
            ["v3", "jobs", job.guid], [(name: "wait", value: "\(seconds)")], limit: .seconds(seconds) + .seconds(10))
    }
}
