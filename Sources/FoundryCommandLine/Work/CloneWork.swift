import FoundryClient
import FoundryEffects
import FoundryModel

/// Makes an app from a snapshot of another one's disk, and stays until it serves.
public struct CloneWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Parameter snapshot: its name, its id, or the beginning of that; nil: one is taken for it, and removed after.
    /// - Parameter port: nil: the lowest free one.
    /// - Parameter instance: the number of the member whose disk is meant; nil: the snapshot's, or the only one.
    /// - Throws: `app_not_found`, `snapshot_not_found`, `name_taken`, `pool_full`; why it could not be made; `timed_out`: it goes on.
    public func run(app: String, name: String, snapshot: String?, instance: Int?, port: Int?) async throws {
        let source = try await AppLookup(context.api).app(app)
        let from = try await chosen(snapshot, of: app)
        let request = CloneBody(name: name, snapshot: from?.guid, instance: instance, port: port)
        let (clone, job) = try await context.api.clone(source.guid, request)
        try await context.follow(
            job, "clone", name, late: CommandContext.late("\(name) does not serve", hint: "foundry why \(name)"))
        let now = try await context.api.app(clone.guid)
        try context.console.show(now, as: context.format) { lines(now, clone, from, of: app) }
    }

    private func chosen(_ name: String?, of app: String) async throws -> SnapshotSummary? {
        guard let name else { return nil }
        return try SnapshotWork.find(name, of: app, among: try await context.api.snapshots())
    }

    private func lines(
        _ app: AppSummary, _ clone: CloneSummary, _ snapshot: SnapshotSummary?, of source: String
    ) -> [String] {
        let name = TextStyle.strong.applied(to: app.name, on: context.console.output)
        let address = app.route.map { ", at \(RouteText.of($0))" } ?? ""
        let state = context.limit == nil ? "will be" : clone.isUnchanged ? "is already" : "is"
        let age = snapshot.map {
            " as it was \(AgeText.since(($0.takenAt ?? $0.createdAt).timestamp, now: SystemClock.timestamp())) ago"
        }
        return [
            "\(name) \(state) a clone of \(source)\(age ?? "")\(address)",
            "Users and passwords that lie in its data are those of \(source).",
        ]
    }
}
