import FoundryModel

/// Releases: installed, exchanged and removed.
public enum ReleaseVerbs {
    /// A version becomes what new instances get. The same version again changes nothing; offerings and plans keep their ids.
    ///
    /// - Parameter image: with the release's verbs and templates in it.
    /// - Throws: `release_exists` when the version is there with other contents; `release_in_use` when instances have a plan that it lacks.
    public static func install(
        _ manifest: ReleaseManifest, image: ResolvedImage, digest: String, signer: String?, by caller: String,
        view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        let id = ReleaseID(name: manifest.name, version: manifest.version)
        let versions = view.versions(of: manifest.name)
        if let there = view.releases[id] {
            guard there.value.digest == digest else {
                throw FoundryError(
                    .releaseExists, "\(id) is installed, with other contents.", hint: "give it a new version")
            }
            guard !there.value.isCurrent else { return .unchanged("release.install", "\(id) is installed already") }
        }
        let plans = versions.reduce([String: PlanID]()) { $0.overlaid(by: $1.value.plans) }
        var ids: [String: PlanID] = [:]
        for plan in manifest.plans {
            let name = plan.name.description
            ids[name] = plans[name] ?? .random(using: &generator)
        }
        let record = ReleaseRecord(
            manifest: manifest, offering: versions.first?.value.offering ?? .random(using: &generator), plans: ids,
            image: image, digest: digest, signer: signer, isCurrent: true, installedAt: now, installedBy: caller)
        let others = versions.filter { $0.value.isCurrent && $0.value.id != id }.map { other in
            var past = other.value
            past.isCurrent = false
            return RecordWrite.put(.release(past), expects: .revision(other.revision))
        }
        return OperatorPlan(
            name: "release.install",
            writes: [.put(.release(record), expects: .seen(view.releases[id]))] + others + [
                OperatorVerbs.event(
                    .releaseInstalled, "release \(manifest.name)", "version \(manifest.version) is installed", now,
                    &generator)
            ], message: "\(id) is installed")
    }

    /// - Throws: `release_in_use` while instances live.
    public static func remove(
        _ id: ReleaseID, view: PlatformView, now: Timestamp, using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> OperatorPlan {
        guard let release = view.releases[id] else { throw missing(id.name, view) }
        let instances = view.instances(of: id).map(\.name.description)
        guard instances.isEmpty else {
            let shown = instances.prefix(3).joined(separator: ", ")
            let more = instances.count > 3 ? " and \(instances.count - 3) more" : ""
            throw FoundryError(
                .releaseInUse, "\(id) is what \(shown)\(more) runs.",
                hint: "foundry release upgrade \(id.name), or foundry delete-service \(instances[0])")
        }
        var writes: [RecordWrite] = [
            .delete(key: Record.release(release.value).key, kind: .release, expects: .revision(release.revision))
        ]
        // The newest that is left is what new instances get.
        if release.value.isCurrent, let next = view.versions(of: id.name).first(where: { $0.value.id != id }) {
            var current = next.value
            current.isCurrent = true
            writes.append(.put(.release(current), expects: .revision(next.revision)))
        }
        writes.append(
            OperatorVerbs.event(
                .releaseRemoved, "release \(id.name)", "version \(id.version) was removed", now, &generator))
        return OperatorPlan(name: "release.remove", writes: writes, message: "\(id) is removed")
    }

    public static func missing(_ name: AppName, _ view: PlatformView) -> FoundryError {
        let known = Set(view.releases.keys.map(\.name.description)).sorted()
        let nearest = NearestName.find(name.description, among: known).map { "did you mean \($0)?" }
        return FoundryError(
            .releaseNotFound, "No release '\(name)' is installed.", hint: nearest ?? "foundry release ls")
    }
}
