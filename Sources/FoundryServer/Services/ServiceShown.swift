import FoundryModel
import FoundryRules

/// What is shown of services on more than one surface.
struct ServiceShown: Sendable {
    let platform: Platform

    /// Secret: whoever shows it has asked whether that may be.
    ///
    /// - Throws: `service_not_ready` without a route; what a release's templates throw.
    func credentials(
        _ binding: BindingRecord, _ view: PlatformView
    ) throws(FoundryError) -> (fields: [String: CredentialValue], place: (host: String, port: Int)) {
        let instance = try ServiceWork.instance(binding.instance, view).value
        guard let route = view.route(of: instance.workload), let host = platform.host(of: route.scope) else {
            throw FoundryError(.serviceNotReady, "\(instance.name) has no route.", hint: "foundry why \(instance.name)")
        }
        return (try CredentialRule.credentials(of: binding, host: host, view: view), (host, route.port))
    }
}
