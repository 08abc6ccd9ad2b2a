import Testing

@testable import FoundrySupervisor

@Suite struct NetworkChoiceTests {
    @Test func `the usual data directory gets the usual ports, another one the next`() {
        #expect(NetworkChoice.apiPort(isPreferred: true, claims: []) { _ in true } == 7480)
        #expect(NetworkChoice.apiPort(isPreferred: false, claims: []) { _ in true } == 7482)
        #expect(NetworkChoice.routes(isPreferred: true, claims: []) { _ in true } == 20_000...20_199)
        #expect(NetworkChoice.routes(isPreferred: false, claims: []) { _ in true } == 20_200...20_399)
    }

    @Test func `ports that are claimed or in use are passed over`() {
        let claim = NetworkClaim(ports: [7482...7482, 7483...7483, 20_200...20_399], subnet: "10.64.0")
        #expect(NetworkChoice.apiPort(isPreferred: false, claims: [claim]) { $0 != 7485 } == 7486)
        #expect(NetworkChoice.routes(isPreferred: false, claims: [claim]) { $0 != 20_401 } == 20_600...20_799)
        #expect(NetworkChoice.routes(isPreferred: true, claims: []) { _ in false } == nil)
    }

    @Test func `many installations side by side share nothing`() throws {
        var claims: [NetworkClaim] = []
        for number in 0..<50 {
            let api = try #require(NetworkChoice.apiPort(isPreferred: number == 0, claims: claims) { _ in true })
            let routes = try #require(NetworkChoice.routes(isPreferred: number == 0, claims: claims) { _ in true })
            let subnet = try #require(NetworkChoice.subnet(instance: "00000\(number % 3)", claims: claims, routes: []))
            let claim = NetworkClaim(ports: [api...api, (api + 1)...(api + 1), routes], subnet: subnet)
            for other in claims {
                #expect(other.subnet != claim.subnet)
                for range in other.ports { #expect(!claim.ports.contains { $0.overlaps(range) }) }
            }
            claims.append(claim)
        }
    }

    @Test func `the subnet follows from the instance and avoids routes of any size`() {
        #expect(NetworkChoice.subnet(instance: "000005", claims: [], routes: []) == "10.64.5")
        let routes = IPv4Network.routes(
            parsing: """
                Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT
                eth0\t00000000\t010012AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
                eth0\t0005400A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
                eth1\t0006400A\t00000000\t0001\t0\t0\t0\t00FEFFFF\t0\t0\t0
                """)
        #expect(routes.count == 2)
        #expect(NetworkChoice.subnet(instance: "000005", claims: [], routes: routes) == "10.64.8")
    }

    @Test func `a port that somebody listens on is not free`() throws {
        let port = try #require((41_000...41_100).first { TCPPort.isFree($0) })
        let listener = try Listener(port)
        #expect(!TCPPort.isFree(port))
        listener.end()
        #expect(TCPPort.isFree(port))
    }
}
