import FoundryModel

/// What a bound app gets: `VCAP_SERVICES`, and a directory for each service.
///
/// - Source: Cloud Foundry's VCAP_SERVICES; servicebinding.io 1.0, "Workload Projection".
enum BoundServices {
    static let root = "/bindings"

    /// - Returns: nil for an app without bindings that can be used.
    static func order(for app: AppRecord, view: PlatformView) -> BoundServicesOrder? {
        guard app.spec.service == nil else { return nil }
        let services = view.bindings(to: app.id).filter { $0.isUsable && !view.isReplaced($0) }.compactMap {
            Service($0, view)
        }
        guard !services.isEmpty else { return nil }
        var files: [String: Secret] = [:]
        for service in services {
            files["\(service.directory)/type"] = Secret(service.release.name.description)
            files["\(service.directory)/provider"] = Secret("service-foundry")
            for (field, value) in service.credentials { files["\(service.directory)/\(field)"] = Secret(value.text) }
        }
        return BoundServicesOrder(
            environment: ["VCAP_SERVICES": Secret(document(services)), "SERVICE_BINDING_ROOT": Secret(root)],
            files: files,
            routes: services.map { BoundRoute(name: $0.instance.name.description, port: $0.port) }.sorted {
                $0.name < $1.name
            })
    }

    private struct Service {
        let binding: BindingRecord
        let instance: ServiceInstanceRecord
        let release: ReleaseManifest
        let plan: String
        let port: Int
        let credentials: [String: CredentialValue]

        /// nil: it cannot be reached now.
        init?(_ binding: BindingRecord, _ view: PlatformView) {
            guard let instance = view.instances[binding.instance]?.value,
                let release = view.releases[instance.release]?.value, let plan = release.plan(instance.plan),
                let route = view.route(of: instance.workload),
                let credentials = try? CredentialRule.credentials(
                    of: binding, host: instance.name.description, view: view)
            else { return nil }
            self.binding = binding
            self.instance = instance
            self.release = release.manifest
            self.plan = plan.name.description
            port = route.port
            self.credentials = credentials
        }

        var directory: String { binding.name ?? instance.name.description }

        var document: JSONText {
            .object([
                ("label", .text(release.name.description)), ("provider", .null), ("plan", .text(plan)),
                ("name", .text(directory)), ("tags", .list(release.tags.map { .text($0) })),
                ("instance_guid", .text(instance.id.description)), ("instance_name", .text(instance.name.description)),
                ("binding_guid", .text(binding.id.description)),
                ("binding_name", binding.name.map { .text($0) } ?? .null),
                (
                    "credentials",
                    .object(
                        credentials.sorted { $0.key < $1.key }.map { field in
                            switch field.value {
                            case .text(let text): (field.key, .text(text))
                            case .number(let number): (field.key, .number(number))
                            }
                        })
                ),
                ("syslog_drain_url", .null), ("volume_mounts", .list([])),
            ])
        }
    }

    private static func document(_ services: [Service]) -> String {
        let labels = Set(services.map { $0.release.name }).sorted()
        return JSONText.object(
            labels.map { label in
                (label.description, .list(services.filter { $0.release.name == label }.map(\.document)))
            }
        ).description
    }
}

extension BindingRecord {
    /// Its user is there.
    public var isUsable: Bool {
        switch state {
        case .bound, .renewing: true
        case .binding, .failed, .unbinding, .revoked: false
        }
    }
}
