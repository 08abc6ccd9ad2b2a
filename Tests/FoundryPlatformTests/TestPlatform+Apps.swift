import Foundation
import FoundryEffects
import FoundryModel

/// What `foundry app NAME --output json` says, as far as tests read it.
struct AppView: Decodable {
    struct Member: Decodable {
        struct End: Decodable {
            var reason: String
            var lastLines: [String]
        }
        struct Refusal: Decodable { var code: String }
        var guid: String
        var name: String
        var phase: String
        var pid: Int32?
        var volume: Volume?
        var restarts: Int
        var reason: String?
        var nextTry: String?
        var address: String?
        var lastExit: End?
        var refusal: Refusal?
    }
    struct Route: Decodable {
        var host: String
        var port: Int
        var isServing: Bool
    }
    struct Volume: Decodable {
        var guid: String
        var epoch: UInt64
        var phase: String
        var size: Int64
        var used: Int64?
        var keptUntil: String?
    }
    var name: String
    var state: String
    var members: [Member]
    var route: Route?
    var volumes: [Volume] { members.compactMap(\.volume) }
}

extension TestPlatform {
    /// Answers are in snake case.
    static let decoder: JSONDecoder = {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return decoder
    }()

    func app(_ name: String) async throws -> AppView {
        let answer = try await eventually("app", name, "--output", "json")
        return try Self.decoder.decode(AppView.self, from: Data(answer.output.utf8))
    }

    /// The process of its only member.
    func process(of name: String) async throws -> Int32 {
        guard let pid = try await app(name).members.first?.pid else { throw Failure("\(name) has no process") }
        return pid
    }

    func port(of name: String) async throws -> Int {
        guard let port = try await app(name).route?.port else { throw Failure("\(name) has no route") }
        return port
    }

    func waitUntilHealthy(_ name: String) async throws {
        try await FoundryPlatformTests.eventually("\(name) is healthy and its route leads to it", within: .seconds(60))
        {
            let app = try await self.app(name)
            return app.members.first?.phase == "healthy" && app.route?.isServing ?? true
        }
    }

    /// Nothing of ours lies on the machine that the platform does not speak of, and all that it speaks of is there.
    func expectNoOrphans() async throws {
        let paths = try paths()
        var last = ""
        do {
            try await FoundryPlatformTests.eventually("no orphan is left") {
                last = try await self.difference(paths)
                return last.isEmpty
            }
        } catch {
            throw Failure("\(error): \(last)")
        }
    }

    private func difference(_ paths: Paths) async throws -> String {
        let found = try await Traces.read(paths)
        let apps = try await self.apps()
        let running = Set(apps.filter { $0.state == "running" }.flatMap(\.members).map(\.guid))
        let mounted = Set(apps.filter { $0.state == "running" }.flatMap { $0.volumes.map(\.guid) })
        let known = try await self.volumes()
        var differences: [String] = []
        for (name, set) in [
            ("containers", found.containers), ("monitors", found.monitors), ("rootfs", found.rootfs),
            ("cgroups", found.cgroups),
        ]
        where set != running { differences.append("\(name): \(set.sorted()), running are \(running.sorted())") }
        for (name, count) in [
            ("networks", found.networks.count), ("interfaces", found.interfaces.count),
            ("loop devices", found.loopFiles.count),
        ]
        where count != (name == "loop devices" ? mounted.count : running.count) {
            differences.append("\(name): \(count)")
        }
        if found.mountedVolumes != mounted {
            differences.append("mounted: \(found.mountedVolumes.sorted()), held are \(mounted.sorted())")
        }
        if found.poolVolumes != known {
            differences.append("on the pool: \(found.poolVolumes.sorted()), known are \(known.sorted())")
        }
        if !found.unfinished.isEmpty { differences.append("unfinished: \(found.unfinished)") }
        return differences.joined(separator: "; ")
    }

    func apps() async throws -> [AppView] {
        struct List: Decodable { var resources: [AppView] }
        let answer = try await eventually("apps", "--output", "json")
        return try Self.decoder.decode(List.self, from: Data(answer.output.utf8)).resources
    }

    func volumes() async throws -> Set<String> { Set(try await volumeList().map(\.guid)) }

    func volumeList() async throws -> [AppView.Volume] {
        struct List: Decodable { var resources: [AppView.Volume] }
        let answer = try await eventually("volumes", "--output", "json")
        return try Self.decoder.decode(List.self, from: Data(answer.output.utf8)).resources
    }

    /// The sentences of its events, oldest first.
    func events(of name: String) async throws -> String {
        try await eventually("events", name, "--output", "json").output
    }
}
