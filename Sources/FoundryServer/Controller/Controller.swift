import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Logging

/// The control plane's shell: owns the machine that decides, feeds it what happened, and carries its effects out as store transactions.
///
/// Everything that waits or repeats is in this file. Readers look at `feed`, never at the actor.
actor Controller {
    nonisolated let feed: ViewFeed
    nonisolated let term: Revised<TermRecord>
    private let store: any Store
    private let coding: RecordCoding
    private let journal: EffectJournal
    private let logger: Logger
    private let lane = EffectLane()
    private var machine: ControllerMachine
    private var generator = SystemRandomNumberGenerator()
    /// The revision of each record in sight, by key.
    private var revisions: [String: Int64] = [:]
    /// Records that cannot be read, by key: left as they are, and told.
    private(set) var unreadable: [String: String] = [:]
    private var watchedFrom: Int64 = 0
    private var alarm: (at: MonotonicTime, task: Task<Void, Never>)?

    init(
        configuration: PlatformConfiguration, term: Revised<TermRecord>, store: any Store, coding: RecordCoding,
        journal: EffectJournal, feed: ViewFeed, logger: Logger
    ) {
        machine = ControllerMachine(configuration: configuration)
        self.term = term
        self.store = store
        self.coding = coding
        self.journal = journal
        self.feed = feed
        self.logger = logger
    }

    /// Reads every record; after that `feed` has them.
    ///
    /// - Throws: what the store throws.
    func load() async throws(FoundryError) {
        let snapshot: StoreSnapshot
        do { snapshot = try await store.list(prefix: "") } catch { throw FoundryError(error) }
        let present = Set(snapshot.values.map(\.key.path))
        var events: [ControllerEvent] = []
        for key in revisions.keys.sorted() where !present.contains(key) {
            revisions[key] = nil
            events.append(.removed(key: key, revision: snapshot.revision))
        }
        events += snapshot.values.filter { revisions[$0.key.path] != $0.revision }.compactMap(seen)
        watchedFrom = snapshot.revision
        handle(events + [.caughtUp])
        feed.publish(machine.view, revision: snapshot.revision)
        logger.info("records loaded", metadata: ["records": "\(present.count)", "revision": "\(snapshot.revision)"])
    }

    /// Follows the store and carries effects out, until the task is cancelled or the store closed.
    ///
    /// - Throws: `conflict` when another controller took over; what the store throws.
    func run() async throws {
        defer {
            lane.finish()
            alarm?.task.cancel()
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.follow() }
            group.addTask { try await self.carryOut() }
            try await group.next()
            group.cancelAll()
        }
    }

    /// Why what was asked of an app is not done, as far as cells, fences and replicas are the reason.
    func reasons(of app: AppID) -> [WhyLine] { machine.reasons(of: app, now: Self.now()) }

    func report(_ report: CellReport) { handle([.cellReport(report)]) }
    func report(_ report: RouterReport) { handle([.routerReport(report)]) }

    private func follow() async throws {
        for try await page in store.watchPages(prefix: "", after: watchedFrom) {
            if page.contains(where: { if case .gap = $0 { true } else { false } }) {
                logger.warning("records were missed, reading all of them again")
                handle([.lostSight])
                try await load()
            } else if let revision = page.last?.revision, revision > watchedFrom {
                handle(page.filter { $0.revision > watchedFrom }.compactMap(event) + [.caughtUp])
                feed.publish(machine.view, revision: revision)
            }
        }
    }

    private func event(_ event: StoreWatchEvent) -> ControllerEvent? {
        switch event {
        case .put(let stored): return seen(stored)
        case .delete(let key, let revision):
            revisions[key.path] = nil
            unreadable[key.path] = nil
            return .removed(key: key.path, revision: revision)
        case .gap: return nil
        }
    }

    private func seen(_ stored: StoredValue) -> ControllerEvent? {
        do throws(StoreError) {
            guard let record = try coding.decode(stored) else { return nil }
            revisions[stored.key.path] = stored.revision
            unreadable[stored.key.path] = nil
            return .record(record, revision: stored.revision)
        } catch {
            unreadable[stored.key.path] = error.detail ?? error.message
            logger.error(
                "a record cannot be read and is left as it is", metadata: ["key": "\(stored.key)", "error": "\(error)"])
            return nil
        }
    }

    private static func now() -> Moment {
        Moment(wall: SystemClock.timestamp(), monotonic: SystemClock.monotonic())
    }

    /// Changes the machine's state in one step, and queues what it asks for.
    private func handle(_ events: [ControllerEvent]) {
        let now = Self.now()
        for event in events {
            for effect in machine.handle(event, now: now, using: &generator) where !lane.add(effect) {
                logger.warning("too many effects wait", metadata: ["effect": "\(effect.name.rawValue)"])
                handle([.failed(effect, FoundryError(.tooManyRequests, "Too many effects wait."))])
            }
        }
        setAlarm(now)
    }

    private func carryOut() async throws {
        for await effect in lane.effects {
            if Task.isCancelled { return }
            try await carryOut(effect)
        }
    }

    private func carryOut(_ effect: ControllerEffect) async throws(FoundryError) {
        if case .power(let order) = effect.action { return refuse(order) }
        let outcome: Result<StoreCommit, FoundryError>
        do throws(FoundryError) { outcome = .success(try await commit(effect)) } catch { outcome = .failure(error) }
        let metadata: Logger.Metadata = ["effect": "\(effect.name.rawValue)", "subject": "\(effect.subject)"]
        switch outcome {
        case .success(.committed(let revision)):
            logger.debug("effect done", metadata: metadata)
            handle([.committed(effect, revision: revision)])
        case .success(.conflict(StoreKey(RecordKind.term.prefix))):
            throw FoundryError(
                .conflict, "Another controller has taken over.", detail: "term \(term.value.term) is over")
        case .success(.conflict(let key)):
            logger.debug("effect met a newer record", metadata: metadata.merging(["key": "\(key)"]) { $1 })
            await feed.change(after: feed.edition.revision, limit: .milliseconds(200))
            handle([.conflicted(effect)])
        case .failure(let error):
            logger.error("effect failed", metadata: metadata.merging(["error": "\(error)"]) { $1 })
            handle([.failed(effect, error)])
        }
    }

    /// Devices are named by cells of a platform of several machines; this server drives none.
    private func refuse(_ order: PowerOrder) {
        logger.error("no fence device can be used by this server", metadata: ["device": "\(order.device)"])
        handle([.powerAnswered(order, .failed("this server drives no fence devices"))])
    }

    private func commit(_ effect: ControllerEffect) async throws(FoundryError) -> StoreCommit {
        let store = store
        let transaction: StoreTransaction
        let hold = coding.hold()
        defer { withExtendedLifetime(hold) {} }
        do {
            transaction = try StoreTransaction(
                name: effect.name.rawValue, writes: effect.writes(under: term), coding: coding)
        } catch {
            throw FoundryError(error)
        }
        return try await journal.perform(
            effect.name.rawValue, effect.subject, isDurable: false
        ) { () async throws(FoundryError) -> StoreCommit in
            do throws(StoreError) { return try await store.commit(transaction) } catch { throw FoundryError(error) }
        }
    }

    /// Wakes the machine when something is due by time alone; at most once a second, and not at all when nothing waits for time.
    private func setAlarm(_ now: Moment) {
        let next = machine.nextWake(now: now).map { max($0, now.monotonic + 1_000) }
        if let alarm, let next, alarm.at <= next { return }
        alarm?.task.cancel()
        alarm = next.map { next in
            (
                next,
                Task { [weak self] in
                    guard (try? await SystemClock.sleep(.milliseconds(next - now.monotonic))) != nil else { return }
                    await self?.tick()
                }
            )
        }
    }

    private func tick() {
        alarm = nil
        handle([.tick])
    }
}
