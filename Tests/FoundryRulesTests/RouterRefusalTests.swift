import FoundryModel
import FoundryRules
import Testing

@Suite("What the router does not follow")
struct RouterRefusalTests {
    private static let slot = RouteSlot(scope: .loopback, port: 20_000)
    private static let now = MonotonicTime(milliseconds: 0)

    private static func target(_ member: String = "m1", address: String = "10.77.3.2", epoch: UInt64 = 1) -> RouteTarget
    {
        RouteTarget(member: MemberID(member)!, address: address, port: 6_379, epoch: Epoch(epoch))
    }

    private static func orders(
        _ revision: Int64, _ target: RouteTarget?, term: UInt64 = 1, port: Int = 20_000, scope: RouteScope = .loopback
    ) -> RouterOrders {
        RouterOrders(
            revision: revision, routes: [RouteOrder(scope: scope, port: port, target: target)], term: Term(term))
    }

    private static func machine() -> RouterMachine {
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        _ = machine.handle(.observed(ProxyTable()), now: now)
        return machine
    }

    @Test(
        "Orders of an older term are refused whatever their revision, and of the same term those of an older revision")
    func olderOrders() {
        var machine = Self.machine()
        _ = machine.handle(.orders(Self.orders(5, Self.target(), term: 2)), now: Self.now)
        for (revision, term, isRefused) in [
            (Int64(9), UInt64(1), true), (4, 2, true), (5, 2, false), (6, 2, false), (1, 3, false),
        ] {
            var copy = machine
            let decision = copy.handle(.orders(Self.orders(revision, nil, term: term)), now: Self.now)
            #expect(
                decision.refusals == (isRefused ? [.olderRevision(revision, followed: 5)] : []), "\(revision) \(term)")
            #expect((copy.orders == machine.orders) == isRefused)
        }
    }

    @Test("A result of what is not in flight changes nothing, and says so")
    func notInFlight() {
        var machine = Self.machine()
        let effect = RouterEffect.addServer(Self.slot, Self.target())
        let error = FoundryError(.timedOut, "no answer")
        for event in [RouterEvent.done(effect), .failed(effect, error)] {
            let decision = machine.handle(event, now: Self.now)
            #expect(decision.effects.isEmpty)
            #expect(decision.refusals == [.notInFlight(effect)])
            #expect(
                decision.refusals.map(\.description) == ["server.add of loopback.20000/m1_1 is not in flight"])
        }
        _ = machine.handle(.orders(Self.orders(1, Self.target())), now: Self.now)
        #expect(machine.handle(.done(.setMapEntry(Self.slot)), now: Self.now).refusals.count == 1)
        #expect(machine.handle(.done(effect), now: Self.now).refusals.isEmpty)
    }

    @Test("A scope that HAProxy does not listen on has no ports")
    func unprepared() {
        for (scope, port) in [(RouteScope.public, 20_000), (.loopback, 19_999), (.loopback, 20_002)] {
            var machine = Self.machine()
            let decision = machine.handle(
                .orders(Self.orders(1, Self.target(), port: port, scope: scope)), now: Self.now)
            #expect(decision.effects.isEmpty)
            #expect(decision.refusals == [.portNotPrepared(RouteSlot(scope: scope, port: port))])
        }
    }

    @Test(
        "A target that is no address of four plain numbers, or no port, is led nowhere",
        arguments: ["", "x.1.1.1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.+4", "1..3.4", "::1"])
    func unusable(address: String) {
        var machine = Self.machine()
        let target = Self.target(address: address)
        let decision = machine.handle(.orders(Self.orders(1, target)), now: Self.now)
        #expect(decision.effects.isEmpty)
        #expect(decision.refusals == [.targetInvalid(Self.slot, target)])
        #expect(machine.report.applied.isEmpty && machine.report.problem != nil)
    }

    @Test("Ports from 1 to 65535 can be led to")
    func ports() {
        for (port, isUsable) in [(0, false), (1, true), (65_535, true), (65_536, false)] {
            var machine = Self.machine()
            var target = Self.target()
            target.port = port
            let decision = machine.handle(.orders(Self.orders(1, target)), now: Self.now)
            #expect(decision.refusals.isEmpty == isUsable, "\(port)")
            #expect(decision.effects == (isUsable ? [.addServer(Self.slot, target)] : []))
        }
    }

    @Test("Two servers of one name, seen by mistake, are one")
    func sameName() {
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        let server = ProxyServer(Self.target(), state: .ready)
        let table = ProxyTable(leads: [Self.slot: [Self.slot.description]], servers: [Self.slot: [server, server]])
        _ = machine.handle(.observed(table), now: Self.now)
        #expect(machine.handle(.orders(Self.orders(1, Self.target())), now: Self.now).effects.isEmpty)
        #expect(machine.report.applied.count == 1)
    }

    @Test("Epochs of members that are no longer ordered are forgotten only when they are too many")
    func forgets() {
        var machine = RouterMachine(ports: [.loopback: 20_000...30_000])
        _ = machine.handle(.observed(ProxyTable()), now: Self.now)
        func orders(_ revision: Int64, _ members: Range<Int>, epoch: UInt64) -> RouterOrders {
            let routes = members.map { number in
                RouteOrder(
                    scope: .loopback, port: 20_000 + number, target: Self.target("m\(number)", epoch: epoch))
            }
            return RouterOrders(revision: revision, routes: routes, term: Term(1))
        }
        _ = machine.handle(.orders(orders(1, 0..<4_097, epoch: 2)), now: Self.now)
        _ = machine.handle(.orders(orders(2, 0..<1, epoch: 2)), now: Self.now)
        #expect(
            machine.handle(.orders(orders(3, 1..<2, epoch: 1)), now: Self.now).refusals.count == 1,
            "4097 are remembered beside one that is ordered")
        _ = machine.handle(.orders(orders(4, 4_097..<4_100, epoch: 2)), now: Self.now)
        _ = machine.handle(.orders(orders(5, 4_097..<4_098, epoch: 2)), now: Self.now)
        #expect(machine.handle(.orders(orders(6, 5..<6, epoch: 1)), now: Self.now).refusals.isEmpty)
        #expect(machine.handle(.orders(orders(7, 4_097..<4_098, epoch: 1)), now: Self.now).refusals.count == 1)
    }
}
