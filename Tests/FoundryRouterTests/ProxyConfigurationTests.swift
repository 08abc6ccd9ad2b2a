import FoundryEffects
import FoundryModel
import Testing

@testable import FoundryRouter

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite(.serialized) struct ProxyConfigurationTests {
    @Test func eachPortOfEachScopeHasABackend() throws {
        let configuration = PlatformConfiguration(
            instance: "abcdef", apiPort: 1, cellPort: 2, subnet: "10.77.3",
            routes: RouteConfiguration(
                firstPort: 20_000, lastPort: 20_001,
                publicRange: PublicRouteRange(address: "192.0.2.7", firstPort: 5_000, lastPort: 5_000)),
            pool: .file(size: .megabytes(1)), bundledImages: "/i", layers: "/l")
        let text = ProxyConfiguration.render(
            configuration: configuration, paths: Paths(data: "/d", instance: "abcdef"), limits: ProxyLimits(cores: 16))
        let lines = text.split(separator: "\n").map { $0.drop { $0 == " " } }
        #expect(
            lines.filter { $0.hasPrefix("backend ") } == [
                "backend loopback.20000", "backend loopback.20001", "backend public.5000",
            ])
        #expect(
            lines.filter { $0.hasPrefix("bind ") } == [
                "bind 127.0.0.1:20000-20001", "bind 10.77.3.1:20000-20001 transparent", "bind 192.0.2.7:5000-5000",
            ])
        #expect(text.contains("stats socket /run/foundry/abcdef/haproxy.sock mode 0600 level admin\n"))
        #expect(text.contains("nbthread 4\n") && text.contains("maxconn 4000\n"))
        #expect(text.contains("sc0_conn_cur gt 1000 }\n"))
        #expect(text.contains("use_backend %[dst_port,map(/run/foundry/abcdef/routes.map)]\n"))
        #expect(text.contains("use_backend %[dst_port,map(/run/foundry/abcdef/routes.map.public)]\n"))
    }

    @Test func haproxyTakesItWithoutAWarningAndStaysSmall() async throws {
        try await RouterBench.run(ports: 200) { bench in
            let check = try await Command().result("haproxy", ["-c", "-V", "-f", bench.paths.proxyConfiguration])
            #expect(check.exitCode == 0)
            #expect(
                !check.standardError.contains("WARNING") && !check.standardError.contains("ALERT"),
                "\(check.standardError)")
            let start = SystemClock.monotonic()
            try await bench.startProxy()
            let started = SystemClock.monotonic() - start
            let pid = try #require(bench.proxyPid)
            let rollup = try String(contentsOfFile: "/proc/\(pid)/smaps_rollup", encoding: .utf8)
            let pss = try #require(
                rollup.split(separator: "\n").first { $0.hasPrefix("Pss:") }?.split(separator: " ").dropFirst().first
                    .flatMap { Int($0) })
            print("measured: HAProxy with 200 ports listens after \(started) ms, PSS \(pss) kB")
            #expect(pss < 40_000)
            for map in ProxyLayout(configuration: bench.configuration, paths: bench.paths).maps.values {
                #expect(FileManager.default.contents(atPath: map) == Data())
            }
        }
    }
}
