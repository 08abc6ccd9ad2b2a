import FoundryModel
import FoundryRules
import Testing

@Suite("A router whose commands fail")
struct RouterPatienceTests {
    private static let error = FoundryError(.commandFailed, "refused")
    private static let first = RouteSlot(scope: .loopback, port: 20_000)
    private static let second = RouteSlot(scope: .loopback, port: 20_001)

    private static func time(_ milliseconds: Int64) -> MonotonicTime { MonotonicTime(milliseconds: milliseconds) }

    private static func target(_ member: String, epoch: UInt64 = 1) -> RouteTarget {
        RouteTarget(member: MemberID(member)!, address: "10.77.3.2", port: 6_379, epoch: Epoch(epoch))
    }

    private static func orders(_ revision: Int64, _ targets: [Int: RouteTarget?]) -> RouterOrders {
        RouterOrders(
            revision: revision,
            routes: targets.sorted { $0.key < $1.key }.map {
                RouteOrder(scope: .loopback, port: $0.key, target: $0.value)
            })
    }

    private static func machine() -> RouterMachine {
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        _ = machine.handle(.observed(ProxyTable()), now: time(0))
        return machine
    }

    @Test("It is tried again after pauses that double from 50 ms to 5 s, each after HAProxy was asked what it has")
    func pauses() {
        var machine = Self.machine()
        let target = Self.target("m1")
        let effect = RouterEffect.addServer(Self.first, target)
        #expect(machine.handle(.orders(Self.orders(1, [20_000: target])), now: Self.time(0)).effects == [effect])
        var now: Int64 = 0
        for pause in [50, 100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000] as [Int64] {
            #expect(!machine.needsObservation && machine.nextWake == nil, "one thing at a time")
            #expect(machine.handle(.failed(effect, Self.error), now: Self.time(now)).effects.isEmpty)
            #expect(machine.needsObservation && machine.nextWake == nil, "nobody knows what HAProxy has")
            #expect(machine.handle(.tick, now: Self.time(now + 60_000)).effects.isEmpty)
            #expect(machine.handle(.observed(ProxyTable()), now: Self.time(now)).effects.isEmpty)
            #expect(machine.nextWake == Self.time(now + pause))
            #expect(machine.handle(.tick, now: Self.time(now + pause - 1)).effects.isEmpty)
            now += pause
            #expect(machine.handle(.tick, now: Self.time(now)).effects == [effect])
        }
    }

    @Test("What was wrong is forgiven when it is put right, or when something else is ordered")
    func forgives() {
        var machine = Self.machine()
        let effect = RouterEffect.addServer(Self.first, Self.target("m1"))
        _ = machine.handle(.orders(Self.orders(1, [20_000: Self.target("m1")])), now: Self.time(0))
        _ = machine.handle(.failed(effect, Self.error), now: Self.time(0))
        _ = machine.handle(.observed(ProxyTable()), now: Self.time(0))
        #expect(machine.report.problem == "server.add of loopback.20000/m1_1: refused")
        let other = machine.handle(.orders(Self.orders(2, [20_000: Self.target("m2")])), now: Self.time(1))
        #expect(other.effects == [.addServer(Self.first, Self.target("m2"))], "at once")
        #expect(machine.report.problem == nil)
        _ = machine.handle(.failed(other.effects[0], Self.error), now: Self.time(1))
        let whole = ProxyTable(
            leads: [Self.first: [Self.first.description]],
            servers: [Self.first: [ProxyServer(Self.target("m2"), state: .ready)]])
        #expect(machine.handle(.observed(whole), now: Self.time(2)).effects.isEmpty)
        #expect(machine.handle(.tick, now: Self.time(60)).effects.isEmpty)
        #expect(machine.report.problem == nil && machine.nextWake == nil)
        #expect(machine.report.applied.count == 1)
    }

