import FoundryModel

/// One pass over everything: what is due now.
struct ControllerPlan {
    let view: PlatformView
    let reports: [CellID: CellReport]
    let router: RouterReport?
    let configuration: PlatformConfiguration
    let now: Timestamp
    /// Subjects whose last effect is still on its way.
    let busy: Set<String>
    private(set) var effects: [ControllerEffect] = []

    init(
        view: PlatformView, reports: [CellID: CellReport], router: RouterReport?, configuration: PlatformConfiguration,
        now: Timestamp,
        busy: Set<String>
    ) {
        self.view = view
        self.reports = reports
        self.router = router
        self.configuration = configuration
        self.now = now
        self.busy = busy
    }

    mutating func make(using generator: inout some RandomNumberGenerator) {
        recordCells()
        recordStatuses(using: &generator)
        for app in view.apps.values.sorted(by: { $0.value.id < $1.value.id }) { advance(app, using: &generator) }
        for volume in view.volumes.values.sorted(by: { $0.value.id < $1.value.id }) {
            advance(volume, using: &generator)
        }
        finishJobs()
        pruneHistory()
    }

    /// At most one effect for a subject.
    mutating func add(_ name: ControllerEffectName, _ subject: String, _ writes: [RecordWrite]) {
        guard !busy.contains(subject), !effects.contains(where: { $0.subject == subject }) else { return }
        effects.append(ControllerEffect(name: name, subject: subject, writes: writes))
    }

    func event(
        _ kind: EventName, app: AppID?, subject: String, _ message: String, actor: String = "controller",
        using generator: inout some RandomNumberGenerator
    ) -> RecordWrite {
        .put(
            .event(
                EventRecord(
                    id: .random(using: &generator), time: now, kind: kind, app: app, subject: subject, message: message,
                    actor: actor)),
            expects: .absent)
    }

    /// What the cell says of a member, when it already follows orders of at least this revision.
    func report(of member: MemberRecord, atLeast revision: Int64) -> MemberStatus? {
        guard let report = reports[member.cell], let followed = report.ordersRevision, followed >= revision else {
            return nil
        }
        return report.members.first { $0.id == member.id }
    }
}
