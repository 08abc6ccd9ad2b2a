import FoundryModel
import FoundryRules

/// Something that people want of services.
enum ServiceWish {
    case install(ReleaseManifest)
    case remove(ReleaseID)
    case provision(ProvisionRequest)
    case update(ServiceInstanceID, ServiceUpdateRequest)
    case rename(ServiceInstanceID, String)
    case delete(ServiceInstanceID, isForced: Bool)
    case bind(BindRequest)
    case unbind(BindingID)
    case stop(AppID)
    case start(AppID)
    case credential(String)
}

extension World {
    /// What a server makes of it; nothing: it is so already.
    func plan(_ wish: ServiceWish, _ server: ServerNode) throws(FoundryError) -> [RecordWrite] {
        let (view, wall) = (server.view, server.now.wall)
        switch wish {
        case .install(let manifest):
            return try ReleaseVerbs.install(
                manifest, image: Workload.probedImage, digest: ServiceReleases.digest(of: manifest), signer: nil,
                by: "people", view: view, now: wall, using: &random.services
            ).writes
        case .remove(let id):
            return try ReleaseVerbs.remove(id, view: view, now: wall, using: &random.services).writes
        case .provision(let request):
            return try ServiceVerbs.provision(
                request, view: view, configuration: serviceConfiguration, now: wall, using: &random.services
            ).writes
        case .update(let id, let request):
            guard let instance = view.instances[id] else { return [] }
            return try ServiceVerbs.update(
                instance, request, view: view, configuration: serviceConfiguration, now: wall, using: &random.services
            ).writes
        case .rename(let id, let name):
            guard let instance = view.instances[id] else { return [] }
            return try ServiceVerbs.rename(instance, to: name, view: view, now: wall, using: &random.services).writes
        case .delete(let id, let isForced):
            guard let instance = view.instances[id] else { return [] }
            let writes = try ServiceVerbs.delete(
                instance, isForced: isForced, view: view, now: wall, using: &random.services
            ).writes
            checker.servicesKept.letGo(id)
            return writes
        case .bind(let request):
            return try BindingVerbs.bind(request, view: view, now: wall, using: &random.services).writes
        case .unbind(let id):
            guard let binding = view.bindings[id] else { return [] }
            return try BindingVerbs.unbind(binding, view: view, now: wall, using: &random.services).writes
        case .stop(let id):
            guard let app = view.apps[id] else { return [] }
            return try AppVerbs.stop(app, now: wall, using: &random.services).writes
        case .start(let id):
            guard let app = view.apps[id] else { return [] }
            return try AppVerbs.start(app, now: wall, using: &random.services).writes
        case .credential(let name):
            let isThere = view.brokerCredentials.keys.contains { $0.description == name }
            guard isThere else {
                return try BrokerCredentialRule.create(
                    name, hash: "00", by: "people", view: view, now: wall, using: &random.services
                ).writes
            }
            return try BrokerCredentialRule.revoke(name, by: "people", view: view, now: wall, using: &random.services)
        }
    }

    /// Routes of instances lie behind those of the apps, whose ports have their numbers.
    private var serviceConfiguration: PlatformConfiguration {
        var configuration = configuration
        configuration.routes = RouteConfiguration(
            firstPort: configuration.routes.firstPort + settings.workloads, lastPort: configuration.routes.lastPort)
        return configuration
    }
}
