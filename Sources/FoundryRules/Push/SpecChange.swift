import FoundryModel

/// One thing that a push changes of an app.
public struct SpecChange: Hashable, Sendable {
    /// As a manifest calls it: `memory`, `disk-sync`, `env COLOUR`, `route`.
    public var what: String
    /// nil: there was none. Of a variable never its value.
    public var before: String?
    /// nil: there is none any more.
    public var after: String?
    /// Its members get it by being made anew, one after the other.
    public var restarts: Bool

    public init(_ what: String, _ before: String?, _ after: String?, restarts: Bool = false) {
        self.what = what
        self.before = before
        self.after = after
        self.restarts = restarts
    }
}

extension SpecChange {
    /// In the order in which they are told; empty when nothing changes.
    ///
    /// What a container, or the engine in it, learns when it is made needs a new one; limits, ceilings and what the control plane alone goes by do not.
    /// What decides whether a member is healthy is tried out on a start, from which there is a way back.
    static func between(_ old: WorkloadSpec, _ new: WorkloadSpec) -> [SpecChange] {
        // Its engine is told how much it has when it starts.
        let isService = old.service != nil
        return [
            image(old.image, new.image),
            value("memory", old.memory, new.memory, restarts: isService) { $0.description },
            value("cpu", old.cpu, new.cpu, restarts: isService) { $0.description },
            value("disk", old.disk?.size, new.disk?.size, restarts: isService) { $0.description },
            value("disk-sync", old.disk?.sync, new.disk?.sync, restarts: true) { $0.description },
            value("instances", old.instances, new.instances) { $0.description },
            value("io-performance", old.disk?.io, new.disk?.io) { $0.rawValue },
            value("tolerates", tolerated(old), tolerated(new)) { $0.map(\.rawValue).joined(separator: ",") },
            value("ephemeral", paths(old), paths(new), restarts: true) { $0.joined(separator: ", ") },
        ].compactMap(\.self) + environment(old.environment, new.environment) + service(old.service, new.service)
            + [
                value("target-port", old.targetPort, new.targetPort, restarts: true) { $0.description },
                value("restart-policy", old.restartPolicy, new.restartPolicy) { $0.rawValue },
                value("fence", old.recovery.fence, new.recovery.fence) { $0.rawValue },
                value("when-lost", old.recovery.whenLost, new.recovery.whenLost) { $0.rawValue },
                check("health-check", old.health, new.health, restarts: true),
                check("readiness-health-check", old.readiness, new.readiness, restarts: false),
            ].compactMap(\.self)
    }

    private static func value<Value: Equatable>(
        _ what: String, _ old: Value?, _ new: Value?, restarts: Bool = false, _ words: (Value) -> String
    ) -> SpecChange? {
        old == new ? nil : SpecChange(what, old.map(words), new.map(words), restarts: restarts)
    }

    /// Of two images of one name the digests tell which is which.
    private static func image(_ old: ResolvedImage, _ new: ResolvedImage) -> SpecChange? {
        let isRun = old.manifestDigest != new.manifestDigest || old.configuration != new.configuration
        return value("image", old, new, restarts: isRun) { image in
            old.name == new.name ? "\(image.name) \(image.manifestDigest.prefix(19))" : image.name
        }
    }

    private static func tolerated(_ spec: WorkloadSpec) -> [Tolerance]? {
        spec.disk.flatMap { $0.tolerates.isEmpty ? nil : $0.tolerates }
    }

    private static func paths(_ spec: WorkloadSpec) -> [String]? {
        spec.ephemeralPaths.isEmpty ? nil : spec.ephemeralPaths
    }

    private static func environment(_ old: [String: String], _ new: [String: String]) -> [SpecChange] {
        Set(old.keys).union(new.keys).sorted().compactMap { name in
            value("env \(name)", old[name], new[name], restarts: true) { text in
                text == old[name] || old[name] == nil ? "set" : "another value"
            }
        }
    }

    /// What an instance's members know, and what is rendered of it.
    private static func service(_ old: ServiceSpec?, _ new: ServiceSpec?) -> [SpecChange] {
        guard let old, let new else { return [] }
        let waiting = Set(old.waiting).intersection(new.waiting)
        // What says again how much it has, and what it is called, is told once.
        let names = Set(old.values.keys).union(new.values.keys).subtracting(ServiceSpecRule.told)
        let values = names.sorted().compactMap { name in
            value("parameter \(name)", old.values[name], new.values[name], restarts: !waiting.contains(name)) { $0 }
        }
        return values
            + [value("templates", old.templates, new.templates, restarts: true) { "\($0.count) files" }].compactMap(
                \.self)
    }

    /// Two checks, with the figures in which they differ.
    private static func check(_ what: String, _ old: HealthCheck?, _ new: HealthCheck?, restarts: Bool) -> SpecChange? {
        let (before, after) = (old.map(figures) ?? [], new.map(figures) ?? [])
        return value(what, old, new, restarts: restarts) { check in
            let others = check == old ? after : before
            let different = figures(check).filter { !others.contains($0) }
            return ([CheckWords.question(check.asks)] + different).joined(separator: ", ")
        }
    }

    private static func figures(_ check: HealthCheck) -> [String] {
        guard check.asks != .process else { return [] }
        return [
            "every \(Contract.duration(check.intervalMilliseconds))",
            "answered within \(Contract.duration(check.timeoutMilliseconds))", "\(check.failuresAllowed) failures",
            "starts within \(Contract.duration(check.startPeriodMilliseconds))",
        ]
    }
}
