import FoundryClient
import FoundryModel

/// What `foundry push` was asked for, as a manifest.
public struct PushArguments: Sendable {
    public var image: String?
    /// Of the app.
    public var name: String?
    public var instances: Int?
    public var disk: String?
    public var memory: String?
    public var cpu: String?
    public var environment: [String: String] = [:]
    /// Names of variables that the app shall not have.
    public var unset: [String] = []
    public var port: Int?
    public var targetPort: Int?
    public var mount: String?
    public var policy = PolicyArguments()
    public var ephemeral = false
    /// nil: as it is; so does `route`.
    public var isPublic: Bool?
    public var route: Bool?
    public var noStart = false
    public var health = ManifestHealthCheck()
    public var readiness = ManifestHealthCheck()

    public static let largestManifest = 1 << 20

    public init() {}

    /// The manifest of a file, or the one that these arguments mean.
    ///
    /// - Parameter file: where a manifest lies; `-` means the standard input.
    /// - Throws: `usage` when both or neither are given.
    public func body(orManifest file: String?) throws(FoundryError) -> APIBody {
        if let file {
            guard isEmpty else {
                throw FoundryError(
                    .usage, "A manifest says everything about its apps: --file takes no other description of one.",
                    hint: "foundry push --file \(file)")
            }
            return .manifest(try InputFile.bytes(of: file, limit: Self.largestManifest))
        }
        guard let image else {
            throw FoundryError(.usage, "Which image?", hint: "foundry push redis, or foundry push --file manifest.yml")
        }
        do {
            return try .json(ManifestBody(applications: [application(image)]))
        } catch {
            throw FoundryError(.internalError, "The manifest cannot be written.", detail: "\(error)")
        }
    }

    /// Nothing that was not given is sent: what is left out is the server's to choose.
    func application(_ image: String) -> ManifestApplication {
        ManifestApplication(
            name: name, image: image, instances: instances, disk: disk, memory: memory, cpu: cpu,
            env: variables, port: port,
            targetPort: targetPort, mount: mount, restartPolicy: policy.restartPolicy,
            diskSync: policy.diskSync, ioPerformance: policy.ioPerformance, tolerates: policy.tolerates,
            fence: policy.fence, whenLost: policy.whenLost, ephemeral: ephemeral ? true : nil,
            isPublic: isPublic, noRoute: route.map { !$0 }, start: noStart ? false : nil,
            healthCheck: given(health), readinessHealthCheck: given(readiness))
    }

    private var variables: [String: String?]? {
        var variables = environment.mapValues(Optional.some)
        for name in unset { variables[name] = .some(nil) }
        return variables.isEmpty ? nil : variables
    }

    private func given(_ check: ManifestHealthCheck) -> ManifestHealthCheck? {
        check == ManifestHealthCheck() ? nil : check
    }

    private var isEmpty: Bool {
        image == nil && name == nil && instances == nil && disk == nil && memory == nil && cpu == nil
            && variables == nil && port == nil
            && targetPort == nil && mount == nil && policy == PolicyArguments() && !ephemeral && isPublic == nil
            && route == nil && !noStart && given(health) == nil && given(readiness) == nil
    }
}

/// The words of a contract, as they were given.
public struct PolicyArguments: Hashable, Sendable {
    public var restartPolicy: String?
    public var diskSync: String?
    public var ioPerformance: String?
    public var tolerates: String?
    public var fence: String?
    public var whenLost: String?

    public init() {}
}
