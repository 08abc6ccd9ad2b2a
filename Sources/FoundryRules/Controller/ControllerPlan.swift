import FoundryModel

/// One pass over what may have changed: what is due now.
struct ControllerPlan {
    let view: PlatformView
    let reports: [CellID: CellReport]
    let router: RouterReport?
    let configuration: PlatformConfiguration
    let sights: CellSights
    /// Lost cells, and since when by this controller's own clock.
    let lostSince: [CellID: MonotonicTime]
    let stoodDownAt: [MemberID: MonotonicTime]
    let moment: Moment
    let dirt: ControllerDirt
    /// Subjects whose last effect is still on its way.
    let busy: Set<String>
    /// Uses of fence devices that this process began.
    let ownAttempts: Set<PowerOrder>
    let answers: [PowerOrder: FenceOutcome]
    /// Cells that do not engage the brake.
    let waived: Set<CellID>
    private(set) var effects: [ControllerEffect] = []
    private var subjects: Set<String> = []
    /// Apps that were looked at.
    private(set) var seen: Set<AppID> = []
    /// Of those: that wait for time, or for something that no event of their own will tell.
    var restless: Set<AppID> = []
    /// What effects that are on their way take of the cells' room.
    var placed: [RecordWrite] = []
    /// The cells' room, once somebody asked for it in this pass.
    var fleet: Fleet?

    init(
        view: PlatformView, reports: [CellID: CellReport], router: RouterReport?, configuration: PlatformConfiguration,
        sights: CellSights, lostSince: [CellID: MonotonicTime], stoodDownAt: [MemberID: MonotonicTime],
        now: Moment, dirt: ControllerDirt, busy: Set<String>,
        ownAttempts: Set<PowerOrder>, answers: [PowerOrder: FenceOutcome], waived: Set<CellID>
    ) {
        self.view = view
        self.reports = reports
        self.router = router
        self.configuration = configuration
        self.sights = sights
        self.lostSince = lostSince
        self.stoodDownAt = stoodDownAt
        moment = now
        self.dirt = dirt
        self.busy = busy
        self.ownAttempts = ownAttempts
        self.answers = answers
        self.waived = waived
    }

    var now: Timestamp { moment.wall }

    /// What recoveries and rollouts are decided on.
    lazy var facts = RecoveryFacts(
        view: view, sights: sights, reports: reports, lostSince: lostSince, stoodDownAt: stoodDownAt,
        timing: configuration.timing, now: moment)

    mutating func make(using generator: inout some RandomNumberGenerator) {
        var cells = dirt.all ? Set(view.cells.keys).union(reports.keys) : dirt.cells
        if dirt.time { cells.formUnion(cellsInTrouble()) }
        watchSessions(cells, using: &generator)
        for cell in cells.sorted() { advance(cell: cell, using: &generator) }
        let apps = dirt.all ? Set(view.apps.keys) : dirt.apps
        for id in apps.sorted() {
            seen.insert(id)
            if let app = view.apps[id] { advance(app, using: &generator) }
        }
        advanceVolumes(using: &generator)
        advanceSnapshots(using: &generator)
        advanceServices(using: &generator)
        if dirt.all || dirt.jobs || dirt.time || !dirt.cells.isEmpty { finishJobs(using: &generator) }
        if dirt.all || dirt.history || dirt.jobs { pruneHistory() }
    }

    /// Those for which time matters: silent ones, and those under a fence.
    private func cellsInTrouble() -> Set<CellID> {
        guard configuration.timing != nil else { return [] }
        var cells = Set(view.cells.keys.filter { !sights[$0].canHost })
        for fence in view.fences.values where fence.value.state == .open { cells.insert(fence.value.cell) }
        return cells
    }

    /// Those of the apps that were looked at, and those of no app.
    private mutating func advanceVolumes(using generator: inout some RandomNumberGenerator) {
        var volumes = dirt.all ? Set(view.volumes.keys) : dirt.volumes
        if dirt.time {
            for volume in view.volumes.values {
                if case .kept(let until) = volume.value.phase, until <= now { volumes.insert(volume.value.id) }
            }
        }
        for app in seen { volumes.formUnion(view.index.volumes(of: app)) }
        for cell in dirt.cells { volumes.formUnion(view.index.volumes(on: cell)) }
        for id in volumes.sorted() { if let volume = view.volumes[id] { advance(volume, using: &generator) } }
    }

    /// At most one effect for a subject.
    mutating func add(
        _ name: ControllerEffectName, _ subject: String, _ writes: [RecordWrite], for origin: ControllerOrigin
    ) {
        add(name, subject, .transaction(writes), for: origin)
    }

    mutating func add(
        _ name: ControllerEffectName, _ subject: String, _ action: ControllerAction, for origin: ControllerOrigin
    ) {
        guard !busy.contains(subject), subjects.insert(subject).inserted else { return }
        effects.append(ControllerEffect(name: name, subject: subject, action: action, origin: origin))
    }

    func isFree(_ subject: String) -> Bool { !busy.contains(subject) && !subjects.contains(subject) }

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
        guard let report = reports[member.cell], view.isFollowed(revision, by: report) else { return nil }
        return report.members.first { $0.id == member.id }
    }
}
