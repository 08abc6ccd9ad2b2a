import FoundryModel

extension ControllerPlan {
    /// Of one transaction.
    private static let pruneAtMost = 50

    mutating func finishJobs() {
        for job in view.jobs.values.sorted(by: { $0.value.id < $1.value.id }) where job.value.state == .processing {
            guard let state = JobRule.outcome(of: job.value, view: view, router: router, now: now) else { continue }
            var ended = job.value
            ended.state = state
            ended.updatedAt = now
            add(.jobFinish, "job/\(ended.id)", [.put(.job(ended), expects: .revision(job.revision))])
        }
    }

    /// The oldest events and ended jobs go, a batch at a time.
    mutating func pruneHistory() {
        let surplus = view.events.count - configuration.eventsKept
        let events = view.events.prefix(min(max(0, surplus), Self.pruneAtMost))
        let ended = view.jobs.values.filter { $0.value.state != .processing }.sorted { ($0.value.updatedAt, $0.value.id) < ($1.value.updatedAt, $1.value.id) }
        let jobs = ended.prefix(min(max(0, ended.count - configuration.jobsKept), Self.pruneAtMost))
        guard events.count + jobs.count >= Self.pruneAtMost / 5 else { return }
        add(
            .historyPrune, "history",
            events.map { .delete(key: Record.event($0).key, kind: .event, expects: .any) }
                + jobs.map { .delete(key: Record.job($0.value).key, kind: .job, expects: .any) })
    }
}
