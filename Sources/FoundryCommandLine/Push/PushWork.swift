import FoundryClient
import FoundryEffects
import FoundryModel

/// Pushes: says what will be, does it, and stays until it is.
public struct PushWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    /// nil: not waited for.
    private let limit: Duration?

    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// - Throws: what the plan refuses, before anything was made; why the push failed, after the app's last words were shown.
    public func run(_ manifest: APIBody) async throws {
        let plan = try await api.plan(manifest)
        if format == .table { console.print(PlanView(plan).lines(on: console.output)) }
        let job = try await api.apply(manifest)
        if let job, let limit {
            do {
                try await follow(job, plan, limit)
            } catch let error as FoundryError {
                throw try await FailedStart(api, console, format).explained(error, apps: plan.applications.map(\.name))
            }
        }
        let state: PushAnswer.State = job == nil ? .unchanged : limit == nil ? .processing : .complete
        let answer = PushAnswer(state: state, job: job, plan: plan, apps: try await api.apps())
        try console.show(answer, as: format) { answer.lines(on: console.output) }
    }

    private func follow(_ job: JobReference, _ plan: PlanAnswer, _ limit: Duration) async throws {
        let began = SystemClock.monotonic()
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            for app in plan.applications { await progress.finish("image", ImageText.of(app.image)) }
            let steps = PushProgress(api, progress, job: try await api.job(job))
            let ended = try await withThrowingTaskGroup(of: Void.self) { group in
                if format == .table { group.addTask { await steps.follow() } }
                defer { group.cancelAll() }
                do {
                    return try await JobFollower(api).follow(job, limit: limit)
                } catch {
                    await steps.complete()
                    throw error
                }
            }
            guard format == .table else { return }
            await steps.complete()
            let app = try await api.app(ended.foundry.appGuid)
            await progress.show(PushSteps.last(for: app, milliseconds: SystemClock.monotonic() - began))
        }
    }
}
