import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("One machine, killed anywhere")
struct PlatformPropertyTests {
    private static let request = PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M")

    /// Three apps, each with a policy of its own for its disk.
    private static func request(_ round: Int) -> PushRequest {
        var request = PushRequest(name: "demo-\(round % 3)", image: "redis", disk: "100M", memory: "64M")
        switch round % 3 {
        case 0: request.policy.diskSync = "immediate"
        case 1: request.policy.ioPerformance = "low"
        default: (request.policy.diskSync, request.policy.tolerates) = ("defer", "reorder")
        }
        // The second time it is a change.
        if round > 2 { request.environment = ["ROUND": "\(round)"] }
        return request
    }

    @Test("A push becomes a healthy member behind its route, and its job ends")
    func pushServes() throws {
        var world = PlatformWorld(seed: 1)
        world.step()
        let plan = try world.push(Self.request, image: Samples.image())
        for _ in 0..<60 { world.step() }
        let member = try #require(world.view.members(of: plan.app.id).first)
        #expect(world.view.statuses[member.id]?.value.phase == .healthy)
        #expect(world.view.jobs[plan.job.id]?.value.state == .complete)
        #expect(world.view.volumes[member.volume!]?.value.isMade == true)
        #expect(world.view.routerOrders().routes.first?.target?.address == "10.77.3.2")
        #expect(world.machine.violations.isEmpty)
    }

    @Test(
        "Whatever is killed, and whatever is asked meanwhile, the machine ends as it was ordered, and no write is lost",
        arguments: 0..<80)
    func survivesKills(seed: Int) throws {
        var world = PlatformWorld(seed: UInt64(seed))
        world.step()
        world.killPercent = 8
        for round in 0..<6 {
            let request = Self.request(round)
            do throws(FoundryError) { _ = try world.push(request, image: Samples.image()) } catch {
                // A disk that was scaled does not become smaller again.
                #expect([.appBusy, .conflict, .notRunning].contains(error.code), "seed \(seed): \(error)")
            }
            for _ in 0..<40 {
                world.step()
                if world.random.chance(6) { world.randomVerb() }
                if world.random.chance(6) { world.crashMember() }
            }
        }
        world.killPercent = 0
        for _ in 0..<40 { world.step() }
        // Past every pause of a crashed member.
        world.now += 400_000
        for _ in 0..<300 { world.step() }
        #expect(world.machine.violations.isEmpty, "seed \(seed): \(world.machine.violations.first ?? "")")
        try expectConverged(world, seed)
    }

    /// Every effect's name is reached by the runs above; one that is not would be untested.
    @Test("The runs reach every effect")
    func reachesEveryEffect() {
        var cell: Set<CellEffectName> = []
        var controller: Set<ControllerEffectName> = []
        for seed in 0..<12 {
            var world = PlatformWorld(seed: UInt64(1_000 + seed))
            world.step()
            for round in 0..<6 {
                _ = try? world.push(Self.request(round), image: Samples.image())
                for _ in 0..<60 {
                    world.step()
                    if world.random.chance(8) { world.randomVerb() }
                    if world.random.chance(4) { world.crashMember() }
                }
            }
            world.now += 31_000
            for _ in 0..<20 { world.step() }
            cell.formUnion(world.machine.done.keys)
            controller.formUnion(world.controllerDone.keys)
        }
        let all = Set(CellEffectName.allCases.filter { !$0.isOfManyCells && !$0.isOfServices })
        #expect(all.subtracting(cell).subtracting([.containerKill]).isEmpty)
        let mine = Set(ControllerEffectName.allCases.filter { !$0.isOfManyCells })
        #expect(controller == mine.union([.snapshotFail, .volumeUnmake, .rolloutStep]))
    }

    private func expectConverged(_ world: PlatformWorld, _ seed: Int) throws {
        let view = world.view
        for app in view.apps.values.map(\.value) {
            let members = view.members(of: app.id)
            switch app.desired {
            case .deleted: Issue.record("seed \(seed): \(app.name) is still there after it was deleted")
            case .started:
                let member = try #require(members.first, "seed \(seed)")
                #expect(
                    world.machine.isRunning(member.id),
                    "seed \(seed): \(app.name) does not run: \(Why.explain(app.id, view: view, router: nil))")
                let container = world.machine.observe().containers.first { $0.member == member.id }
                #expect(container?.limits == app.spec.limits, "seed \(seed): \(app.name) was scaled")
                if let disk = app.spec.disk, !world.machine.growsAtRest {
                    #expect(world.size(of: member) == disk.size, "seed \(seed): the disk of \(app.name) was scaled")
                }
            case .stopped:
                for member in members {
                    #expect(!world.machine.isRunning(member.id), "seed \(seed)")
                    #expect(
                        view.volumes[member.volume!]?.value.phase != .held(by: member.id),
                        "seed \(seed): \(app.name) is stopped and its volume held")
                }
            }
        }
        let snapshots = view.snapshots.values.map(\.value)
        #expect(snapshots.allSatisfy { $0.order.purpose == .keep }, "seed \(seed): a snapshot that is never done")
        #expect(
            Set(world.machine.snapshots.keys) == Set(snapshots.map(\.id)),
            "seed \(seed): a snapshot that is not there, or is nobody's")
        #expect(
            view.volumes.values.allSatisfy { $0.value.replaces == nil && !$0.value.isBeingMade },
            "seed \(seed): a volume that is never made, or never takes its place")
        let known = Set(view.members.keys)
        let observed = world.machine.observe()
        #expect(observed.containers.allSatisfy { known.contains($0.member) }, "seed \(seed): an orphan container")
        #expect(observed.rootfs.isSubset(of: known), "seed \(seed): an orphan rootfs")
        #expect(world.machine.directories.isSubset(of: known), "seed \(seed): an orphan directory")
        #expect(
            observed.networks.isSubset(of: Set(view.members.values.map(\.value.slot))),
            "seed \(seed): an orphan network")
        #expect(Set(observed.volumes.map(\.id)).isSubset(of: Set(view.volumes.keys)), "seed \(seed): an orphan volume")
        #expect(view.jobs.values.allSatisfy { $0.value.state != .processing }, "seed \(seed): a job that never ends")
        for volume in observed.volumes where observed.containers.isEmpty { #expect(!volume.isMounted, "seed \(seed)") }
    }
}
