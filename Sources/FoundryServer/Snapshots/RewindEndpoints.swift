import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Clones, rewinds, and the removal of what they leave. The location of each names the job that tells when it is done.
struct RewindEndpoints: Sendable {
    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .post("/foundry/v1/apps/:guid/clones") { request throws(FoundryError) in try await clone(request) },
            .post("/foundry/v1/apps/:guid/rewinds") { request throws(FoundryError) in try await rewind(request) },
            .delete("/foundry/v1/volumes/:id") { request throws(FoundryError) in try await remove(request) },
        ]
    }

    private func clone(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let name = try fields.text("name")
        let snapshot = try fields.text("snapshot").map(Self.snapshot)
        let instance = try fields.integer("instance")
        let port = try fields.integer("port")
        try fields.finish()
        guard let name else {
            throw FoundryError(.badRequest, "A clone needs a name.", hint: "{\"name\": \"orders-copy\"}")
        }
        let wish = CloneRequest(name: name, snapshot: snapshot, instance: instance, port: port)
        let (source, plan) = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let app = try platform.app(request, in: view)
            let plan = try CloneRule.plan(
                app, wish, by: request.caller, view: view, configuration: platform.configuration,
                now: SystemClock.timestamp(), using: &generator)
            return Change(
                name: ClonePlan.transactionName, subject: name, writes: plan.writes, answer: (app.value.id, plan))
        }
        return try Answer.json(
            CloneSummary(
                guid: plan.app.id.description, name: plan.app.name.description, source: source.description,
                snapshot: plan.volume.source?.snapshot.description, volume: plan.volume.id.description,
                port: plan.route?.port, isUnchanged: plan.isUnchanged), status: .accepted,
            location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    private func rewind(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let snapshot = try fields.text("snapshot").map(Self.snapshot)
        let copy = try fields.text("copy").map(Self.volume)
        let current = try fields.text("instead_of").map(Self.volume)
        try fields.finish()
        let target: RewindTarget
        switch (snapshot, copy) {
        case (let id?, nil): target = .snapshot(id)
        case (nil, let id?): target = .copy(id)
        case (nil, nil), (_?, _?):
            throw FoundryError(
                .badRequest, "A rewind needs a snapshot or a copy, one of them.", hint: "{\"snapshot\": \"GUID\"}")
        }
        let plan = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let app = try platform.app(request, in: view)
            let plan = try RewindRule.plan(
                app, to: target, insteadOf: current, by: request.caller, view: view,
                configuration: platform.configuration, now: SystemClock.timestamp(), using: &generator)
            return Change(
                name: RewindPlan.transactionName, subject: app.value.name.description, writes: plan.writes,
                answer: plan)
        }
        return try Answer.json(
            RewindSummary(
                app: plan.app.id.description, volume: plan.volume.id.description, replaces: plan.replaced.description,
                isUnchanged: plan.isUnchanged), status: .accepted,
            location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    private func remove(_ request: APIRequest) async throws(FoundryError) -> Response {
        let purge = try QueryReader(request.query, known: ["purge"]).flag("purge")
        let missing = FoundryError(.volumeNotFound, "No volume has this id.", hint: "foundry volumes")
        let id: VolumeID = try request.id("id", or: missing)
        let plan = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            guard let volume = view.volumes[id] else { throw missing }
            let plan = try KeptVolumeRule.remove(
                volume, purge: purge, graceDays: platform.configuration.volumeGraceDays, by: request.caller,
                now: SystemClock.timestamp(), using: &generator)
            return Change(
                name: VolumeRemovalPlan.transactionName, subject: id.description, writes: plan.writes, answer: plan)
        }
        return Answer.accepted(location: "\(request.base)/v3/jobs/\(plan.job.id)")
    }

    private static func snapshot(_ text: String) throws(FoundryError) -> SnapshotID {
        if let id = SnapshotID(text) { return id }
        throw FoundryError(.snapshotNotFound, "No snapshot has this id.", hint: "foundry snapshots")
    }

    private static func volume(_ text: String) throws(FoundryError) -> VolumeID {
        if let id = VolumeID(text) { return id }
        throw FoundryError(.volumeNotFound, "No volume has this id.", hint: "foundry volumes")
    }
}
