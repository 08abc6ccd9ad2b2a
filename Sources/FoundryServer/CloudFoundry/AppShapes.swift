import FoundryClient
import FoundryModel
import FoundryRules

/// Our records as Cloud Foundry's resources.
struct AppShapes {
    let base: String

    func app(_ app: AppRecord) -> AppAnswer {
        let href = "\(base)/v3/apps/\(app.id)"
        return AppAnswer(
            guid: app.id.description, name: app.name.description,
            state: app.desired == .started ? "STARTED" : "STOPPED",
            createdAt: app.createdAt.description, updatedAt: app.updatedAt.description, space: Platform.space,
            links: [
                "self": Link(href: href), "space": Link(href: "\(base)/v3/spaces/\(Platform.space)"),
                "processes": Link(href: href + "/processes"),
                "start": Link(href: href + "/actions/start", method: "POST"),
                "stop": Link(href: href + "/actions/stop", method: "POST"),
            ])
    }

    func process(_ app: AppRecord) -> ProcessAnswer {
        let href = "\(base)/v3/processes/\(app.id)"
        return ProcessAnswer(
            guid: app.id.description, instances: app.spec.instances, memoryInMb: app.spec.memory.wholeMegabytes,
            diskInMb: app.spec.disk?.size.wholeMegabytes ?? 0,
            healthCheck: HealthShapes.check(app.spec.health),
            readinessHealthCheck: HealthShapes.readiness(app.spec.readiness),
            createdAt: app.createdAt.description, updatedAt: app.updatedAt.description, app: app.id.description,
            links: [
                "self": Link(href: href), "app": Link(href: "\(base)/v3/apps/\(app.id)"),
                "stats": Link(href: href + "/stats"),
            ])
    }

    func route(_ route: RouteRecord, host: String) -> RouteAnswer {
        RouteAnswer(
            guid: route.id.description, port: route.port, url: "\(host):\(route.port)",
            destinations: [
                .init(guid: route.id.description, app: .init(guid: route.app.description), port: route.targetPort)
            ],
            createdAt: route.createdAt.description, space: Platform.space, domain: route.scope.rawValue,
            links: ["self": Link(href: "\(base)/v3/routes/\(route.id)")])
    }

    func job(_ job: JobRecord, state: JobAnswer.State, errors: [FoundryError], updatedAt: Timestamp) -> JobAnswer {
        JobAnswer(
            guid: job.id.description, operation: job.operation.rawValue, state: state,
            errors: errors.map(ErrorItem.init),
            createdAt: job.createdAt.description, updatedAt: updatedAt.description,
            links: ["self": Link(href: "\(base)/v3/jobs/\(job.id)"), "app": Link(href: "\(base)/v3/apps/\(job.app)")],
            foundry: .init(appGuid: job.app.description, appName: job.appName.description))
    }

    func event(_ event: EventRecord) -> AuditEventAnswer {
        AuditEventAnswer(
            guid: event.id.description, createdAt: event.time.description, type: event.kind.rawValue,
            actor: .init(guid: event.actor, type: event.actor == "operator" ? "user" : "process", name: event.actor),
            target: .init(
                guid: event.app?.description ?? "", type: event.app == nil ? "platform" : "app", name: event.subject),
            message: event.message, space: Platform.space, organization: Platform.organization,
            links: ["self": Link(href: "\(base)/v3/audit_events/\(event.id)")])
    }
}
