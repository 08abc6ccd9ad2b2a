import FoundryClient
import FoundryModel

/// Takes and removes snapshots, and stays until it is done.
public struct SnapshotWork: Sendable {
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

    /// - Parameter name: nil: one is made of the time.
    /// - Throws: `app_not_found`, `name_taken`, `pool_full`; why it could not be taken; `timed_out`: it goes on.
    public func take(of app: String, name: String?) async throws {
        let guid = try await AppLookup(api).app(app).guid
        let (asked, job) = try await api.takeSnapshot(of: guid, name: name)
        guard let limit else { return try show(asked, "\(app)/\(asked.name) will be taken") }
        try await follow(job, "snapshot", "\(app)/\(asked.name)", limit)
        let taken = try await api.snapshots().first { $0.guid == asked.guid } ?? asked
        try show(taken, "\(app)/\(taken.name) was taken; \(Self.pause(taken))")
    }

    /// - Parameter name: of the snapshot, or its id, or the beginning of that.
    /// - Throws: `snapshot_not_found`; `timed_out`: it goes on.
    public func remove(_ name: String, of app: String) async throws {
        let snapshot = try Self.find(name, of: app, among: try await api.snapshots())
        let job = try await api.removeSnapshot(snapshot.guid)
        guard let limit else { return try show(snapshot, "\(app)/\(snapshot.name) will be removed") }
        try await follow(job, "remove", "\(app)/\(snapshot.name)", limit)
        try show(snapshot, "\(app)/\(snapshot.name) is removed")
    }

    /// Of an app that is gone, too: by the name that it had.
    static func find(
        _ name: String, of app: String, among all: [SnapshotSummary]
    ) throws(FoundryError) -> SnapshotSummary {
        let own = all.filter { $0.appName == app }
        let named = own.filter { $0.name == name }
        let found = named.isEmpty && name.count >= 4 ? own.filter { $0.guid.hasPrefix(name) } : named
        guard let first = found.first else {
            throw FoundryError(.snapshotNotFound, "\(app) has no snapshot '\(name)'.", hint: "foundry snapshots")
        }
        guard found.count == 1 else {
            throw FoundryError(
                .snapshotNotFound, "'\(name)' is a snapshot of several apps that were named \(app); say its id.",
                hint: "foundry snapshots --output json")
        }
        return first
    }

    private static func pause(_ snapshot: SnapshotSummary) -> String {
        snapshot.pauseMilliseconds.map { "writes were held for \($0) ms" } ?? "its disk was at rest"
    }

    private func follow(_ job: JobReference, _ verb: String, _ subject: String, _ limit: Duration) async throws {
        try await Progress.show(on: console, isSilent: format == .json) { progress in
            await progress.begin(verb, subject)
            guard try await JobFollower(api).follow(job, limit: limit) == nil else { return }
            throw FoundryError(
                .timedOut, "\(subject) is not done after \(TimeArgument(limit).description); it goes on.",
                hint: "foundry snapshots")
        }
    }

    private func show(_ snapshot: SnapshotSummary, _ line: String) throws {
        try console.show(snapshot, as: format) { [line] }
    }
}
