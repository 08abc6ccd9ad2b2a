import FoundryEffects
import FoundryModel
import FoundryRules
import Logging
import Testing

@testable import FoundryRouter

#if canImport(Glibc)
import Glibc
#endif
#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// A real HAProxy with a configuration of ours, in places of its own, and a router for it.
final class RouterBench: Sendable {
    let configuration: PlatformConfiguration
    let paths: Paths
    let uplink = TestUplink()

    /// Runs the work, and afterwards leaves nothing behind.
    static func run(
        ports: Int = 8, connectionsOfRoute: Int? = nil, _ work: (RouterBench) async throws -> Void
    ) async throws {
        let bench = try RouterBench(ports: ports, connectionsOfRoute)
        let result: Result<Void, any Error>
        do { result = .success(try await work(bench)) } catch { result = .failure(error) }
        bench.kill()
        for directory in [bench.paths.run, bench.paths.data] { try? FileManager.default.removeItem(atPath: directory) }
        try result.get()
    }

    private init(ports: Int, _ connectionsOfRoute: Int?) throws {
        let instance = String(UInt32.random(in: 0x100000...0xffffff), radix: 16)
        let first = Int.random(in: 210..<310) * 100
        configuration = PlatformConfiguration(
            instance: instance, apiPort: 1, cellPort: 2, subnet: "127.0.0",
            routes: RouteConfiguration(firstPort: first, lastPort: first + ports - 1),
            pool: .file(size: .megabytes(1)), bundledImages: "/nonexistent", layers: "/nonexistent")
        paths = Paths(data: "/var/tmp/foundry-router-test-\(instance)", instance: instance)
        for directory in [paths.run, paths.data + "/journal"] {
            try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
        }
        var limits = ProxyLimits(cores: 2)
        if let connectionsOfRoute { limits.connectionsOfRoute = connectionsOfRoute }
        try ProxyConfiguration.install(configuration: configuration, paths: paths, limits: limits)
    }

    var firstPort: Int { configuration.routes.firstPort }
    func slot(_ index: Int) -> RouteSlot { RouteSlot(scope: .loopback, port: firstPort + index) }

    /// HAProxy goes to the background and writes its pid, when it listens.
    func startProxy() async throws {
        try await Command().run("haproxy", ["-D", "-p", paths.pidFile("haproxy"), "-f", paths.proxyConfiguration])
    }

    var proxyPid: pid_t? {
        (try? String(contentsOfFile: paths.pidFile("haproxy"), encoding: .utf8)).flatMap {
            pid_t($0.prefix { $0.isNumber })
        }
    }

    func signal(_ number: Int32) {
        if let pid = proxyPid { Glibc.kill(pid, number) }
    }

    func kill() {
        signal(SIGKILL)
        try? FileManager.default.removeItem(atPath: paths.pidFile("haproxy"))
    }

    /// Runs a router while the work is done, and stops it then.
    func routing(_ work: @escaping @Sendable () async throws -> Void) async throws {
        let shell = try RouterShell(
            configuration: configuration, paths: paths, uplink: uplink, logger: Logger(label: "router"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await shell.run() }
            defer { group.cancelAll() }
            try await work()
        }
    }

    /// A connection of the test's own, to look at HAProxy.
    func control() async throws -> ProxyControl {
        ProxyControl(
            connection: try await ProxyConnection.open(paths.proxySocket) {},
            maps: ProxyLayout(configuration: configuration, paths: paths).maps)
    }

    func order(_ revision: Int64, _ targets: [Int: RouteTarget?]) -> RouterOrders {
        let routes = targets.sorted { $0.key < $1.key }.map {
            RouteOrder(scope: .loopback, port: slot($0.key).port, targets: $0.value.map { [$0] } ?? [])
        }
        return RouterOrders(revision: revision, routes: routes)
    }

    /// What the journal says was done, by name.
    func journalled() throws -> Set<String> {
        let lines = try String(contentsOfFile: paths.journal("router"), encoding: .utf8).split(separator: "\n")
        let entries = try lines.map { try JSONDecoder().decode(EffectJournal.Entry.self, from: Data($0.utf8)) }
        return Set(entries.filter { $0.phase == .done }.map(\.name))
    }
}

/// Waits until something is so, for at most five seconds.
///
/// - Returns: how long it took.
@discardableResult
func eventually(_ what: String, isSo: () async throws -> Bool) async throws -> Int64 {
    let start = SystemClock.monotonic()
    while SystemClock.monotonic() - start < 5_000 {
        if try await isSo() { return SystemClock.monotonic() - start }
        try await SystemClock.sleep(.milliseconds(2))
    }
    Issue.record("never: \(what)")
    throw DeadlineExceeded()
}
