import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

/// Copies of volumes are put back while the platform is down, between kills and verbs: a process never starts on one that lacks a write.
@Suite("Older copies, put back", .proves(.neverEmpty))
struct VolumeCopyTests {
    @Test("No process starts on a copy that lacks an acknowledged write", arguments: 0..<30)
    func putBack(seed: Int) throws {
        let (world, _) = try play(seed)
        #expect(world.machine.violations.isEmpty, "seed \(seed): \(world.machine.violations.first ?? "")")
    }

    @Test("Older copies are put back in these runs, and refused; so are true ones, and serve")
    func isNotVacuous() throws {
        var (refused, served, older) = (0, 0, 0)
        for seed in 0..<15 {
            let (world, put) = try play(seed)
            older += put
            for status in world.view.statuses.values.map(\.value) {
                switch status.phase {
                case .refused(let error):
                    #expect([.volumeOlder, .volumeUnsealed].contains(error.code), "seed \(seed): \(error)")
                    refused += 1
                case .healthy: served += 1
                case .preparing, .starting, .unhealthy, .unready, .stopping, .stopped, .waiting, .crashed: break
                }
            }
        }
        #expect(refused > 2 && served > 2 && older > 8, "\(refused) refused, \(served) served, \(older) put back")
    }

    private func play(_ seed: Int) throws -> (world: PlatformWorld, older: Int) {
        var world = PlatformWorld(seed: UInt64(5_000 + seed))
        var copies: [ModelMachine.Copy] = []
        var older = 0
        world.step()
        _ = try world.push(
            PushRequest(name: "demo", image: "redis", disk: "100M", memory: "64M"), image: Samples.image())
        for round in 0..<400 {
            world.step()
            world.killPercent = round < 350 ? 3 : 0
            if world.random.chance(4) { world.randomStopOrStart() }
            for id in world.view.volumes.keys.sorted() {
                if world.random.chance(30), let copy = world.machine.copy(id) { copies.append(copy) }
            }
            if round < 350, world.random.chance(2), let copy = copies.randomElement(using: &world.random) {
                let acknowledged = world.machine.written[copy.volume.id] ?? 0
                if world.machine.putBack(copy) {
                    older += copy.content < acknowledged ? 1 : 0
                    world.restartCell()
                }
            }
        }
        world.now += 400_000
        for _ in 0..<60 { world.step() }
        return (world, older)
    }
}
