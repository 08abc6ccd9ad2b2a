import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundrySupervisor
import FoundryTestSupport
import Logging
import Testing

@testable import FoundryServer

/// The server's process as it is, inside the test's: SQLite, TLS, both listeners, certificates of an authority of its own.
struct LiveServer: Sendable {
    static let cell = CellID("c1") ?? { preconditionFailure() }()

    let paths: Paths
    let configuration: PlatformConfiguration
    let other: CellsClientFiles

    /// - Parameter then: after it was stopped and started again on the same data.
    static func run(
        _ body: @escaping @Sendable (LiveServer) async throws -> Void,
        then: (@Sendable (LiveServer) async throws -> Void)? = nil
    ) async throws {
        let data = "/var/tmp/foundry-live-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: data + "/log", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: data) }
        try ImageFixture.write(to: "\(data)/bundled")
        let paths = Paths(data: data, instance: "abc124")
        try await Certificates.make(paths, instance: "abc124", cell: cell)
        let stranger = Paths(data: "\(data)/stranger", instance: "abc125")
        try FileManager.default.createDirectory(atPath: stranger.data, withIntermediateDirectories: true)
        try await Certificates.make(stranger, instance: "abc125", cell: cell)
        try Bench.token.write(toFile: paths.token, atomically: true, encoding: .utf8)
        var configuration = Bench.configuration(data)
        configuration.apiPort = try FreePorts.first(of: 2)
        configuration.cellPort = configuration.apiPort + 1
        let server = LiveServer(
            paths: paths, configuration: configuration,
            other: CellsClientFiles(
                authority: paths.authority, certificate: stranger.certificate(of: "cell"), key: stranger.key(of: "cell")
            ))
        try await server.whileRunning { try await body(server) }
        if let then { try await server.whileRunning { try await then(server) } }
    }

    /// Starts it, and when the body is done stops it.
    func whileRunning(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let (stop, continuation) = AsyncStream<Void>.makeStream()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await ServerDaemon.run(
                    paths: paths, configuration: configuration, logger: Logger(label: "test"), until: stop)
            }
            group.addTask {
                defer { continuation.yield() }
                try await answers()
                try await body()
            }
            try await group.next()
            let began = ContinuousClock.now
            try await group.waitForAll()
            #expect(ContinuousClock.now - began < .seconds(8), "it stops within moments")
        }
    }

    private func answers() async throws {
        for _ in 0..<200 {
            if try await curl("/", [], token: nil).hasPrefix("200") { return }
            try await Task.sleep(for: .milliseconds(20))
        }
        Issue.record("the server never answered")
    }

    func files(_ holder: String) -> CellsClientFiles {
        CellsClientFiles(
            authority: paths.authority, certificate: paths.certificate(of: holder), key: paths.key(of: holder))
    }

    func cellClient() throws -> CellsClient<CellOrders, CellReport> {
        try CellsClient(cell: Self.cell, port: configuration.cellPort, files: files("cell"))
    }

    func routerClient() throws -> CellsClient<RouterOrders, RouterReport> {
        try CellsClient(routerPort: configuration.cellPort, files: files("router"))
    }

    var api: FoundryAPI {
        get throws {
            let authorities = try String(contentsOfFile: paths.authority, encoding: .utf8)
            return try FoundryAPI(
                APITarget(
                    url: "https://127.0.0.1:\(configuration.apiPort)", authorities: authorities, token: Bench.token))
        }
    }

    static func report(_ sequence: Int64, following revision: Int64?, _ orders: CellOrders?) -> CellReport {
        CellReport(
            cell: cell, sequence: sequence, ordersRevision: revision, ordersTerm: orders?.term,
            capacity: CellCapacity(memory: .gigabytes(16), cpu: Millicores(4000), disk: .gigabytes(100)),
            machineID: "m", bootID: "b",
            members: (orders?.members ?? []).map { order in
                MemberStatus(
                    id: order.id, generation: order.generation, phase: order.run ? .healthy : .stopped,
                    since: Timestamp(millisecondsSince1970: 1),
                    restarts: 0, lastExit: nil, address: "10.77.3.\(order.slot)", startedAt: nil, pid: nil)
            }, volumes: [])
    }
}
