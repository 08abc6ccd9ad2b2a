import FoundryModel

/// The decisions of the control plane: from the records and what cells and routers report, the next transactions.
///
/// Level-triggered, and one effect at a time for each subject. It sees its own writes only through the store's watch, in order, like everybody's. What
/// an event can have changed is looked at again, and nothing else.
/// - Source: design sections 3 and 5.
public struct ControllerMachine: Sendable {
    let configuration: PlatformConfiguration
    public private(set) var view = PlatformView()
    /// The last of each cell that counts: under its living session, where sessions are held.
    public private(set) var reports: [CellID: CellReport] = [:]
    public private(set) var routerReport: RouterReport?
    var sessions = SessionWatch()
    /// When the store was last heard of.
    private var newsAt: MonotonicTime?
    /// Cells that were silent when a person released the brake, and have not renewed since: they do not engage it again.
    private(set) var waived: Set<CellID> = []
    /// Cells that were lost when this controller first saw them so, and since when: for the brake, and for patience.
    var lostSince: [CellID: MonotonicTime] = [:]
    /// When this controller saw members begin to stand down.
    var stoodDownAt: [MemberID: MonotonicTime] = [:]
    /// Attempts of fence devices that this process has begun.
    var ownAttempts: Set<PowerOrder> = []
    /// What devices said, until the record of their attempt says it too.
    var answers: [PowerOrder: FenceOutcome] = [:]
    private var inFlight: [String: InFlight] = [:]
    private var isLoaded = false
    private var dirty = ControllerDirt.everything
    /// Apps that wait for time to pass, or for room.
    private var restless: Set<AppID> = []

    /// An effect whose outcome is not in the view yet.
    private struct InFlight: Hashable, Sendable {
        var effect: ControllerEffect
        /// At which it was committed; nil: not yet.
        var revision: Int64?
        /// After a failure.
        var retryAt: MonotonicTime?
    }

    public init(configuration: PlatformConfiguration) { self.configuration = configuration }

    /// Takes an event and returns the effects that are due, in the order in which they should be carried out.
    public mutating func handle(
        _ event: ControllerEvent, now: Moment, using generator: inout some RandomNumberGenerator
    ) -> [ControllerEffect] {
        noteNews(event, now: now.monotonic)
        guard take(event, now: now), isLoaded else { return [] }
        landFlights(now: now.monotonic)
        guard !dirty.isEmpty else { return [] }
        dirty.apps.formUnion(restless)
        let sights = CellSights(view: view, watch: sessions, timing: configuration.timing, now: now.monotonic)
        noteLosses(sights, now: now.monotonic)
        var plan = ControllerPlan(
            view: view, reports: reports, router: routerReport, configuration: configuration, sights: sights,
            lostSince: lostSince, stoodDownAt: stoodDownAt, now: now, dirt: dirty, busy: Set(inFlight.keys),
            ownAttempts: ownAttempts, answers: answers, waived: waived)
        plan.placed = inFlight.values.flatMap { $0.effect.placements }
        dirty = .nothing
        plan.make(using: &generator)
        restless.subtract(plan.seen)
        restless.formUnion(plan.restless)
        for effect in plan.effects {
            inFlight[effect.subject] = InFlight(effect: effect)
            if case .power(let order) = effect.action { ownAttempts.insert(order) }
        }
        return plan.effects
    }

