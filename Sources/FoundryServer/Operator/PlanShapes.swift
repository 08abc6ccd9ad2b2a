import FoundryClient
import FoundryModel
import FoundryRules

/// Plans as the operator's surface tells them.
enum PlanShapes {
    static func app(_ plan: PushPlan, alias: AliasSummary?, host: (RouteScope) -> String) -> PlannedApp {
        let spec = plan.app.spec
        return PlannedApp(
            name: plan.app.name.description, action: action(plan), image: image(spec.image),
            alias: alias,
            memory: spec.memory.bytes, cpuMillicores: spec.cpu.count, disk: spec.disk?.size.bytes,
            mounts: spec.disk?.mounts.map(\.path) ?? [],
            ephemeralPaths: spec.ephemeralPaths, restartPolicy: spec.restartPolicy.rawValue, policy: policy(spec),
            route: plan.route.map { route($0, host: host($0.scope), isServing: false, isPlanned: !plan.isUnchanged) },
            contract: lines(plan.contract),
            changes: changes(plan.changes), newSentences: lines(plan.newSentences), restarts: plan.restarts,
            dangers: plan.dangers)
    }

    static func changes(_ changes: [SpecChange]) -> [PlannedChange] {
        changes.map { PlannedChange(what: $0.what, before: $0.before, after: $0.after, restarts: $0.restarts) }
    }

    static func lines(_ sentences: [ContractSentence]) -> [ContractLine] {
        sentences.map { ContractLine(id: $0.clause.rawValue, text: $0.text) }
    }

    private static func action(_ plan: PushPlan) -> String {
        if plan.isUnchanged { return "none" }
        return plan.isNew ? "create" : "update"
    }

    static func policy(_ spec: WorkloadSpec) -> PolicySummary {
        PolicySummary(
            diskSync: spec.disk?.sync.description,
            ioPerformance: spec.disk?.io.rawValue, tolerates: spec.disk?.tolerates.map(\.rawValue) ?? [],
            fence: spec.recovery.fence.rawValue, whenLost: spec.recovery.whenLost.rawValue)
    }

    static func image(_ image: ResolvedImage) -> ImageName {
        ImageName(
            reference: image.reference.description, name: image.name, source: image.source.rawValue,
            digest: image.manifestDigest)
    }

    static func route(_ route: RouteRecord, host: String, isServing: Bool, isPlanned: Bool = false) -> RouteSummary {
        RouteSummary(
            guid: isPlanned ? nil : route.id.description, scope: route.scope.rawValue, host: host, port: route.port,
            targetPort: route.targetPort,
            isServing: isServing)
    }
}
