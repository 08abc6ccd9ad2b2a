import FoundryModel

/// One line of an answer to "why is it as it is?".
public struct WhyLine: Hashable, Sendable, Codable {
    /// What the line is about: `demo`, `demo/0`, `volume demo/0`, `route 127.0.0.1:20000`.
    public var subject: String
    public var text: String
    /// What would change it, when somebody can.
    public var hint: String?

    public init(subject: String, text: String, hint: String? = nil) {
        self.subject = subject
        self.text = text
        self.hint = hint
    }
}

/// Says in words what the records say of an app, and what its members do. Why nothing more is done, the controller says: `ControllerMachine.reasons`.
public enum Why {
    public static func explain(_ id: AppID, view: PlatformView, router: RouterReport?) -> [WhyLine] {
        guard let app = view.apps[id]?.value else { return [] }
        let members = view.members(of: id)
        var lines = [desired(app)] + change(app)
        for member in members {
            lines.append(self.member(member, app, view))
            if let line = volume(member, app, view) { lines.append(line) }
        }
        return lines + copies(app, view) + routes(app, view, router)
    }

    private static func desired(_ app: AppRecord) -> WhyLine {
        let name = app.name.description
        switch app.desired {
        case .started: return WhyLine(subject: name, text: "shall run, by the word of its user at \(app.updatedAt)")
        case .stopped:
            return WhyLine(
                subject: name, text: "shall not run: it was stopped at \(app.updatedAt)", hint: "foundry start \(name)")
        case .deleted(let purge):
            return WhyLine(
                subject: name,
                text:
                    "is being deleted since \(app.updatedAt)\(purge ? ", its volume with it" : "; its volume is kept")")
        }
    }

    private static func change(_ app: AppRecord) -> [WhyLine] {
        change(of: app).map { [WhyLine(subject: app.name.description, text: $0, hint: "foundry logs \(app.name)")] }
            ?? []
    }

    /// What a change is at that goes through an app's members; nil: there is none.
    public static func change(of app: AppRecord) -> String? {
        switch app.rollout?.state {
        case nil: nil
        case .rolling: "is being changed, and goes back to what it was if a member does not become healthy"
        case .goingBack(let reason): "goes back to what it was before a change: \(reason)"
        }
    }

    private static func member(_ member: MemberRecord, _ app: AppRecord, _ view: PlatformView) -> WhyLine {
        let subject = "\(app.name)/\(member.index)"
        guard let status = view.statuses[member.id]?.value else {
            return WhyLine(
                subject: subject, text: "waits for the first word of cell \(member.cell.short)", hint: "foundry status")
        }
        let last = status.lastExit.map { " Its last end, at \($0.time): \($0.reason)." } ?? ""
        let problem = status.problem.map { " Something fails and is tried again: \($0.message)" } ?? ""
        return WhyLine(
            subject: subject, text: PhaseWords.sentence(status, logs: app.name) + last + problem,
            hint: status.problem?.hint ?? PhaseWords.hint(status.phase, app.name))
    }

    private static func volume(_ member: MemberRecord, _ app: AppRecord, _ view: PlatformView) -> WhyLine? {
        guard let id = member.volume, let volume = view.volumes[id]?.value else { return nil }
        let subject = "volume \(app.name)/\(member.index)"
        if let refusal = view.refusal(of: id) {
            return RestoreWords.refused(refusal, app, subject, view)
                ?? WhyLine(subject: subject, text: "is refused: \(refusal.message)", hint: refusal.hint)
        }
        return switch volume.phase {
        case .allotted where volume.isBeingMade: WhyLine(subject: subject, text: "is being made from a snapshot")
        case .allotted: WhyLine(subject: subject, text: "has its place in the pool and is not made yet")
        case .held:
            WhyLine(subject: subject, text: "is held by \(app.name)/\(member.index) under epoch \(volume.epoch)")
        case .sealed:
            WhyLine(subject: subject, text: "is sealed under epoch \(volume.epoch): its last holder stopped in order")
        case .kept(let until): WhyLine(subject: subject, text: "is kept until \(until)")
        case .purging: WhyLine(subject: subject, text: "is being purged")
        case .follows: WhyLine(subject: subject, text: "follows the holder of its branch")
        case .forked(let since):
            WhyLine(subject: subject, text: "is a fork since \(since): another copy went on without it")
        }
    }

    /// Volumes that no member has: what is to take another's place, and what was kept.
    private static func copies(_ app: AppRecord, _ view: PlatformView) -> [WhyLine] {
        view.volumes(of: app.id).compactMap { volume in
            let subject = "volume \(volume.id.short)"
            if let old = volume.replaces {
                let before = volume.isMade ? "is there" : "is being made from a snapshot"
                return WhyLine(
                    subject: subject, text: "\(before); it takes the place of \(old.short) once that is let go of")
            }
            guard case .forked(let since) = volume.phase, view.member(with: volume.id) == nil else { return nil }
            return WhyLine(
                subject: subject, text: "is kept since \(since), when \(app.name) went on with another disk",
                hint: "foundry volume rm \(volume.id.short)")
        }
    }

    private static func routes(_ app: AppRecord, _ view: PlatformView, _ router: RouterReport?) -> [WhyLine] {
        view.routerOrders().routes.filter { view.route($0.scope, $0.port)?.app == app.id }.map { order in
            let subject = "route \(order.scope.rawValue):\(order.port)"
            if order.isKept {
                return WhyLine(
                    subject: subject,
                    text: "leads where it did: the store was restored, and it is not known yet who holds the data")
            }
            guard !order.targets.isEmpty else {
                return WhyLine(subject: subject, text: "leads nowhere: no member serves now")
            }
            let targets = order.targets.map { "\($0.address):\($0.port)" }.joined(separator: ", ")
            if router?.applied.contains(order) == true {
                return WhyLine(subject: subject, text: "leads to \(targets)")
            }
            let problem = router?.problem.map { ": \($0)" } ?? ""
            return WhyLine(
                subject: subject, text: "shall lead to \(targets); the router has not done it yet\(problem)",
                hint: "foundry status")
        }
    }
}