    /// Why what was asked of an app is not done, as far as room, cells, fences and replicas are the reason: for `foundry why`.
    public func reasons(of app: AppID, now: Moment) -> [WhyLine] {
        guard let record = view.apps[app] else { return [] }
        let sights = CellSights(view: view, watch: sessions, timing: configuration.timing, now: now.monotonic)
        let missing = [PlacementReason.unplaced(record.value, view, sights)].compactMap(\.self)
        guard !view.members(of: app).isEmpty else { return missing }
        guard configuration.timing != nil else { return missing + RestoreWords.waiting(app, view) }
        let facts = RecoveryFacts(
            view: view, sights: sights, reports: reports, lostSince: lostSince, stoodDownAt: stoodDownAt,
            timing: configuration.timing, now: now)
        let plan = RecoveryRule.plan(app: record, facts: facts)
        var lines =
            missing + plan.reasons
            + plan.steps.compactMap { PlacementReason.withoutRoom($0, record.value, view, sights) }
        if case .wait(let line)? = RolloutRule.next(app: record.value, facts: facts) { lines.append(line) }
        return lines
    }

    /// When something will be due without any event; nil: nothing waits for time.
    public func nextWake(now: Moment) -> MonotonicTime? {
        var next: MonotonicTime?
        func consider(_ time: MonotonicTime) { next = min(next ?? time, time) }
        for volume in view.volumes.values {
            if case .kept(let until) = volume.value.phase { consider(now.monotonic + max(0, until - now.wall)) }
        }
        for job in view.jobs.values where job.value.state == .processing {
            let due = job.value.createdAt + JobRule.problemMilliseconds - now.wall
            if due > 0 { consider(now.monotonic + due) }
        }
        for snapshot in view.snapshots.values where snapshot.value.state == .asked {
            let due = snapshot.value.createdAt + SnapshotRule.takeMilliseconds - now.wall
            consider(now.monotonic + max(0, due))
        }
        for binding in view.bindings.values where binding.value.state == .bound {
            if let end = binding.value.retiresAt { consider(now.monotonic + max(0, end - now.wall)) }
        }
        for flight in inFlight.values { if let retry = flight.retryAt { consider(retry) } }
        if let timing = configuration.timing {
            for (cell, session) in view.sessions where session.value.state == .alive {
                if let silence = sessions.silence(of: cell, now: now.monotonic),
                    let due = [2 * timing.renewMilliseconds, timing.expiryMilliseconds].first(where: { $0 > silence })
                {
                    consider(now.monotonic + (due - silence))
                }
            }
            if !restless.isEmpty { consider(now.monotonic + timing.renewMilliseconds) }
        } else if view.apps.values.contains(where: { $0.value.rollout != nil }) {
            // A member that is not made within its time ends a change, and nobody tells of that.
            consider(now.monotonic + 5_000)
        }
        return next.map { max($0, now.monotonic + 1) }
    }

    /// Silence of the store, or of this process, is not the cells': the controller's own beat comes every second, so what was counted while nothing
    /// was heard counts no more. A controller that slept, or had no store, gives the cells as long as a new one does.
    private mutating func noteNews(_ event: ControllerEvent, now: MonotonicTime) {
        guard let timing = configuration.timing else { return }
        let limit = max(3_000, 3 * timing.renewMilliseconds)
        if let last = newsAt, now - last >= limit { sessions.restart(now: now) }
        switch event {
        case .record, .removed, .caughtUp: newsAt = now
        case .lostSight, .cellReport, .routerReport, .committed, .conflicted, .failed, .powerAnswered, .tick: break
        }
    }

    /// Since when cells are lost, for those that look at how long: only as this controller saw it.
    private mutating func noteLosses(_ sights: CellSights, now: MonotonicTime) {
        guard configuration.timing != nil else { return }
        for cell in dirty.all ? Set(view.cells.keys) : dirty.cells {
            if !sights[cell].isLost { lostSince[cell] = nil } else if lostSince[cell] == nil { lostSince[cell] = now }
        }
    }

    private mutating func landFlights(now: MonotonicTime) {
        for (subject, flight) in inFlight {
            let isLanded = flight.revision.map { $0 <= view.revision } ?? flight.retryAt.map { $0 <= now } ?? false
            guard isLanded else { continue }
            inFlight[subject] = nil
            dirty.mark(flight.effect.origin)
        }
    }

