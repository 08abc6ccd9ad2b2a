import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Snapshots of apps' volumes. The location of what is begun names the job that tells when it is done.
struct SnapshotEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get("/foundry/v1/snapshots") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                return try Answer.json(
                    ListAnswer(resources: Self.summaries(platform.view.snapshots.values.map(\.value))))
            },
            .get("/foundry/v1/apps/:guid/snapshots") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let view = platform.view
                let app = try platform.app(request, in: view).value
                return try Answer.json(ListAnswer(resources: Self.summaries(view.snapshots(of: app.id))))
            },
            .post("/foundry/v1/apps/:guid/snapshots") { request throws(FoundryError) in try await take(request) },
            .delete("/foundry/v1/snapshots/:id") { request throws(FoundryError) in try await remove(request) },
        ]
    }

    private func take(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let name = try fields.text("name")
        let instance = try fields.integer("instance")
        try fields.finish()
        let plan = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let app = try platform.app(request, in: view)
            let plan = try SnapshotRule.take(
                app, name: name, instance: instance, by: request.caller, view: view,
                configuration: platform.configuration,
                now: SystemClock.timestamp(), using: &generator)
            return Change(name: "app.snapshot", subject: app.value.name.description, writes: plan.writes, answer: plan)
        }
        return try Answer.json(
            Self.summary(plan.record), status: .accepted, location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    private func remove(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        let missing = FoundryError(.snapshotNotFound, "No snapshot has this id.", hint: "foundry snapshots")
        let id: SnapshotID = try request.id("id", or: missing)
        let plan = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            guard let snapshot = view.snapshots[id] else { throw missing }
            let plan = try SnapshotRule.remove(
                snapshot, by: request.caller, view: view, now: SystemClock.timestamp(), using: &generator)
            return Change(name: "app.remove_snapshot", subject: id.description, writes: plan.writes, answer: plan)
        }
        return Answer.accepted(location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    private static func summaries(_ snapshots: [SnapshotRecord]) -> [SnapshotSummary] {
        snapshots.sorted { ($0.appName, $0.createdAt, $0.id) < ($1.appName, $1.createdAt, $1.id) }.map(summary)
    }

    private static func summary(_ snapshot: SnapshotRecord) -> SnapshotSummary {
        var taking: SnapshotTaking?
        let state: String
        switch snapshot.state {
        case .asked: state = "asked"
        case .taken(let how): (state, taking) = ("taken", how)
        case .removing: state = "removing"
        }
        return SnapshotSummary(
            guid: snapshot.id.description, name: snapshot.name.description, app: snapshot.app.description,
            appName: snapshot.appName.description, index: snapshot.index, volume: snapshot.volume.description,
            cell: snapshot.cell.description, size: snapshot.size.bytes, state: state,
            takenAt: taking.map { WireTime($0.takenAt) }, pauseMilliseconds: taking?.pauseMilliseconds,
            branch: taking?.branch, epoch: taking?.epoch.value, createdAt: WireTime(snapshot.createdAt),
            createdBy: snapshot.createdBy)
    }
}
