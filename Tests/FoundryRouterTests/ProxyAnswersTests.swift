import FoundryModel
import FoundryRules
import Testing

@testable import FoundryRouter

@Suite struct ProxyAnswersTests {
    static let header =
        "1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status "
        + "srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl "
        + "srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n"

    static func line(_ name: String, operational: Int, administrative: Int) -> String {
        "3 loopback.20000 1 \(name) 10.77.3.2 \(operational) \(administrative) 1 1 0 1 0 0 0 0 0 0 - 6379 - 0 0 - - 0\n"
    }

    @Test func theStatesOfServersAreTold() throws {
        let slot = RouteSlot(scope: .loopback, port: 20_000)
        let text =
            Self.header + Self.line("a_1", operational: 2, administrative: 0)
            + Self.line("b_2", operational: 0, administrative: 1)
            + Self.line("c_3", operational: 2, administrative: 8) + Self.line("d_4", operational: 0, administrative: 0)
        let servers = try #require(try ProxyAnswers.servers(text)[slot])
        #expect(servers.map(\.state) == [.ready, .maintenance, .other, .other])
        #expect(servers[0] == ProxyServer(name: "a_1", address: "10.77.3.2", port: 6379, state: .ready))
    }

    @Test func noServersAreAnEmptyTable() throws { #expect(try ProxyAnswers.servers(Self.header).isEmpty) }

    @Test func aBackendThatIsNotOursIsPassedOver() throws {
        let text =
            Self.header + Self.line("a_1", operational: 2, administrative: 0).replacing("loopback.20000", with: "stats")
        #expect(try ProxyAnswers.servers(text).isEmpty)
    }

    @Test(arguments: [
        "", "Unknown command.", "2\n# be_id\n", "1\n", header + "3 loopback.20000 1 a_1 10.77.3.2",
        header + "\u{0}\u{1}garbage",
        header + line("a_1", operational: 2, administrative: 0).replacing(" 6379 ", with: " many "),
    ])
    func garbageForServersIsAnErrorNotAnEmptyTable(text: String) {
        #expect(throws: FoundryError.self) { try ProxyAnswers.servers(text) }
    }

    @Test func everyEntryOfThePortIsTold() throws {
        let leads = try ProxyAnswers.map(
            "0x55b0 20000 loopback.20000\n0x55b1 20000 loopback.20007\n0x55b2 x y\n", .loopback)
        #expect(leads == [RouteSlot(scope: .loopback, port: 20_000): ["loopback.20000", "loopback.20007"]])
        #expect(try ProxyAnswers.map("\n", .loopback).isEmpty)
    }

    @Test(arguments: [
        "Unknown map identifier. Please use #<id> or <file>.\n", "0x55b0 20000\n", "20000 loopback.20000 x\n",
    ])
    func garbageForTheMapIsAnErrorNotAnEmptyTable(text: String) {
        #expect(throws: FoundryError.self) { try ProxyAnswers.map(text, .loopback) }
    }

    @Test func connectionsAreCountedByServer() throws {
        let header =
            "# bkname/svname bkid/svid addr port - purge_delay used_cur used_max need_est unsafe_nb safe_nb idle_lim idle_cur idle_per_thr[1]\n"
        let line = "loopback.20000/a_1 3/1 127.0.0.1 23901 - 0 50 51 52 0 0 0 0\n"
        #expect(try ProxyAnswers.connections(header + line) == ["loopback.20000/a_1": 50])
        #expect(throws: FoundryError.self) { try ProxyAnswers.connections("Can't find backend.\n") }
        #expect(throws: FoundryError.self) { try ProxyAnswers.connections(header + "loopback.20000/a_1 3/1") }
    }

    @Test func whoAnswersIsHAProxyOrNobody() throws {
        let text = "Name: HAProxy\nVersion: 2.6.12-1\nPid: 77\nUptime_sec: 3\nnode: x:y\n"
        #expect(try ProxyAnswers.identity(text) == ProxyIdentity(version: "2.6.12-1", pid: 77, uptimeSeconds: 3))
        #expect(throws: FoundryError.self) { try ProxyAnswers.identity(text.replacing("HAProxy", with: "nginx")) }
        #expect(throws: FoundryError.self) { try ProxyAnswers.identity("hello") }
    }
}
