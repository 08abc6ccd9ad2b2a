import FoundryModel
import FoundryRules
import Testing

@Suite struct RouterNamesTests {
    @Test func aSlotIsReadBackFromItsBackend() {
        for slot in [RouteSlot(scope: .loopback, port: 20_000), RouteSlot(scope: .public, port: 1)] {
            #expect(RouteSlot(backend: slot.description) == slot)
        }
    }

    @Test(arguments: [
        "", "stats", "loopback", "loopback.", "loopback.+1", "loopback.01", "private.1", "loopback.1.2", ".1",
    ])
    func otherBackendsAreNotSlots(text: String) { #expect(RouteSlot(backend: text) == nil) }

    @Test func aServersNameTellsTheMemberAndItsEpoch() throws {
        let target = RouteTarget(
            member: try #require(MemberID("3f1c.a-0")), address: "10.77.3.2", port: 6379, epoch: Epoch(7))
        let name = ProxyServerName(target)
        #expect(name.description == "3f1c.a-0_7")
        #expect(ProxyServerName("3f1c.a-0_7") == name)
    }

    @Test(arguments: ["", "m1", "m1_", "_7", "m1_7_7", "m1_-7", "M1_7", "m1_x"])
    func otherServersHaveNoMember(text: String) { #expect(ProxyServerName(text) == nil) }

    @Test func everyEffectHasANameOfItsOwn() throws {
        let slot = RouteSlot(scope: .loopback, port: 20_000)
        let target = RouteTarget(member: try #require(MemberID("m1")), address: "10.77.3.2", port: 6379, epoch: .none)
        let effects: [RouterEffect] = [
            .removeMapEntry(slot), .drainServer(slot, server: "m1_0"), .closeSessions(slot, server: "m1_0"),
            .removeServer(slot, server: "m1_0"), .addServer(slot, target), .readyServer(slot, server: "m1_0"),
            .setMapEntry(slot),
        ]
        #expect(Set(effects.map(\.name)) == Set(RouterEffectName.allCases))
        #expect(effects.allSatisfy { $0.subject.hasPrefix("loopback.20000") })
    }
}
