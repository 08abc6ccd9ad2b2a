import FoundryClient
import FoundryEffects
import FoundryModel

/// Brings an app's disk back to what it was, after it was said what that costs.
public struct RewindWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter target: a snapshot's name or id, or the id of a copy that an earlier rewind kept.
    /// - Parameter isMeant: nobody is asked.
    /// - Throws: `app_not_found`, `snapshot_not_found`, `conflict`, `pool_full`; `usage` when the answer was no, or nobody could be asked; why it could not
    ///   be done; `timed_out`: it goes on.
    public func run(app name: String, to target: String, isMeant: Bool) async throws {
        let app = try await AppLookup(context.api).app(name)
        let goal = try await goal(target, of: app)
        if !isMeant { try ask(app, goal) }
        let (rewind, job) = try await context.api.rewind(app.guid, goal.request(insteadOf: goal.current(of: app)?.guid))
        try await context.follow(
            job, "rewind", name, late: CommandContext.late("\(name) has not gone back", hint: "foundry why \(name)"))
        try context.console.show(rewind, as: context.format) { lines(app, rewind, goal) }
    }

    private func goal(_ target: String, of app: AppSummary) async throws -> RewindGoal {
        let copies = try await context.api.volumes().filter { $0.app == app.guid && $0.phase == "forked" }
        if target.count >= 4, let copy = copies.first(where: { $0.guid.hasPrefix(target) }) { return .copy(copy) }
        return .snapshot(try SnapshotWork.find(target, of: app.name, among: try await context.api.snapshots()))
    }

    private func ask(_ app: AppSummary, _ goal: RewindGoal) throws(FoundryError) {
        let now = SystemClock.timestamp()
        let words = "\(app.name) goes back to \(goal.words(now)). What was written since is not in it any more."
        guard Prompt.isPossible, context.format == .table else {
            throw FoundryError(
                .usage, "\(words) Nobody can be asked here whether that is meant.",
                hint: "foundry rewind \(app.name) --to \(goal.name) --yes")
        }
        let pause = app.desired == "started" ? " It is stopped for that, and started again." : ""
        guard Prompt(context.console).confirm("\(words) Its disk as it is now is kept beside it.\(pause) Go on?") else {
            throw FoundryError(.usage, "Nothing was changed.")
        }
    }

    private func lines(_ app: AppSummary, _ rewind: RewindSummary, _ goal: RewindGoal) -> [String] {
        let name = TextStyle.strong.applied(to: app.name, on: context.console.output)
        let kept = String(rewind.replaces.prefix(8))
        let state = context.limit == nil ? "goes back to" : rewind.isUnchanged ? "is already back at" : "is back at"
        return [
            "\(name) \(state) \(goal.words(SystemClock.timestamp()))",
            "What it had until then is kept as volume \(kept), and counts.",
            "  back to that: foundry rewind \(app.name) --to \(kept)",
            "  without it:   foundry volume rm \(kept)",
        ] + (app.desired == "started" ? [] : ["It is stopped: foundry start \(app.name)"])
    }
}

/// What a person meant with `--to`.
enum RewindGoal: Hashable, Sendable {
    case snapshot(SnapshotSummary)
    case copy(VolumeSummary)

    /// The disk that the app has in place of it now.
    func current(of app: AppSummary) -> VolumeSummary? {
        switch self {
        case .snapshot(let snapshot): app.volumes.first { $0.index == snapshot.index }
        case .copy(let copy): app.volumes.first { $0.lineage == copy.lineage }
        }
    }

    func request(insteadOf current: String?) -> RewindBody {
        switch self {
        case .snapshot(let snapshot): RewindBody(snapshot: snapshot.guid, insteadOf: current)
        case .copy(let copy): RewindBody(copy: copy.guid, insteadOf: current)
        }
    }

    var name: String {
        switch self {
        case .snapshot(let snapshot): snapshot.name
        case .copy(let copy): String(copy.guid.prefix(8))
        }
    }

    func words(_ now: Timestamp) -> String {
        switch self {
        case .snapshot(let snapshot):
            "\(snapshot.name), taken \(AgeText.since((snapshot.takenAt ?? snapshot.createdAt).timestamp, now: now)) ago"
        case .copy(let copy):
            "its disk \(name), kept \(AgeText.since((copy.forkedAt ?? copy.createdAt).timestamp, now: now)) ago"
        }
    }
}
