import FoundryClient
import FoundryEffects
import FoundryModel

extension CommandContext {
    /// Stays with an instance until a job of it has ended, and shows its way there, as a push does.
    ///
    /// - Parameter job: nil: there is nothing to wait for.
    /// - Throws: the error of a job that failed; `timed_out`: it goes on.
    func follow(_ job: JobReference?, _ verb: String, service name: String, app guid: String) async throws {
        guard let job, let limit else { return }
        let late = Self.late("\(name) is not done", hint: "foundry service \(name)")
        guard format == .table else {
            if try await JobFollower(api).follow(job, limit: limit) == nil { throw late(limit) }
            return
        }
        let began = SystemClock.monotonic()
        try await Progress.show(on: console) { progress in
            await progress.begin(verb, name)
            let shown = PushProgress(api, progress, app: guid, job: try await api.job(job))
            do {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { await shown.follow() }
                    defer { group.cancelAll() }
                    if try await JobFollower(api).follow(job, limit: limit) == nil { throw late(limit) }
                }
            } catch {
                await shown.complete()
                throw error
            }
            await shown.complete()
            guard let app = try? await api.app(guid) else { return }
            await progress.show(PushSteps.last(for: app, milliseconds: SystemClock.monotonic() - began))
        }
    }
}
