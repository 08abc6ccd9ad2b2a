import Foundation
import FoundryClient
import FoundryEffects
import FoundryModel
import FoundryRules
import FoundryStore
import Hummingbird
import HummingbirdTesting
import Logging
import Testing

@testable import FoundryServer

/// A server's inside, with its own store and directory, called as a client calls it.
struct Bench: Sendable {
    enum Make: CaseIterable { case memory, sqlite }

    static let token = "0123456789abcdef0123456789abcdef"
    static var gate: Gate {
        get throws { Gate(root: try BearerToken(token), feed: ViewFeed()) }
    }

    let platform: Platform
    let store: any Store
    let peers: Peers
    let directory: String
    private let client: any TestClientProtocol

    /// Runs the body against a platform whose cell has reported.
    static func run(_ make: Make = .memory, _ body: @escaping @Sendable (Bench) async throws -> Void) async throws {
        let directory = "/var/tmp/foundry-server-\(UUID().uuidString.prefix(8))"
        try FileManager.default.createDirectory(atPath: "\(directory)/journal", withIntermediateDirectories: true)
        try FileManager.default.createDirectory(atPath: "\(directory)/log", withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: directory) }
        try ImageFixture.write(to: "\(directory)/bundled")
        let store: any Store = make == .memory ? MemoryStore() : try SQLiteStore(path: "\(directory)/store.sqlite")
        let platform = try await ServerParts.make(
            store: store, paths: Paths(data: directory, instance: "abc123"), configuration: configuration(directory),
            createdAt: Timestamp(millisecondsSince1970: 1_700_000_000_000), logger: Logger(label: "test"))
        let responder = ServerParts.apiResponder(platform, token: try BearerToken(token), logger: Logger(label: "test"))
        let peers = Peers(platform)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await platform.controller.run() }
            group.addTask { await peers.run() }
            try await Application(responder: responder).test(.router) { client in
                let bench = Bench(platform: platform, store: store, peers: peers, directory: directory, client: client)
                try await bench.eventually("the cell is known") { !platform.view.cells.isEmpty }
                try await body(bench)
            }
            group.cancelAll()
            platform.feed.close()
            try? await group.waitForAll()
        }
        await store.close()
    }

    static func configuration(_ directory: String) -> PlatformConfiguration {
        PlatformConfiguration(
            instance: "abc123", apiPort: 0, cellPort: 0, subnet: "10.77.3",
            routes: RouteConfiguration(firstPort: 20_000, lastPort: 20_009),
            pool: .directory("\(directory)/pool"), bundledImages: "\(directory)/bundled", layers: "\(directory)/layers")
    }

    func eventually(_ what: String, _ condition: () async throws -> Bool) async throws {
        for _ in 0..<500 {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(10))
        }
        Issue.record("never: \(what)")
    }

    /// - Parameter body: JSON when it begins with a brace, YAML otherwise.
    func call(
        _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil, token: String? = token,
        headers: HTTPFields = [:]
    ) async throws -> Reply {
        let type = body.map { $0.hasPrefix("{") ? "application/json" : "application/x-yaml" }
        return try await call(
            method, path, bytes: body.map { Array($0.utf8) }, type: type, token: token, headers: headers)
    }

    func call(
        _ method: HTTPRequest.Method, _ path: String, bytes: [UInt8]?, type: String?, token: String? = token,
        headers more: HTTPFields = [:]
    ) async throws -> Reply {
        var headers = more
        if let token { headers[.authorization] = "Bearer \(token)" }
        if let type { headers[.contentType] = type }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: bytes.map { ByteBuffer(bytes: $0) }
        ) { response in
            Reply(
                status: Int(response.status.code), headers: response.headers,
                body: Data(response.body.readableBytesView))
        }
    }

    func get<Value: Decodable>(_ path: String, as type: Value.Type = Value.self) async throws -> Value {
        let reply = try await call(.get, path)
        #expect(reply.status == 200, "\(path): \(reply.text)")
        return try reply.decoded()
    }

    /// Pushes, waits for the job, and gives the app's guid.
    @discardableResult
    func push(_ manifest: String) async throws -> String {
        let reply = try await call(.post, "/v3/spaces/default/actions/apply_manifest", manifest)
        #expect(reply.status == 202, "\(reply.text)")
        let job: JobAnswer = try await get("\(try reply.job())?wait=10")
        #expect(job.state == .complete, "\(job)")
        return job.foundry.appGuid
    }

    var redis: String { redis(named: "demo") }
    func redis(named name: String) -> String { "applications:\n- name: \(name)\n  image: redis/redis\n  disk: 100\n" }
}

/// An answer, read whole.
struct Reply: Sendable {
    var status: Int
    var headers: HTTPFields
    var body: Data

    var text: String { "\(status) \(String(decoding: body, as: UTF8.self))" }
    var error: FoundryError? { (try? WireJSON.decode(ErrorBody.self, from: body))?.error }
    func decoded<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
        try WireJSON.decode(type, from: body)
    }

    /// The path of the job that the answer names.
    func job() throws -> String {
        let location = try #require(headers[.location])
        return try #require(location.range(of: "/v3/jobs/").map { String(location[$0.lowerBound...]) })
    }
}
