import FoundryModel

/// One field of the credentials that a binding gets.
public enum CredentialValue: Hashable, Sendable {
    case text(String)
    case number(Int)

    public var text: String {
        switch self {
        case .text(let text): text
        case .number(let number): "\(number)"
        }
    }
}

/// Writes the credentials of a binding, from the templates of its release.
public enum CredentialRule {
    /// - Parameter host: where the route is reached from.
    /// - Returns: by field. Secret: whoever shows it has asked whether that may be.
    /// - Throws: `release_not_found`, `release_invalid`; `service_not_ready` without a route.
    public static func credentials(
        of binding: BindingRecord, host: String, view: PlatformView
    ) throws(FoundryError) -> [String: CredentialValue] {
        guard let instance = view.instances[binding.instance]?.value else { throw BindingVerbs.missingInstance }
        let release = try BindingVerbs.release(instance, view)
        guard let app = view.apps[instance.workload]?.value, let route = view.route(of: app.id) else {
            throw FoundryError(.serviceNotReady, "\(instance.name) has no route.", hint: "foundry why \(instance.name)")
        }
        let values = TemplateValues.of(app, instance, binding, release, host: host, port: route.port)
        var credentials: [String: CredentialValue] = [:]
        for (field, text) in release.manifest.binding.credentials {
            if text == "{{port}}" {
                credentials[field] = .number(route.port)
            } else {
                let written = try Template(text, name: "binding.credentials.\(field)").render(values)
                // An engine without TLS has no authority: a field that comes out empty is left out.
                if !written.isEmpty { credentials[field] = .text(written) }
            }
        }
        return credentials
    }
}

extension TemplateValues {
    fileprivate static func of(
        _ app: AppRecord, _ instance: ServiceInstanceRecord, _ binding: BindingRecord, _ release: ReleaseRecord,
        host: String, port: Int
    ) -> Self {
        var texts: [String: String] = [:]
        if let service = app.spec.service { texts = service.values }
        for (name, secret) in instance.secrets.named { texts["secrets.\(name)"] = secret.reveal() }
        let parameters = ParameterRule.standing(release.manifest.binding.parameters, given: binding.parameters)
        texts = texts.overlaid(by: parameters.mapValues(\.description))
        texts = texts.overlaid(by: [
            "host": host, "port": "\(port)", "user": binding.user ?? "", "password": binding.password?.reveal() ?? "",
            "binding": binding.id.description, "tls_ca": instance.secrets.tls?.authority ?? "",
        ])
        return TemplateValues(texts: texts, flags: ["founded": instance.isFounded, "tls": instance.secrets.tls != nil])
    }
}
