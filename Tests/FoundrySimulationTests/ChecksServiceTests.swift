import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

/// The checks of services, each shown a log or a disk that breaks its invariant.
struct ChecksServiceTests {
    private let start = Timestamp(millisecondsSince1970: 0)

    private func id<Kind>(_ text: String) -> Identifier<Kind> {
        guard let id = Identifier<Kind>(text) else { preconditionFailure("\(text) is no id") }
        return id
    }

    private func commit(_ changes: [(Record?, Record?)]) -> Commit {
        Commit(
            revision: 1, time: .zero + .seconds(100), changes: changes.map { Commit.Change(old: $0.0, new: $0.1) })
    }

    private func instance(
        _ name: String = "orders", app: String = "w1", kind: ServiceOperation.Kind = .create
    ) throws -> ServiceInstanceRecord {
        let release = ReleaseID(name: try #require(AppName("db")), version: try #require(ReleaseVersion("1.0.0")))
        return ServiceInstanceRecord(
            id: id(name), name: try #require(AppName(name)), workload: id(app), offering: id("o1"), release: release,
            plan: id("p1"), secrets: ServiceSecrets(),
            operation: ServiceOperation(kind: kind, job: id("j1"), createdAt: start, updatedAt: start),
            origin: ServiceOrigin(by: "ci"), createdAt: start, updatedAt: start)
    }

    private func app(_ name: String, of instance: String = "orders") throws -> AppRecord {
        var spec = Workload(index: 0).spec
        spec.service = ServiceSpec(
            instance: id(instance), values: [:], waiting: [], templates: [], cluster: nil, verbs: [], data: "/data")
        return AppRecord(
            id: id(name), name: try #require(AppName(name)), spec: spec, desired: .started, generation: 1,
            createdAt: start, updatedAt: start)
    }

    private func binding(
        _ name: String, user: String = "b1", app: String? = nil, state: BindingState = .bound
    ) -> BindingRecord {
        BindingRecord(
            id: id(name), instance: id("orders"), app: app.map { id($0) }, user: user, state: state, job: id("j1"),
            origin: ServiceOrigin(by: "ci"), createdAt: start, updatedAt: start)
    }

    private func view(_ records: [Record]) -> PlatformView {
        var view = PlatformView()
        for record in records { view.put(record, revision: 1) }
        return view
    }

    /// A world in which an instance serves, with a binding that can be used, its volume, and the cell it lies on.
    private func served() throws -> (world: World, binding: BindingRecord, volume: Int, cell: CellNode) {
        var settings = WorldSettings(seed: 5)
        settings.workloads = 2
        settings.services = 3
        let world = World(settings)
        for _ in 0..<60 {
            world.run(until: world.now + .seconds(5))
            let usable = world.checker.truth.bindings.values.map(\.value).filter {
                $0.state == .bound && $0.user != nil
            }
            for binding in usable.sorted(by: { $0.id < $1.id }) {
                guard let app = world.checker.truth.instances[binding.instance]?.value.workload else { continue }
                for cell in world.cells {
                    let container = cell.containers.compactMap { $0 }.first {
                        $0.engine.workload == world.serviceWorkloads[app] && $0.engine.state == .serving
                    }
                    if let volume = container?.engine.volume { return (world, binding, volume, cell) }
                }
            }
        }
        throw Violation(.converges, at: world.now, "nobody was bound")
    }

    private func store(_ users: Set<String>, _ volume: Int, _ cell: CellNode) {
        cell.world.put(.replace(DiskFile(.users, volume), .users(users)), on: cell)
    }

    @Test("A binding that can be used and whose user is not in the data is found")
    func missingUser() throws {
        let (world, binding, volume, cell) = try served()
        let users = cell.disk.users(ofVolume: volume)
        #expect(BindingUserCheck(world).first()?.invariant != .bindingHasItsUser)
        store(users.subtracting([try #require(binding.user)]), volume, cell)
        let found = try #require(BindingUserCheck(world).first())
        #expect(found.invariant == .bindingHasItsUser && found.detail.contains("\(binding.id)"))
    }

    @Test("A user in the data who was removed, or who belongs to nobody, is found")
    func strangeUser() throws {
        let (world, _, volume, cell) = try served()
        #expect(RemovedUserCheck().end(world) == nil)
        store(cell.disk.users(ofVolume: volume).union(["bstranger"]), volume, cell)
        #expect(RemovedUserCheck().end(world)?.invariant == .removedUserStaysOut)
        var check = RemovedUserCheck()
        check.restored(PlatformView(), revision: 0)
        #expect(check.end(world) == nil, "a backup does not know of who was made after it")
        let gone = binding("x", user: "bstranger", state: .revoked)
        check.commit(commit([(.binding(binding("x", user: "bstranger")), .binding(gone))]))
        #expect(check.end(world)?.invariant == .removedUserStaysOut)
        check.restored(PlatformView(), revision: 1)
        #expect(check.end(world)?.invariant == .removedUserStaysOut, "the backup may know of him")
        check.restored(PlatformView(), revision: 0)
        #expect(check.end(world) == nil, "he was made after the backup")
        check.commit(commit([(nil, .binding(binding("x", user: "bstranger"))), (.binding(gone), nil)]))
        #expect(check.end(world)?.invariant == .removedUserStaysOut)
        check.commit(commit([(.binding(gone), .binding(binding("x", user: "bstranger")))]))
        #expect(check.end(world) == nil, "he was bound again")
    }

    @Test("An instance that is told gone before its workload, its disk or a binding is, is found")
    func leftovers() throws {
        let going = commit([(.instance(try instance()), nil)])
        var check = ServiceGoneCheck()
        #expect(check.commit(going, truth: view([.instance(try instance())])) == nil)
        for left: Record in [.app(try app("w1")), .binding(binding("x"))] {
            let found = check.commit(going, truth: view([.instance(try instance()), left]))
            #expect(found?.invariant == .serviceLeavesNothing, "\(left)")
        }
        let together = commit([(.instance(try instance()), nil), (.binding(binding("x")), nil)])
        #expect(check.commit(together, truth: view([.instance(try instance()), .binding(binding("x"))])) == nil)
    }

    @Test("An instance that goes, or whose workload goes, without anybody's word is found")
    func lost() throws {
        var check = ServiceKeptCheck()
        check.acknowledge(id("orders"))
        let going = commit([(.instance(try instance()), nil)])
        #expect(check.commit(going, truth: view([]))?.invariant == .serviceKept)
        let workload = commit([(.app(try app("w1")), nil)])
        let truth = view([.instance(try instance())])
        #expect(check.commit(workload, truth: truth)?.invariant == .serviceKept)
        let world = World(WorldSettings(seed: 1))
        #expect(check.end(world)?.invariant == .serviceKept)
        check.letGo(id("orders"))
        #expect(check.commit(going, truth: view([])) == nil && check.end(world) == nil)
        let deleted = view([.instance(try instance(kind: .delete))])
        #expect(check.commit(workload, truth: deleted) == nil)
    }

    @Test("What a repeated request makes a second time is found")
    func twice() throws {
        let check = ServiceOnceCheck()
        let one = try app("w1")
        let two = try app("w2")
        #expect(check.commit(commit([(nil, .app(one))]), truth: view([.app(one)])) == nil)
        #expect(check.commit(commit([(nil, .app(two))]), truth: view([.app(one), .app(two)]))?.invariant == .onceOnly)
        var twin = try instance("other")
        twin.name = try instance().name
        let names = view([.instance(try instance()), .instance(twin)])
        #expect(check.commit(commit([(nil, .instance(twin))]), truth: names)?.invariant == .onceOnly)
        let (first, second) = (binding("x", app: "a1"), binding("y", user: "b2", app: "a1"))
        let bound = view([.binding(first), .binding(second)])
        #expect(check.commit(commit([(nil, .binding(second))]), truth: bound)?.invariant == .onceOnly)
    }
}
