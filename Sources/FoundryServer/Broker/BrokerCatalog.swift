import FoundryClient
import FoundryModel
import FoundryRules
import Synchronization

/// The offerings, as `GET /v2/catalog` has them: written once for what is installed.
///
/// - Source: Open Service Broker API 2.17, "Catalog Management".
final class BrokerCatalog: Sendable {
    /// Seconds that a platform asks for an operation at most.
    private static let longestPolling = 3_600

    private struct Written {
        var releases: [ReleaseID: Int64] = [:]
        var bytes: [UInt8] = []
    }

    private let written = Mutex(Written())

    func bytes(_ view: PlatformView) throws(FoundryError) -> [UInt8] {
        let releases = view.releases.mapValues(\.revision)
        let there = written.withLock { $0.releases == releases && !$0.bytes.isEmpty ? $0.bytes : nil }
        if let there { return there }
        let bytes: [UInt8]
        do { bytes = [UInt8](try WireJSON.encode(Self.document(view.offerings))) } catch {
            throw FoundryError(.internalError, "The catalog could not be written.", detail: "\(error)")
        }
        written.withLock { $0 = Written(releases: releases, bytes: bytes) }
        return bytes
    }

    static func document(_ offerings: [ReleaseRecord]) -> JSONNode { ["services": .list(offerings.map(service))] }

    private static func service(_ release: ReleaseRecord) -> JSONNode {
        let manifest = release.manifest
        var metadata: [String: JSONNode] = [
            "displayName": .text(manifest.title), "providerDisplayName": "Service Foundry",
        ]
        if let link = manifest.documentation { metadata["documentationUrl"] = .text(link) }
        return [
            "id": .text(release.offering.description), "name": .text(manifest.name.description),
            "description": .text(manifest.description), "tags": .list(manifest.tags.map { .text($0) }), "requires": [],
            "bindable": true, "instances_retrievable": true, "bindings_retrievable": true,
            "allow_context_updates": false, "plan_updateable": true, "metadata": .object(metadata),
            "plans": .list(manifest.plans.compactMap { plan($0, of: release) }),
        ]
    }

    private static func plan(_ plan: ReleasePlan, of release: ReleaseRecord) -> JSONNode? {
        let manifest = release.manifest
        guard let id = release.plans[plan.name.description] else { return nil }
        let binding = BrokerSchema.parameters(manifest.binding.parameters)
        return [
            "id": .text(id.description), "name": .text(plan.name.description), "description": .text(plan.description),
            "free": true, "bindable": true, "binding_rotatable": .flag(manifest.binding.hasUsers),
            "plan_updateable": true, "maximum_polling_duration": .number(longestPolling),
            "maintenance_info": maintenance(release), "metadata": ["bullets": .list(bullets(plan).map { .text($0) })],
            "schemas": [
                "service_instance": [
                    "create": ["parameters": BrokerSchema.parameters(manifest.parameters, plan: plan.parameters)],
                    "update": [
                        "parameters": BrokerSchema.parameters(
                            manifest.parameters, plan: plan.parameters, isUpdate: true)
                    ],
                ], "service_binding": ["create": ["parameters": binding]],
            ],
        ]
    }

    static func maintenance(_ release: ReleaseRecord) -> JSONNode {
        [
            "version": .text(release.manifest.version.description),
            "description": .text("\(release.manifest.title) \(release.manifest.version)"),
        ]
    }

    /// What a plan has, for people: `512M of memory`.
    static func bullets(_ plan: ReleasePlan) -> [String] {
        let each = plan.members > 1 ? " for each" : ""
        return ["\(plan.memory) of memory\(each)"] + (plan.disk.map { ["\($0) of disk\(each)"] } ?? []) + [
            plan.members > 1 ? "\(plan.members) members" : "one member"
        ]
    }
}