    /// - Returns: whether it is time to plan.
    private mutating func take(_ event: ControllerEvent, now: Moment) -> Bool {
        switch event {
        case .record(let record, let revision):
            note(record, revision: revision, now: now.monotonic)
            return false
        case .removed(let key, let revision):
            dirty.mark(removed: key, view: view)
            view.remove(key: key, revision: revision)
            if key.hasPrefix(RecordKind.member.prefix) {
                stoodDownAt = stoodDownAt.filter { view.members[$0.key] != nil }
            }
            return false
        case .caughtUp: isLoaded = true
        case .lostSight:
            isLoaded = false
            sessions.restart(now: now.monotonic)
            dirty = .everything
            return false
        case .cellReport(let report): return take(report, now: now.monotonic)
        case .routerReport(let report):
            routerReport = report
            dirty.jobs = true
        case .committed(let effect, let revision): inFlight[effect.subject]?.revision = revision
        case .conflicted(let effect):
            inFlight[effect.subject] = nil
            dirty.mark(effect.origin)
        case .failed(let effect, _): inFlight[effect.subject]?.retryAt = now.monotonic + 1_000
        case .powerAnswered(let order, let outcome):
            inFlight["power/\(order.fence)"] = nil
            answers[order] = outcome
            dirty.cells.insert(order.cell)
        case .tick:
            dirty.time = true
        }
        return true
    }

    private mutating func note(_ record: Record, revision: Int64, now: MonotonicTime) {
        if case .session(let session) = record {
            sessions.see(session, now: now)
            // A renewal, and not what was known and is read again.
            if session.state == .alive, view.sessions[session.cell]?.revision != revision {
                waived.remove(session.cell)
            }
            if let last = view.sessions[session.cell]?.value, last.saysTheSame(as: session) {
                view.put(record, revision: revision)
                return
            }
        }
        if case .member(let member) = record, member.standsDown,
            view.members[member.id]?.value.standsDown != true
        {
            stoodDownAt[member.id] = now
        }
        if case .fence(let fence) = record { forgetAttempts(of: fence) }
        if case .cluster(let cluster) = record, cluster.brake == nil, view.switches.brake != nil { waive(now: now) }
        dirty.mark(record, view: view)
        view.put(record, revision: revision)
        dirty.mark(record, view: view)
    }

    /// A person let the fencing go on, and means the cells that are silent now.
    private mutating func waive(now: MonotonicTime) {
        let sights = CellSights(view: view, watch: sessions, timing: configuration.timing, now: now)
        waived = Set(view.cells.keys.filter { sights[$0] != .living })
    }

    /// Those that the record has the outcome of.
    private mutating func forgetAttempts(of fence: FenceRecord) {
        func isOver(_ order: PowerOrder) -> Bool {
            guard order.fence == fence.id else { return false }
            return fence.state != .open
                || !fence.attempts.contains { $0.number == order.number && $0.outcome == .begun }
        }
        answers = answers.filter { !isOver($0.key) }
        ownAttempts = ownAttempts.filter { !isOver($0) }
    }

    private mutating func take(_ report: CellReport, now: MonotonicTime) -> Bool {
        if configuration.timing != nil {
            guard let session = view.sessions[report.cell]?.value, session.state == .alive,
                report.session == session.session
            else { return false }
            sessions.hearReport(of: report.cell, now: now)
        }
        // A report that was overtaken on its way says nothing new.
        if let last = reports[report.cell], last.bootID == report.bootID, last.session == report.session,
            report.sequence < last.sequence
        {
            return false
        }
        reports[report.cell] = report
        dirty.cells.insert(report.cell)
        dirty.apps.formUnion(view.apps(on: report.cell))
        return true
    }
}

extension SessionRecord {
    /// Nothing but its sequences differs.
    func saysTheSame(as other: SessionRecord) -> Bool {
        var renewed = self
        (renewed.sequence, renewed.confirmed) = (other.sequence, other.confirmed)
        return renewed == other
    }
}
