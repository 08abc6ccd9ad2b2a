import FoundryModel

/// What a push would do: the app as it will be, its contract, and the writes that make it so.
public struct PushPlan: Sendable {
    public var app: AppRecord
    public var route: RouteRecord?
    public var job: JobRecord
    public var contract: [ContractSentence]
    /// The app is already what was asked for.
    public var isUnchanged: Bool
    public var writes: [RecordWrite]
    /// Of the store transaction.
    public static let transactionName = "app.push"
}

/// Checks a push as a whole, before anything is written.
public enum PushPlanner {
    /// - Parameter image: what the request's image was resolved to.
    /// - Parameter alsoTaken: ports that other applications of the same manifest get.
    /// - Throws: the first thing that is wrong, with a hint.
    public static func plan(
        _ request: PushRequest, image: ResolvedImage, view: PlatformView, configuration: PlatformConfiguration,
        now: Timestamp,
        alsoTaken: Set<Int> = [], using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> PushPlan {
        let name = try SpecRule.name(request, image: image)
        let spec = try SpecRule.spec(request, image: image)
        if let existing = view.app(named: name) {
            return try unchanged(existing.value, request, spec, view, configuration, now, &generator)
        }
        _ = try Placement.choose(memory: spec.memory, disk: spec.disk?.size, view: view)
        let app = AppRecord(
            id: .random(using: &generator), name: name, spec: spec, desired: request.start ? .started : .stopped,
            generation: 1,
            createdAt: now, updatedAt: now)
        let route = try route(of: app, request, view, configuration, now, alsoTaken, &generator)
        let job = JobRecord(
            id: .random(using: &generator), operation: .applyManifest, app: app.id, appName: name,
            generation: app.generation,
            state: request.start ? .processing : .complete, createdAt: now, updatedAt: now)
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: .appPushed, app: app.id, subject: name.description,
            message: "was pushed from \(image.name)", actor: "operator")
        var writes: [RecordWrite] = [
            .put(.app(app), expects: .absent), .put(.job(job), expects: .absent), .put(.event(event), expects: .absent),
        ]
        if let route { writes.append(.put(.route(route), expects: .absent)) }
        return PushPlan(
            app: app, route: route, job: job,
            contract: Contract.sentences(for: spec, route: route, configuration: configuration),
            isUnchanged: false, writes: writes)
    }

    private static func route(
        of app: AppRecord, _ request: PushRequest, _ view: PlatformView, _ configuration: PlatformConfiguration,
        _ now: Timestamp,
        _ alsoTaken: Set<Int>, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RouteRecord? {
        guard let target = app.spec.targetPort, !request.noRoute else {
            guard request.port == nil, !request.isPublic else {
                throw FoundryError(
                    .portInvalid, "A route is asked for, and the image says no port that it could lead to.",
                    hint: "--target-port PORT")
            }
            return nil
        }
        let scope: RouteScope = request.isPublic ? .public : .loopback
        let port = try PortRule.choose(
            request.port, scope: scope, view: view, configuration: configuration.routes, alsoTaken: alsoTaken)
        return RouteRecord(
            id: .random(using: &generator), app: app.id, scope: scope, port: port, targetPort: target, createdAt: now)
    }

    /// The same push again changes nothing; another one under the same name is refused.
    private static func unchanged(
        _ app: AppRecord, _ request: PushRequest, _ spec: WorkloadSpec, _ view: PlatformView,
        _ configuration: PlatformConfiguration,
        _ now: Timestamp, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> PushPlan {
        if case .deleted = app.desired {
            throw FoundryError(
                .appBusy, "\(app.name) is being deleted; its name is free in a moment.", hint: "foundry app \(app.name)"
            )
        }
        let route = view.route(of: app.id)
        let isSameRoute =
            (request.port == nil || request.port == route?.port)
            && (request.noRoute || spec.targetPort == nil) == (route == nil)
            && request.isPublic == (route?.scope == .public)
        guard spec == app.spec, isSameRoute else {
            throw FoundryError(
                .nameTaken, "App with the name '\(app.name)' already exists, and it is not the same.",
                hint: "another name, or `foundry delete \(app.name)` first")
        }
        let isReady =
            app.desired == .stopped
            || view.members(of: app.id).contains { view.statuses[$0.id]?.value.phase == .healthy }
        let job = JobRecord(
            id: .random(using: &generator), operation: .applyManifest, app: app.id, appName: app.name,
            generation: app.generation,
            state: isReady ? .complete : .processing, createdAt: now, updatedAt: now)
        return PushPlan(
            app: app, route: route, job: job,
            contract: Contract.sentences(for: spec, route: route, configuration: configuration),
            isUnchanged: true, writes: [.put(.job(job), expects: .absent)])
    }
}
