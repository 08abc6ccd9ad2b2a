import FoundryEffects
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryRouter

@Suite(.serialized) struct ProxyStatisticsTests {
    private static let header = "# pxname,svname,qcur,scur,stot,bin,bout,last_chk\n"

    @Test func whatGoesThroughARouteIsTold() async throws {
        try await RouterBench.run { bench in
            try await bench.startProxy()
            let member = try await TestMember.start("m1")
            let port = bench.slot(0).port
            try await bench.routing {
                bench.uplink.send(bench.order(1, [0: try member.target(epoch: 1)]))
                try await eventually("the member answers") { try await TestClient.whoAnswers(port) == "m1" }
                let client = try await TestClient.connect(port)
                try await client.send("hello")
                try await eventually("an echo") { client.received == "m1hello" }
                try await eventually("it is told") { bench.uplink.usage?.routes.first?.connections == 1 }
                let route = try #require(bench.uplink.usage?.routes.first)
                #expect(route.port == port && route.member == MemberID("m1") && route.totalConnections >= 2)
                client.close()
                try await eventually("it is over, and what went through it is counted") {
                    let route = bench.uplink.usage?.routes.first
                    return route?.connections == 0 && (route?.received.bytes ?? 0) >= 5 && (route?.sent.bytes ?? 0) >= 7
                }
            }
        }
    }

    @Test func serversOfOthersArePassedOverAndCommasAreQuoted() throws {
        let text =
            Self.header + "loopback.20001,b_2,0,0,4,5,6,\"a, \"\n" + "loopback.20000,a_1,0,1,2,3,4,\n"
            + "stats,x,0,0,0,0,0,\n" + "loopback.20000,other,0,0,0,0,0,\n"
        let routes = try ProxyStatistics.routes(text)
        #expect(routes.map(\.port) == [20_000, 20_001] && routes.map(\.totalConnections) == [2, 4])
        #expect(try ProxyStatistics.routes(Self.header).isEmpty)
    }

    @Test(arguments: [
        "", "Unknown command.", header + "loopback.20000,a_1,0,many,2,3,4,", header + "loopback.20000", "\u{0}\u{1}",
    ])
    func whatIsNoTableIsAnError(text: String) {
        #expect(throws: FoundryError.self) { try ProxyStatistics.routes(text) }
    }
}
