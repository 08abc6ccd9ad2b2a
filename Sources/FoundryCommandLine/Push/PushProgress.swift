import FoundryClient
import FoundryModel

/// Shows the apps' way from an accepted push to their health.
actor PushProgress {
    private static let past = 50

    private let api: FoundryAPI
    private let progress: Progress
    /// The guid, when there is only one; nil asks for the events of all.
    private let app: String?
    private var steps: PushSteps

    /// - Parameter job: of the push.
    init(_ api: FoundryAPI, _ progress: Progress, apps: [AppSummary], job: JobAnswer) {
        self.init(api, progress, apps: Set(apps.map(\.guid)), job: job)
    }

    /// - Parameter app: the guid of a service's workload.
    init(_ api: FoundryAPI, _ progress: Progress, app: String, job: JobAnswer) {
        self.init(api, progress, apps: [app], job: job)
    }

    private init(_ api: FoundryAPI, _ progress: Progress, apps: Set<String>, job: JobAnswer) {
        self.api = api
        self.progress = progress
        app = apps.count == 1 ? apps.first : nil
        let begin = WireTime(parsing: job.createdAt)?.timestamp ?? Timestamp(millisecondsSince1970: 0)
        steps = PushSteps(of: apps, since: begin)
    }

    /// Shows events as they come, until it is cancelled. Only for the eyes: its failures are nobody's.
    func follow() async {
        guard let events = try? await api.followEvents(app: app, limit: Self.past) else { return }
        do {
            for try await event in events { await show(event) }
        } catch {}
    }

    /// Shows what the stream may have missed.
    func complete() async {
        for event in (try? await api.events(app: app, limit: Self.past)) ?? [] { await show(event) }
    }

    private func show(_ event: EventSummary) async { await progress.show(steps.steps(for: event)) }
}

extension Progress {
    func show(_ steps: [PushSteps.Step]) {
        for step in steps {
            switch step {
            case .done(let label, let text): finish(label, text)
            case .failed(let label, let text): fail(label, text)
            case .running(let label, let text): begin(label, text)
            }
        }
    }
}
