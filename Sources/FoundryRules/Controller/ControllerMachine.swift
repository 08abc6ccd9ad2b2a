import FoundryModel

/// The decisions of the control plane: from the records and what cells and routers report, the next transactions.
///
/// Level-triggered, and one effect at a time for each subject. It sees its own writes only through the store's watch, in order, like everybody's.
public struct ControllerMachine: Sendable {
    let configuration: PlatformConfiguration
    public private(set) var view = PlatformView()
    /// The last of each cell.
    public private(set) var reports: [CellID: CellReport] = [:]
    public private(set) var routerReport: RouterReport?
    private var inFlight: [String: InFlight] = [:]
    private var isLoaded = false

    /// An effect whose outcome is not in the view yet.
    private struct InFlight: Hashable, Sendable {
        var effect: ControllerEffect
        /// At which it was committed; nil: not yet.
        var revision: Int64?
        /// After a failure.
        var retryAt: Timestamp?
    }

    public init(configuration: PlatformConfiguration) { self.configuration = configuration }

    /// Takes an event and returns the effects that are due, in the order in which they should be committed.
    public mutating func handle(
        _ event: ControllerEvent, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) -> [ControllerEffect] {
        guard take(event, now: now), isLoaded else { return [] }
        inFlight = inFlight.filter { _, flight in
            if let revision = flight.revision { return revision > view.revision }
            return flight.retryAt.map { $0 > now } ?? true
        }
        var plan = ControllerPlan(
            view: view, reports: reports, router: routerReport, configuration: configuration, now: now,
            busy: Set(inFlight.keys))
        plan.make(using: &generator)
        for effect in plan.effects { inFlight[effect.subject] = InFlight(effect: effect) }
        return plan.effects
    }

    /// When something will be due without any event; nil: nothing waits for time.
    public func nextWake(now: Timestamp) -> Timestamp? {
        let volumes = view.volumes.values.compactMap { volume -> Timestamp? in
            if case .kept(let until) = volume.value.phase { return until }
            return nil
        }
        let jobs = view.jobs.values.compactMap {
            $0.value.state == .processing ? $0.value.createdAt + JobRule.problemMilliseconds : nil
        }
        let retries = inFlight.values.compactMap(\.retryAt)
        return (volumes + jobs + retries).filter { $0 > now }.min()
    }

    /// - Returns: whether it is time to plan.
    private mutating func take(_ event: ControllerEvent, now: Timestamp) -> Bool {
        switch event {
        case .record(let record, let revision):
            view.put(record, revision: revision)
            return false
        case .removed(let key, let revision):
            view.remove(key: key, revision: revision)
            return false
        case .caughtUp: isLoaded = true
        case .cellReport(let report):
            // A report that was overtaken on its way says nothing new.
            if let last = reports[report.cell], last.bootID == report.bootID, report.sequence < last.sequence {
                return false
            }
            reports[report.cell] = report
        case .routerReport(let report): routerReport = report
        case .committed(let effect, let revision): inFlight[effect.subject]?.revision = revision
        case .conflicted(let effect): inFlight[effect.subject] = nil
        case .failed(let effect, _): inFlight[effect.subject]?.retryAt = now + 1_000
        case .tick: break
        }
        return true
    }
}
