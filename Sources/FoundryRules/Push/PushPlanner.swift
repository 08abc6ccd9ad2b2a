import FoundryModel

/// What a push would do: the app as it will be, its contract, and the writes that make it so.
public struct PushPlan: Sendable {
    public var app: AppRecord
    public var route: RouteRecord?
    public var job: JobRecord
    public var contract: [ContractSentence]
    /// The app is already what was asked for.
    public var isUnchanged: Bool
    /// There was no app of this name.
    public var isNew = false
    /// Of an app that exists.
    public var changes: [SpecChange] = []
    /// Of its contract: those that did not count before.
    public var newSentences: [ContractSentence] = []
    /// Its members are made anew for it, one after the other.
    public var restarts = false
    /// What a person should be asked about before.
    public var dangers: [String] = []
    public var writes: [RecordWrite]
    /// Of the store transaction.
    public static let transactionName = "app.push"
}

/// What a push meets.
struct PushSite {
    let view: PlatformView
    let configuration: PlatformConfiguration
    let now: Timestamp
}

/// Checks a push as a whole, before anything is written.
public enum PushPlanner {
    /// - Parameter image: what the request's image was resolved to.
    /// - Parameter used: of memory, by the member of the app that uses most; nil: not known.
    /// - Throws: the first thing that is wrong, with a hint.
    public static func plan(
        _ request: PushRequest, image: ResolvedImage, view: PlatformView, configuration: PlatformConfiguration,
        now: Timestamp, used: (AppID) -> ByteCount? = { _ in nil },
        using generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> PushPlan {
        let name = try SpecRule.name(request, image: image)
        let site = PushSite(view: view, configuration: configuration, now: now)
        if let app = view.app(named: name) {
            return try change(
                app, request, image: image, used: used(app.value.id), site: site, using: &generator)
        }
        let spec = try SpecRule.spec(request, image: image)
        let app = AppRecord(
            id: .random(using: &generator), name: name, spec: spec, desired: request.start ? .started : .stopped,
            generation: 1,
            createdAt: now, updatedAt: now)
        try InstanceRoom(view).require(app, using: &generator)
        let route = try route(of: app, request, site, &generator)
        let job = job(app, isOver: !request.start, site, &generator)
        let event = EventRecord(
            id: .random(using: &generator), time: now, kind: .appPushed, app: app.id, subject: name.description,
            message: "was pushed from \(image.name)", actor: "operator")
        var writes: [RecordWrite] = [
            NameRule.given(view), .put(.app(app), expects: .absent), .put(.job(job), expects: .absent),
            .put(.event(event), expects: .absent),
        ]
        if let route { writes.append(.put(.route(route), expects: .absent)) }
        return PushPlan(
            app: app, route: route, job: job,
            contract: Contract.sentences(for: spec, route: route, configuration: configuration),
            isUnchanged: false, isNew: true, writes: writes)
    }

    /// Of a new app.
    private static func route(
        of app: AppRecord, _ request: PushRequest, _ site: PushSite, _ generator: inout some RandomNumberGenerator
    ) throws(FoundryError) -> RouteRecord? {
        guard let target = app.spec.targetPort, request.noRoute != true else {
            guard request.port == nil, request.isPublic != true else { throw noTarget }
            return nil
        }
        let scope: RouteScope = request.isPublic == true ? .public : .loopback
        let port = try PortRule.choose(
            request.port, scope: scope, view: site.view, configuration: site.configuration.routes)
        return RouteRecord(
            id: .random(using: &generator), app: app.id, scope: scope, port: port, targetPort: target,
            createdAt: site.now)
    }

    static func job(
        _ app: AppRecord, isOver: Bool, _ site: PushSite, _ generator: inout some RandomNumberGenerator
    ) -> JobRecord {
        JobRecord(
            id: .random(using: &generator), operation: .applyManifest, app: app.id, appName: app.name,
            generation: app.generation, state: isOver ? .complete : .processing, createdAt: site.now,
            updatedAt: site.now)
    }
}
