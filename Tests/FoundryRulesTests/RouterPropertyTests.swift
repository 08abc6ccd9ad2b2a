import FoundryModel
import FoundryRules
import Testing

@Suite struct RouterPropertyTests {
    @Test(arguments: UInt64(0)..<150)
    func whateverHappensThePortsEndUpWhereTheyAreOrdered(seed: UInt64) {
        var world = RouterWorld(seed: seed)
        for _ in 0..<300 { world.step() }
        world.settle()
        #expect(world.found == world.expected)
        #expect(world.machine.report.applied == world.orders.routes.filter { $0.target != nil })
        #expect(world.machine.report.ordersRevision == world.orders.revision)
        #expect(world.machine.report.problem == nil)
        #expect(world.machine.nextWake == nil)
    }

    @Test(arguments: UInt64(0)..<300)
    func fromAnyTableTheSameTableResults(seed: UInt64) {
        var world = RouterWorld(seed: seed)
        world.order()
        world.settle()
        #expect(world.found == world.expected)
        #expect(world.machine.report.problem == nil)
    }

    @Test func aSecondRunOfTheSameOrdersDoesNothing() {
        var world = RouterWorld(seed: 7)
        for _ in 0..<100 { world.step() }
        world.settle()
        let now = world.now
        #expect(world.machine.handle(.orders(world.orders), now: now).effects.isEmpty)
        #expect(world.machine.handle(.observed(world.proxy.table), now: now).effects.isEmpty)
        var fresh = RouterMachine(ports: RouterWorld.ports)
        #expect(fresh.handle(.observed(world.proxy.table), now: now).effects.isEmpty)
        #expect(fresh.handle(.orders(world.orders), now: now).effects.isEmpty)
        #expect(fresh.report == world.machine.report)
    }
}
