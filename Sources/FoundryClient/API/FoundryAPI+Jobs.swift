import FoundryModel

/// A piece of work that the server accepted, by its guid.
public struct JobReference: Hashable, Sendable {
    public let guid: String

    /// From the address that the answer names: `https://…/v3/jobs/:guid`.
    init?(_ answer: APIAnswer) {
        guard let guid = answer.location?.split(separator: "/").last, !guid.isEmpty else { return nil }
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
