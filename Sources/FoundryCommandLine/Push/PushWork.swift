import FoundryClient
import FoundryEffects
import FoundryModel

/// Pushes: says what will be, does it, and stays until it is.
public struct PushWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter onlyPlan: nothing is done.
    /// - Parameter force: nobody is asked.
    /// - Throws: what the plan refuses, before anything was made; `usage` when the answer was no, or nobody could be asked about what may cost data; why
    ///   the push failed, after the apps' last words were shown.
    public func run(_ manifest: APIBody, onlyPlan: Bool = false, force: Bool = false) async throws {
        let plan = try await Progress.show(on: context.console, isSilent: context.format == .json) { progress in
            await progress.begin("plan", "looking for the image")
            return try await context.api.plan(manifest)
        }
        if onlyPlan {
            return try context.console.show(plan, as: context.format) {
                let lines = PlanView(plan).lines(on: context.console.output)
                return lines.isEmpty ? ["Nothing would change."] : lines
            }
        }
        if context.format == .table { context.console.print(PlanView(plan).lines(on: context.console.output)) }
        if !force { try ask(plan) }
        let job = try await context.api.apply(manifest)
        let names = plan.applications.map(\.name)
        if let limit = context.limit {
            do {
                try await follow(job, names, limit)
            } catch let error as FoundryError {
                throw await FailedStart(context.api, context.console, context.format).explained(error, apps: names)
            }
        }
        let answer = PushAnswer(
            isAwaited: context.limit != nil, job: job, plan: plan, apps: try await context.api.apps())
        try context.console.show(answer, as: context.format) { answer.lines(on: context.console.output) }
    }

    private func ask(_ plan: PlanAnswer) throws(FoundryError) {
        let apps = plan.applications.filter { !$0.dangers.isEmpty }
        guard !apps.isEmpty else { return }
        let names = apps.map(\.name).joined(separator: ", ")
        guard Prompt.isPossible, context.format == .table else {
            let dangers = context.format == .table ? [] : apps.flatMap(\.dangers)
            throw FoundryError(
                .usage,
                (dangers + ["The change of \(names) may cost data, and nobody can be asked here."]).joined(
                    separator: " "),
                hint: "foundry snapshot \(apps[0].name), then the same push with --force")
        }
        guard Prompt(context.console).confirm("Change \(names)?") else {
            throw FoundryError(.usage, "Nothing was changed.")
        }
    }

    private func follow(_ job: JobReference, _ names: [String], _ limit: Duration) async throws {
        guard context.format == .table else { return try await wait(job, names, limit) }
        let began = SystemClock.monotonic()
        try await Progress.show(on: context.console) { progress in
            await progress.begin("start", names.joined(separator: ", "))
            let apps = try await context.api.apps().filter { names.contains($0.name) }
            let shown = PushProgress(context.api, progress, apps: apps, job: try await context.api.job(job))
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await shown.follow() }
                    defer { group.cancelAll() }
                    try await wait(job, names, limit)
                }
            } catch {
                await shown.complete()
                throw error
            }
            await shown.complete()
            for app in try await context.api.apps() where names.contains(app.name) {
                await progress.show(PushSteps.last(for: app, milliseconds: SystemClock.monotonic() - began))
            }
        }
    }

    private func wait(_ job: JobReference, _ names: [String], _ limit: Duration) async throws {
        guard try await JobFollower(context.api).follow(job, limit: limit) == nil else { return }
        throw FailedStart.late(names, limit)
    }
}
