import FoundryClient
import FoundryEffects
import FoundryModel

/// Makes an app from a snapshot of another one's disk, and stays until it serves.
public struct CloneWork: Sendable {
    private let api: FoundryAPI
    private let console: Console
    private let format: OutputFormat
    private let limit: Duration?

    /// - Parameter limit: nil: not waited for.
    public init(_ api: FoundryAPI, console: Console, format: OutputFormat, waitingFor limit: Duration?) {
        self.api = api
        self.console = console
        self.format = format
        self.limit = limit
    }

    /// - Parameter snapshot: its name, its id, or the beginning of that; nil: one is taken for it, and removed after.
    /// - Parameter port: nil: the lowest free one.
    /// - Throws: `app_not_found`, `snapshot_not_found`, `name_taken`, `pool_full`; why it could not be made; `timed_out`: it goes on.
    public func run(app: String, name: String, snapshot: String?, port: Int?) async throws {
        let source = try await AppLookup(api).app(app)
        let from = try await chosen(snapshot, of: app)
        let request = CloneBody(name: name, snapshot: from?.guid, port: port)
        let (clone, job) = try await api.clone(source.guid, request)
        if let limit { try await follow(job, name, limit) }
        let now = try await api.app(clone.guid)
        try console.show(now, as: format) { lines(now, clone, from, of: app) }
    }

    private func chosen(_ name: String?, of app: String) async throws -> SnapshotSummary? {
        guard let name else { return nil }
        return try SnapshotWork.find(name, of: app, among: try await api.snapshots())
    }

    private func follow(_ job: JobReference, _ name: String, _ limit: Duration) async throws {
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin("clone", name)
            guard try await JobFollower(api).follow(job, limit: limit) == nil else { return }
            throw FoundryError(
                .timedOut, "\(name) does not serve after \(TimeArgument(limit).description); it goes on.",
                hint: "foundry why \(name)")
        }
    }

    private func lines(
        _ app: AppSummary, _ clone: CloneSummary, _ snapshot: SnapshotSummary?, of source: String
    ) -> [String] {
        let name = TextStyle.strong.applied(to: app.name, on: console.output)
        let address = app.route.map { ", at \(RouteText.of($0))" } ?? ""
        let state = limit == nil ? "will be" : clone.isUnchanged ? "is already" : "is"
        let age = snapshot.map {
            " as it was \(AgeText.since(($0.takenAt ?? $0.createdAt).timestamp, now: SystemClock.timestamp())) ago"
        }
        return [
            "\(name) \(state) a clone of \(source)\(age ?? "")\(address)",
            "Users and passwords that lie in its data are those of \(source).",
        ]
    }
}
