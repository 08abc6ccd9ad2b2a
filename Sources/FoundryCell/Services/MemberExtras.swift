import FoundryModel
import FoundryRules

/// What the platform gives a member beside its image and its order's own variables: as one of an instance, or as an app that is bound to some.
public struct MemberExtras: Sendable {
    /// They win over the member's own.
    var environment: [String: Secret] = [:]
    var files: [PrivateFile] = []
    /// Names in `/etc/hosts`, beside its own.
    var hosts: [HostName] = []

    public static let none = MemberExtras()

    init() {}

    /// Renders the templates of the image.
    ///
    /// - Parameter image: read without following a link out of it: its author need not mean well.
    /// - Throws: `release_invalid` where a template is missing or cannot be rendered.
    init(_ order: MemberOrder, subnet: String, image: LayeredTree) throws(FoundryError) {
        let hostname = MemberFiles.hostname(order.name)
        if let values = try MemberValues(order, subnet: subnet, hostname: hostname), let spec = order.spec.service {
            environment = values.environment.mapValues { Secret($0) }
            files = try Self.rendered(spec.templates, values.templates, image) + Self.secrets(order.service?.secrets)
        }
        if let bindings = order.bindings {
            environment.merge(bindings.environment) { $1 }
            files += bindings.files.map { PrivateFile(.bindings, $0.key, $0.value) }
        }
        hosts = HostName.all(order, subnet: subnet)
    }

    private static func rendered(
        _ templates: [ReleaseTemplate], _ values: TemplateValues, _ image: LayeredTree
    ) throws(FoundryError) -> [PrivateFile] {
        var files: [PrivateFile] = []
        for template in templates {
            let name = "templates/\(template.path)"
            guard let text = image.text("/foundry/\(name)", limit: Template.mostBytes) else {
                throw FoundryError(.releaseInvalid, "The image of the release has no file \(name).")
            }
            let rendered = try Template(text, name: name).render(values)
            files.append(PrivateFile(.config, template.path, Secret(rendered), isExecutable: template.isExecutable))
        }
        return files
    }

    private static func secrets(_ secrets: ServiceSecrets?) -> [PrivateFile] {
        let named = (secrets?.named ?? [:]).map { PrivateFile(.secrets, $0.key, $0.value) }
        guard let tls = secrets?.tls else { return named }
        return named + [
            PrivateFile(.tls, "ca.crt", Secret(tls.authority)),
            PrivateFile(.tls, "tls.crt", Secret(tls.certificate)),
            PrivateFile(.tls, "tls.key", tls.key),
        ]
    }
}

/// A line of a member's `/etc/hosts`.
struct HostName: Hashable, Sendable {
    var address: String
    var name: String

    /// Its peers, and the routes that it is bound to, at its gateway.
    static func all(_ order: MemberOrder, subnet: String) -> [HostName] {
        let peers = (order.service?.peers ?? []).filter { $0.member != order.id }.map {
            HostName(address: "\(subnet).\($0.slot)", name: MemberFiles.hostname($0.name))
        }
        let routes = (order.bindings?.routes ?? []).map {
            HostName(address: "\(subnet).1", name: MemberFiles.hostname($0.name))
        }
        var seen: Set<HostName> = []
        return (peers + routes).filter { seen.insert($0).inserted }
    }
}
