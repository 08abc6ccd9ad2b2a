import FoundryModel

extension PushPlanner {
    /// A push of an app that exists: what it says, over what the app is. The same push again changes nothing.
    ///
    /// - Parameter used: of memory, by the member that uses most; nil: not known.
    static func change(
        _ app: Revised<AppRecord>, _ request: PushRequest, image: ResolvedImage, used: ByteCount?, site: PushSite,
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> PushPlan {
        try app.value.refuseService("pushed", hint: "foundry update-service \(app.value.name), or another name")
        guard app.value.desired == .started || app.value.desired == .stopped else {
            throw FoundryError(
                .appBusy, "\(app.value.name) is being deleted; its name is free in a moment.",
                hint: "foundry app \(app.value.name)")
        }
        let spec = try PushMerge(name: app.value.name, request: request, old: app.value.spec, image: image).spec()
        let before = site.view.route(of: app.value.id).flatMap { site.view.routes[Record.route($0).key] }
        let after = try route(of: app.value.id, spec, before?.value, request, site, &generator)
        let route = before?.value == after ? nil : RouteChange(from: before, to: after)
        let change = try OperatorVerbs.change(
            app, to: spec, route: route, used: used, view: site.view, now: site.now, using: &generator)
        guard !change.isUnchanged else { return unchanged(app.value, route: after, site, &generator) }
        return try changed(app.value, change, route, to: spec, reachedAt: after, site, &generator)
    }

    private static func changed(
        _ app: AppRecord, _ change: OperatorPlan, _ route: RouteChange?, to spec: WorkloadSpec,
        reachedAt after: RouteRecord?, _ site: PushSite, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> PushPlan {
        var next = app
        for case .put(.app(let record), _) in change.writes { next = record }
        let dangers = try ChangeDangers.sentences(app.name, from: app.spec, to: spec)
        let job = job(next, isOver: next.desired == .stopped, site, &generator)
        let routeBefore = route == nil ? after : route?.before?.value
        let before = Contract.sentences(for: app.spec, route: routeBefore, configuration: site.configuration)
        let contract = Contract.sentences(for: spec, route: after, configuration: site.configuration)
        return PushPlan(
            app: next, route: after, job: job, contract: contract, isUnchanged: false,
            changes: SpecChange.between(app.spec, spec) + (route?.changes ?? []),
            newSentences: contract.filter { !before.contains($0) }, restarts: next.rollout != nil, dangers: dangers,
            writes: change.writes + [.put(.job(job), expects: .absent)])
    }

    /// The one that it has, with what the push says of it.
    private static func route(
        of app: AppID, _ spec: WorkloadSpec, _ current: RouteRecord?, _ request: PushRequest, _ site: PushSite,
        _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RouteRecord? {
        let isAsked = request.port != nil || request.isPublic == true
        if request.noRoute == true {
            guard !isAsked else { throw noTarget }
            return nil
        }
        guard current != nil || request.noRoute == false || isAsked else { return nil }
        guard let target = spec.targetPort else {
            guard !isAsked else { throw noTarget }
            return nil
        }
        let scope: RouteScope =
            request.isPublic.map { $0 ? .public : .loopback } ?? current?.scope ?? .loopback
        if var current, scope == current.scope, request.port == nil || request.port == current.port {
            current.targetPort = target
            return current
        }
        let port = try PortRule.choose(
            request.port, scope: scope, view: site.view, configuration: site.configuration.routes)
        return RouteRecord(
            id: .random(using: &generator), app: app, scope: scope, port: port, targetPort: target,
            createdAt: site.now)
    }

    private static func unchanged(
        _ app: AppRecord, route: RouteRecord?, _ site: PushSite, _ generator: inout some RandomNumberGenerator
    ) -> PushPlan {
        let serves = site.view.members(of: app.id).contains { site.view.statuses[$0.id]?.value.phase == .healthy }
        let job = job(app, isOver: app.desired == .stopped || (serves && app.rollout == nil), site, &generator)
        return PushPlan(
            app: app, route: route, job: job,
            contract: Contract.sentences(for: app.spec, route: route, configuration: site.configuration),
            isUnchanged: true, writes: [.put(.job(job), expects: .absent)])
    }

    static var noTarget: FoundryError {
        FoundryError(
            .portInvalid, "A route is asked for, and the image says no port that it could lead to.",
            hint: "--target-port PORT")
    }
}
