import FoundryClient
import FoundryModel

/// Takes and removes snapshots, and stays until it is done.
public struct SnapshotWork: Sendable {
    private let context: CommandContext

    public init(_ context: CommandContext) { self.context = context }

    /// - Throws: `app_not_found`, `name_taken`, `pool_full`; `bad_request` when the app has several instances, and none is named; why it could not be taken; `timed_out`: it goes on.
    public func take(of app: String, _ request: SnapshotRequest) async throws {
        let guid = try await AppLookup(context.api).app(app).guid
        let (asked, job) = try await context.api.takeSnapshot(of: guid, request)
        guard context.limit != nil else { return try show(asked, "\(app)/\(asked.name) will be taken") }
        try await follow(job, "snapshot", "\(app)/\(asked.name)")
        let taken = try await context.api.snapshots().first { $0.guid == asked.guid } ?? asked
        try show(taken, "\(app)/\(taken.name) was taken; \(Self.pause(taken))")
    }

    /// - Parameter name: of the snapshot, or its id, or the beginning of that.
    /// - Throws: `snapshot_not_found`; `timed_out`: it goes on.
    public func remove(_ name: String, of app: String) async throws {
        let snapshot = try Self.find(name, of: app, among: try await context.api.snapshots())
        let job = try await context.api.removeSnapshot(snapshot.guid)
        guard context.limit != nil else { return try show(snapshot, "\(app)/\(snapshot.name) will be removed") }
        try await follow(job, "remove", "\(app)/\(snapshot.name)")
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

    private func follow(_ job: JobReference, _ verb: String, _ subject: String) async throws {
        try await context.follow(
            job, verb, subject, late: CommandContext.late("\(subject) is not done", hint: "foundry snapshots"))
    }

    private func show(_ snapshot: SnapshotSummary, _ line: String) throws {
        try context.console.show(snapshot, as: context.format) { [line] }
    }
}
