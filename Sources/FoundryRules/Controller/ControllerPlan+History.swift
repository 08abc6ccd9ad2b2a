import FoundryModel

extension ControllerPlan {
    /// Of one transaction.
    private static let pruneAtMost = 50
    /// Fences that were lifted; the oldest of more than these go.
    private static let fencesKept = 100

    mutating func finishJobs(using generator: inout some RandomNumberGenerator) {
        let processing = view.jobs.values.filter { $0.value.state == .processing }
        for job in processing.sorted(by: { $0.value.id < $1.value.id }) {
            guard
                let state = JobRule.outcome(
                    of: job.value, view: view, reports: reports, router: router, sights: sights, now: now)
            else { continue }
            var ended = job.value
            ended.state = state
            ended.updatedAt = now
            add(
                .jobFinish, "job/\(ended.id)",
                [.put(.job(ended), expects: .revision(job.revision))] + settled(ended, state, using: &generator),
                for: .jobs)
        }
    }

    /// The oldest events and ended jobs go, a batch at a time.
    mutating func pruneHistory() {
        let ended = view.jobs.values.filter { $0.value.state != .processing }
        let surplus = (events: view.events.count - configuration.eventsKept, jobs: ended.count - configuration.jobsKept)
        let counts = (
            events: min(max(0, surplus.events), Self.pruneAtMost), jobs: min(max(0, surplus.jobs), Self.pruneAtMost)
        )
        let lifted = surplusFences()
        guard counts.events + counts.jobs + lifted.count >= Self.pruneAtMost / 5 else { return }
        let events = view.events.prefix(counts.events)
        let jobs = ended.sorted { ($0.value.updatedAt, $0.value.id) < ($1.value.updatedAt, $1.value.id) }.prefix(
            counts.jobs)
        add(
            .historyPrune, "history",
            events.map { .delete(key: Record.event($0).key, kind: .event, expects: .any) }
                + jobs.map { .delete(key: Record.job($0.value).key, kind: .job, expects: .any) }
                + lifted.map {
                    .delete(key: Record.fence($0.value).key, kind: .fence, expects: .revision($0.revision))
                }, for: .history)
    }

    /// Oldest first, of one transaction.
    private func surplusFences() -> ArraySlice<Revised<FenceRecord>> {
        guard view.fences.count > Self.fencesKept else { return [] }
        let lifted = view.fences.values.filter { $0.value.state != .open }.sorted {
            ($0.value.createdAt, $0.value.id) < ($1.value.createdAt, $1.value.id)
        }
        return lifted.dropLast(Self.fencesKept).prefix(Self.pruneAtMost)
    }
}
