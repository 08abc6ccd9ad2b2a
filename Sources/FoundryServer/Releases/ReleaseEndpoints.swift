import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import Hummingbird

/// Releases that are installed. Instances follow a new version by a `PATCH` each, which names it.
struct ReleaseEndpoints: Sendable {
    private static let path = "/foundry/v1/releases"

    let platform: Platform

    var endpoints: [Endpoint] {
        [
            .get(Self.path) { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let view = platform.view
                let names = Set(view.releases.keys.map(\.name)).sorted()
                return try Answer.json(
                    ListAnswer(
                        resources: names.flatMap { view.versions(of: $0) }.map { Self.summary($0.value, view) }))
            },
            .get("\(Self.path)/:name") { request throws(FoundryError) in
                _ = try QueryReader(request.query, known: [])
                let view = platform.view
                let versions = try versions(request, view)
                return try Answer.json(ListAnswer(resources: versions.map { Self.summary($0, view) }))
            },
            .post(Self.path) { request throws(FoundryError) in try await install(request) },
            .delete("\(Self.path)/:name") { request throws(FoundryError) in try await remove(request) },
        ]
    }

    private func install(_ request: APIRequest) async throws(FoundryError) -> Response {
        _ = try QueryReader(request.query, known: [])
        var fields = try FieldReader(try ManifestJSON.read(request.body), path: "")
        let (upload, signer) = (try fields.text("upload"), try fields.text("signer"))
        let image = try fields.text("image")
        try fields.finish()
        let file = try await platform.uploads.take(upload ?? "")
        let arrival = ReleaseArrival(platform: platform, file: file, signer: signer, image: image)
        return try LongWork.answer(platform) {
            do throws(FoundryError) {
                return ReleaseWorkLine(release: try await arrival.install(by: request.caller))
            } catch { return ReleaseWorkLine(error: ErrorItem(error)) }
        }
    }

    /// All, or none.
    private func remove(_ request: APIRequest) async throws(FoundryError) -> Response {
        let text = try QueryReader(request.query, known: ["version"]).text("version")
        let removed = try await platform.changes.make { view throws(FoundryError) in
            var generator = SystemRandomNumberGenerator()
            let versions = try versions(request, view).filter { text == nil || $0.manifest.version.description == text }
            guard let first = versions.first else {
                throw FoundryError(
                    .releaseNotFound, "This version of the release is not installed.", hint: "foundry release ls")
            }
            var (left, writes): (PlatformView, [RecordWrite]) = (view, [])
            // The newest first: who is left is what new instances get, and then goes, too.
            for release in versions {
                let plan = try ReleaseVerbs.remove(
                    release.id, view: left, now: SystemClock.timestamp(), using: &generator)
                for write in plan.writes { write.apply(to: &left) }
                writes = writes.merged(with: plan.writes)
            }
            return Change(
                name: "release.remove", subject: first.manifest.name.description,
                writes: writes.map { $0.signed(by: request.caller) }, answer: versions)
        }
        return try Answer.json(
            ReleaseRemoval(
                name: removed[0].manifest.name.description, versions: removed.map(\.manifest.version.description)))
    }

    /// Newest first.
    private func versions(_ request: APIRequest, _ view: PlatformView) throws(FoundryError) -> [ReleaseRecord] {
        guard let name = AppName(request.parameters["name"] ?? "") else {
            throw FoundryError(.releaseNotFound, "No release has this name.", hint: "foundry release ls")
        }
        let versions = view.versions(of: name).map(\.value)
        guard !versions.isEmpty else { throw ReleaseVerbs.missing(name, view) }
        return versions
    }

    static func summary(_ release: ReleaseRecord, _ view: PlatformView) -> ReleaseSummary {
        let manifest = release.manifest
        return ReleaseSummary(
            name: manifest.name.description, version: manifest.version.description, title: manifest.title,
            description: manifest.description, documentation: manifest.documentation, tags: manifest.tags,
            isCurrent: release.isCurrent, offeringGuid: release.offering.description, digest: release.digest,
            signer: release.signer, image: PlanShapes.image(release.image), hasUsers: manifest.binding.hasUsers,
            hasTls: manifest.tls,
            plans: manifest.plans.compactMap { plan in
                release.plans[plan.name.description].map { ReleasePlanSummary(guid: $0.description, plan) }
            }, parameters: manifest.parameters.map(ParameterSummary.init),
            bindingParameters: manifest.binding.parameters.map(ParameterSummary.init),
            instances: view.instances(of: release.id).map(\.name.description),
            installedAt: WireTime(release.installedAt), installedBy: release.installedBy)
    }
}

extension RecordWrite {
    /// As the view will be after it.
    func apply(to view: inout PlatformView) {
        switch self {
        case .put(let record, _): view.put(record, revision: view.revision)
        case .delete(let key, _, _): view.remove(key: key, revision: view.revision)
        case .check: break
        }
    }
}

extension [RecordWrite] {
    /// One after the other, in one transaction: of a record that is written twice the last counts, and what the first one expected.
    func merged(with later: Self) -> Self {
        var all = self
        for write in later {
            guard let place = all.firstIndex(where: { $0.key == write.key }) else {
                all.append(write)
                continue
            }
            let expected = all[place].expectation
            switch write {
            case .put(let record, _): all[place] = .put(record, expects: expected)
            case .delete(let key, let kind, _): all[place] = .delete(key: key, kind: kind, expects: expected)
            case .check: break
            }
        }
        return all
    }
}
