import FoundryModel
import FoundryRules
import Testing

@testable import FoundrySimulation

@Suite("People of a simulated world who use services")
struct ServiceWorldTests {
    private static let settings = {
        var settings = WorldSettings(seed: 11)
        settings.workloads = 4
        settings.services = 3
        return settings
    }()

    @Test("get, bind, exchange and delete them; only where they are asked for")
    func everything() {
        let world = World(Self.settings)
        world.run(until: .zero + .minutes(6))
        #expect(world.violation == nil)
        let events = world.checker.events
        for kind: EventName in [
            .serviceCreated, .serviceReady, .serviceGone, .bindingReady, .bindingGone, .releaseInstalled,
        ] {
            #expect(events[kind] > 0, "\(kind.rawValue)")
        }
        #expect(world.serviceWorkloads.count > 2 && world.services.done > 50)
        var without = Self.settings
        without.services = 0
        let plain = World(without)
        plain.run(until: .zero + .minutes(2))
        #expect(plain.checker.truth.releases.isEmpty && plain.serviceWorkloads.isEmpty)
    }

    @Test("are part of what a run is called and of a regression's file; a world without them is called as ever")
    func names() throws {
        var request = RunRequest(seed: 7, profile: .rough)
        #expect(!request.description.contains("services"))
        request.size.services = 4
        #expect(request.description.contains(" --services 4"))
        let text = RegressionSeed(reason: "a reason", request: request).text
        #expect(try RegressionSeed(parsing: text).request == request)
        #expect(Campaign(first: 1).templates.allSatisfy { $0.size.services > 0 })
    }

    @Test("A full disk shows in its members, whose writes are probed, and restarts none")
    func probes() {
        let world = World(Self.settings)
        world.run(until: .zero + .seconds(60))
        // People crash members, too.
        world.services.isResting = true
        world.run(until: world.now + .seconds(20))
        let exited = world.checker.events[.memberExited]
        for cell in world.cells { cell.disk.faults.isFull = true }
        world.run(until: world.now + .seconds(15))
        #expect(world.checker.events[.memberUnhealthy] > 0 && world.checker.events[.memberExited] == exited)
    }
}
