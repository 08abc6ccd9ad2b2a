import FoundryModel
import FoundryRules
import FoundryTestSupport

/// An app that was pushed, and what further pushes of it would do.
struct PushChangeBench {
    var random = Seeded(82)
    var view = Samples.view()
    var configuration = Samples.configuration()
    var used: ByteCount?

    /// - Parameter request: of the app `demo`, with a member that serves.
    init(_ request: PushRequest = Self.request(), image: ResolvedImage = Samples.image()) throws {
        configuration.routes.publicRange = PublicRouteRange(address: "192.0.2.1", firstPort: 30_000, lastPort: 30_001)
        let plan = try plan(request, image: image)
        commit(plan.writes)
        let volume = plan.app.spec.disk.map { disk in
            VolumeRecord(
                id: VolumeID("volume")!, app: plan.app.id, appName: plan.app.name, cell: Samples.cell, size: disk.size,
                directories: [], lineage: LineageID("lineage")!, branch: 1, epoch: Epoch(1), sealedAt: .none,
                isMade: true, phase: .held(by: MemberID("member")!), createdAt: Samples.start)
        }
        if let volume { view.put(.volume(volume), revision: 4) }
        let member = MemberRecord(
            id: MemberID("member")!, app: plan.app.id, index: 0, cell: Samples.cell, slot: 2, volume: volume?.id)
        view.put(.member(member), revision: 4)
        view.put(
            .status(
                MemberStatus(
                    id: member.id, generation: 1, phase: .healthy, since: Samples.start, restarts: 0, lastExit: nil,
                    address: "10.77.3.2", startedAt: Samples.start, pid: 7)), revision: 4)
    }

    static func request(_ change: (inout PushRequest) -> Void = { _ in }) -> PushRequest {
        var request = PushRequest(name: "demo", image: "redis", disk: "100M")
        change(&request)
        return request
    }

    /// A push that says no more than the image and the name.
    static func change(_ change: (inout PushRequest) -> Void = { _ in }) -> PushRequest {
        var request = PushRequest(name: "demo", image: "redis")
        change(&request)
        return request
    }

    static func image(
        _ name: String = "redis:8", volumes: [String] = ["/data"], ports: [Int] = [6_379], says: [String] = []
    ) -> ResolvedImage {
        var image = Samples.image(volumes: volumes, ports: ports, name: name)
        image.manifestDigest = "sha256:" + String(repeating: "cd", count: 32)
        image.configuration.environment = says
        return image
    }

    var app: Revised<AppRecord> { view.app(named: AppName("demo")!)! }

    mutating func plan(
        _ request: PushRequest, image: ResolvedImage = Samples.image()
    ) throws(FoundryError) -> PushPlan {
        let used = used
        return try PushPlanner.plan(
            request, image: image, view: view, configuration: configuration, now: Samples.start,
            used: { _ in used }, using: &random)
    }

    mutating func commit(_ writes: [RecordWrite]) {
        for write in writes {
            switch write {
            case .put(let record, _): view.put(record, revision: view.revision + 1)
            case .delete(let key, _, _): view.remove(key: key, revision: view.revision + 1)
            case .check: break
            }
        }
    }

    /// The app is another than it was pushed.
    mutating func turn(_ change: (inout AppRecord) -> Void) {
        var app = app.value
        change(&app)
        commit([.put(.app(app), expects: .any)])
    }

    /// What a push changes, as it is told: `memory 64 MiB -> 128 MiB`; one that restarts has an asterisk.
    mutating func told(
        _ request: PushRequest, image: ResolvedImage = Samples.image()
    ) throws(FoundryError) -> [String] {
        try plan(request, image: image).changes.map {
            "\($0.restarts ? "*" : "")\($0.what) \($0.before ?? "none") -> \($0.after ?? "none")"
        }
    }

    mutating func refusal(
        _ request: PushRequest, image: ResolvedImage = Samples.image()
    ) -> FoundryError? {
        do throws(FoundryError) {
            _ = try plan(request, image: image)
            return nil
        } catch { return error }
    }
}
