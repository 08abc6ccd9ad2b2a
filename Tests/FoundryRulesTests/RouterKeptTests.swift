import FoundryModel
import FoundryRules
import Testing

@Suite("Routes that stay where they are")
struct RouterKeptTests {
    private static let slot = RouteSlot(scope: .loopback, port: 20_000)
    private static let now = MonotonicTime(milliseconds: 0)
    private static let target = RouteTarget(
        member: MemberID("m1")!, address: "10.77.3.2", port: 6_379, epoch: Epoch(1))

    private static func orders(_ revision: Int64, _ target: RouteTarget?, isKept: Bool = false) -> RouterEvent {
        let route = RouteOrder(scope: .loopback, port: 20_000, target: target, isKept: isKept)
        return .orders(RouterOrders(revision: revision, routes: [route], term: Term(1)))
    }

    /// Does everything that it wants done.
    private static func play(_ event: RouterEvent, _ machine: inout RouterMachine) -> [RouterEffect] {
        var (all, waiting) = ([RouterEffect](), machine.handle(event, now: now).effects)
        while !waiting.isEmpty {
            let effect = waiting.removeFirst()
            all.append(effect)
            waiting += machine.handle(.done(effect), now: now).effects
        }
        return all
    }

    @Test("What is kept is not touched, wherever it leads; what leads nowhere goes on leading nowhere")
    func kept() {
        var machine = RouterMachine(ports: [.loopback: 20_000...20_001])
        _ = machine.handle(.observed(ProxyTable()), now: Self.now)
        #expect(Self.play(Self.orders(1, nil, isKept: true), &machine).isEmpty)
        #expect(!Self.play(Self.orders(2, Self.target), &machine).isEmpty)
        #expect(Self.play(Self.orders(3, nil, isKept: true), &machine).isEmpty)
        #expect(!Self.play(Self.orders(4, nil), &machine).isEmpty, "now nobody serves")
    }
}
