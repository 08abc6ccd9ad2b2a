import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Jobs, and waiting for them.
struct JobEndpoints: Sendable {
    static let longestWait = 60

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/v3/jobs/:guid", limit: .seconds(Self.longestWait + 15)) { request throws(FoundryError) in
                try await job(request)
            }
        ]
    }

    /// With `wait`, the answer comes when the job ends, or when the time is over.
    private func job(_ request: APIRequest) async throws(FoundryError) -> Response {
        let missing = FoundryError(
            .notFound, "Job not found", hint: "jobs that ended long ago are forgotten; `foundry events` has the facts")
        let id: JobID = try request.id("guid", or: missing)
        let seconds = try QueryReader(request.query, known: ["wait"]).number("wait", in: 0...Self.longestWait) ?? 0
        // Past its time the answer says that the job goes on.
        if seconds > 0 { try await platform.wait(.seconds(seconds)) { JobGroup(id, in: $0)?.isOver != false } }
        guard let group = JobGroup(id, in: platform.view) else { throw missing }
        return try Answer.json(group.answer(AppShapes(base: request.base)))
    }
}

/// The jobs of one request: one for each application of a manifest. The first has the guid that the client knows, the others that guid with
/// a number behind.
struct JobGroup {
    private let jobs: [JobRecord]

    /// nil when there is no such job.
    init?(_ id: JobID, in view: PlatformView) {
        guard let first = view.jobs[id]?.value else { return nil }
        var jobs = [first]
        while let next = Self.id(id, jobs.count).flatMap({ view.jobs[$0]?.value }) { jobs.append(next) }
        self.jobs = jobs
    }

    /// The guid of the job at a place of its group.
    static func id(_ first: JobID, _ place: Int) -> JobID? { place == 0 ? first : JobID("\(first).\(place)") }

    var isOver: Bool { jobs.allSatisfy { $0.state != .processing } }

    func answer(_ shapes: AppShapes) -> JobAnswer {
        let errors = jobs.compactMap { job in if case .failed(let error) = job.state { error } else { nil } }
        // A client that does not wait for a service goes on when it is begun.
        let going: JobAnswer.State = jobs[0].instance == nil ? .processing : .polling
        let state: JobAnswer.State = !isOver ? going : errors.isEmpty ? .complete : .failed
        return shapes.job(
            jobs[0], state: state, errors: isOver ? errors : [],
            updatedAt: jobs.map(\.updatedAt).max() ?? jobs[0].updatedAt)
    }
}