    @Test("Of several problems the refusals are told first, then the lowest port's, and how many there are")
    func problems() {
        var machine = Self.machine()
        let orders = Self.orders(1, [20_000: Self.target("m1"), 20_001: Self.target("m2")])
        for effect in machine.handle(.orders(orders), now: Self.time(0)).effects {
            _ = machine.handle(.failed(effect, Self.error), now: Self.time(0))
        }
        #expect(machine.report.problem == "server.add of loopback.20000/m1_1: refused (and 1 more)")
        var refused = orders
        refused.revision = 2
        refused.routes.append(RouteOrder(scope: .loopback, port: 20_009, target: Self.target("m3")))
        _ = machine.handle(.orders(refused), now: Self.time(0))
        #expect(
            machine.report.problem == "loopback.20009: the port is not in the configured range (and 2 more)")
        _ = machine.handle(.lost, now: Self.time(0))
        #expect(machine.report.problem == "HAProxy does not answer.")
        #expect(machine.report.ordersRevision == 2 && machine.report.applied.isEmpty)
    }

    @Test("A refusal is told once, and again only after it was no reason any more")
    func toldOnce() {
        var machine = Self.machine()
        let bad = Self.orders(1, [20_009: Self.target("m1")])
        #expect(machine.handle(.orders(bad), now: Self.time(0)).refusals.count == 1)
        #expect(machine.handle(.observed(ProxyTable()), now: Self.time(0)).refusals.isEmpty)
        #expect(machine.handle(.orders(bad), now: Self.time(0)).refusals.isEmpty)
        #expect(machine.handle(.orders(Self.orders(2, [:])), now: Self.time(0)).refusals.isEmpty)
        #expect(machine.handle(.orders(Self.orders(3, [20_009: nil])), now: Self.time(0)).refusals.count == 1)
    }

    @Test("A port that is ordered twice leads where the first order says")
    func twice() {
        var machine = Self.machine()
        let orders = RouterOrders(
            revision: 1,
            routes: [
                RouteOrder(scope: .loopback, port: 20_000, target: Self.target("m1")),
                RouteOrder(scope: .loopback, port: 20_000, target: Self.target("m2")),
            ])
        let decision = machine.handle(.orders(orders), now: Self.time(0))
        #expect(decision.refusals == [.portOrderedTwice(Self.first)])
        #expect(decision.effects == [.addServer(Self.first, Self.target("m1"))])
    }

    @Test("A target with an older epoch than was seen, in orders or in HAProxy, leaves the port as it is")
    func olderEpoch() {
        let newer = ProxyServer(Self.target("m1", epoch: 7), state: .ready)
        let table = ProxyTable(leads: [Self.first: [Self.first.description]], servers: [Self.first: [newer]])
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        _ = machine.handle(.observed(table), now: Self.time(0))
        let old = Self.target("m1", epoch: 6)
        let decision = machine.handle(.orders(Self.orders(1, [20_000: old])), now: Self.time(0))
        #expect(decision.effects.isEmpty)
        #expect(decision.refusals == [.olderEpoch(Self.first, old, known: Epoch(7))])
        #expect(machine.report.applied.isEmpty)
        #expect(
            machine.handle(.orders(Self.orders(2, [20_000: Self.target("m1", epoch: 7)])), now: Self.time(0)).refusals
                .isEmpty)
        #expect(machine.report.applied.count == 1)
    }

    @Test("A hand-over drains the old server, closes what it has, removes it, and only then adds the new one")
    func handOver() {
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        let old = ProxyServer(Self.target("m1"), state: .ready)
        let table = ProxyTable(leads: [Self.first: [Self.first.description]], servers: [Self.first: [old]])
        _ = machine.handle(.observed(table), now: Self.time(0))
        let new = Self.target("m2")
        var effects = machine.handle(.orders(Self.orders(1, [20_000: new])), now: Self.time(0)).effects
        var names: [RouterEffectName] = []
        while let effect = effects.first {
            names.append(effect.name)
            #expect(machine.report.applied.isEmpty)
            effects = machine.handle(.done(effect), now: Self.time(0)).effects
        }
        #expect(names == [.serverDrain, .sessionsClose, .serverRemove, .serverAdd, .serverReady])
        #expect(machine.report.applied.map(\.target) == [new])
    }
}
