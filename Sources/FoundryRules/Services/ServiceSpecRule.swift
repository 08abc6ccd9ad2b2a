import FoundryModel

/// Turns a plan of a release into the specification of a workload.
enum ServiceSpecRule {
    /// - Parameter parameters: as the user gave them.
    /// - Throws: `parameter_invalid`, `size_invalid`, `policy_unknown`, `policy_conflict`.
    static func spec(
        _ instance: ServiceInstanceID, name: AppName, release: ReleaseRecord, plan: ReleasePlan,
        parameters: [String: ParameterValue], wishes: ServiceWishes
    ) throws(FoundryError) -> WorkloadSpec {
        let manifest = release.manifest
        let memory =
            try wishes.memory.map { text throws(FoundryError) in
                try SpecRule.size(text, "memory", SpecRule.memoryLimits)
            } ?? plan.memory
        let policy = policy(wishes.policy, over: plan.policy)
        let disk = try PolicyRule.disk(
            policy, try disk(manifest, plan, wishes, release.image), image: release.image)
        let restartPolicy = try PolicyRule.restartPolicy(policy)
        var spec = WorkloadSpec(
            image: release.image, instances: plan.members, memory: memory, cpu: plan.cpu, disk: disk,
            ephemeralPaths: disk == nil ? release.image.configuration.volumes : [], environment: [:],
            targetPort: manifest.port, restartPolicy: restartPolicy,
            health: try check(manifest.health, port: manifest.port),
            readiness: try manifest.readiness.map { ready throws(FoundryError) in
                try check(ready, port: manifest.port)
            }, recovery: try PolicyRule.recovery(policy, restartPolicy))
        let values = try ParameterRule.values(manifest.parameters, given: parameters, plan: plan.parameters)
        spec.service = ServiceSpec(
            instance: instance,
            values: values.mapValues(\.description).overlaid(by: self.values(name, manifest, plan, spec)),
            waiting: (manifest.parameters.filter { !$0.needsRestart }.map(\.name) + Self.waiting).sorted(),
            templates: manifest.templates, cluster: manifest.cluster, verbs: manifest.verbs, data: manifest.data)
        return spec
    }

    /// Nobody restarts for these: a name, and how many others there are.
    private static let waiting = ["instance", "members", "plan"]

    /// Of what members know, what people are told in other words.
    static let told: Set<String> = [
        "instance", "offering", "members", "memory_mb", "disk_mb", "cpu_millicores", "disk_sync", "disk_defer_ms",
        "tls",
    ]

    private static func values(
        _ name: AppName, _ manifest: ReleaseManifest, _ plan: ReleasePlan, _ spec: WorkloadSpec
    ) -> [String: String] {
        manifest.values.overlaid(
            by: [
                "instance": name.description, "plan": plan.name.description, "offering": manifest.name.description,
                "members": "\(plan.members)", "memory_mb": "\(spec.memory.wholeMegabytes)",
                "disk_mb": "\(spec.disk?.size.wholeMegabytes ?? 0)", "cpu_millicores": "\(spec.cpu.count)",
                "disk_sync": syncWord(spec.disk), "disk_defer_ms": "\(deferral(spec.disk))", "tls": "\(manifest.tls)",
            ])
    }

    private static func syncWord(_ disk: DiskSpec?) -> String {
        switch disk?.sync {
        case .immediate: "immediate"
        case .deferred: "defer"
        case .normal, nil: "normal"
        }
    }

    private static func deferral(_ disk: DiskSpec?) -> Int64 {
        if case .deferred(let milliseconds)? = disk?.sync { return milliseconds }
        return 0
    }

    private static func disk(
        _ manifest: ReleaseManifest, _ plan: ReleasePlan, _ wishes: ServiceWishes, _ image: ResolvedImage
    ) throws(FoundryError) -> DiskSpec? {
        guard let data = manifest.data else {
            guard wishes.disk == nil else {
                throw FoundryError(
                    .diskUnused, "\(manifest.name) keeps nothing on a disk.", hint: "leave --disk out")
            }
            return nil
        }
        let size =
            try wishes.disk.map { text throws(FoundryError) in try SpecRule.size(text, "disk", SpecRule.diskLimits) }
            ?? plan.disk
        return try MountRule.disk(size: size, mount: data, ephemeral: false, image: image)
    }

    /// A user's words win over the plan's.
    private static func policy(_ wishes: ReleasePolicy, over plan: ReleasePolicy) -> PolicyRequest {
        PolicyRequest(
            restartPolicy: wishes.restartPolicy ?? plan.restartPolicy, diskSync: wishes.diskSync ?? plan.diskSync,
            ioPerformance: wishes.ioPerformance ?? plan.ioPerformance, fence: wishes.fence ?? plan.fence,
            whenLost: wishes.whenLost ?? plan.whenLost)
    }

    private static func check(_ check: ReleaseCheck, port: Int) throws(FoundryError) -> HealthCheck {
        var made: HealthCheck
        switch check.asks {
        case .verb(let verb): made = HealthRule.defaults(.command(["/foundry/verbs/\(verb)"]))
        case .engine(let engine): made = HealthCheck(.engine(engine, port: port))
        case .port: made = HealthCheck(.port(port))
        case .process: made = HealthCheck(.process)
        }
        made.startPeriodMilliseconds = check.startPeriodMilliseconds ?? made.startPeriodMilliseconds
        made.intervalMilliseconds = check.intervalMilliseconds ?? made.intervalMilliseconds
        made.timeoutMilliseconds = check.timeoutMilliseconds ?? made.timeoutMilliseconds
        return try HealthRule.withinLimits(made)
    }
}
