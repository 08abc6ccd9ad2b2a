import FoundryClient
import FoundryEffects
import FoundryModel

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// Looks for what an instance left when it was deleted: on the platform and on the machine.
struct DrillRemains: Sendable {
    private static let limit: Int64 = 20_000

    private let platform: DrillPlatform

    init(_ platform: DrillPlatform) { self.platform = platform }

    /// - Parameter members: every one that it had.
    /// - Throws: what is there yet, when the limit has passed.
    func check(_ service: ServiceInstanceAnswer, members: [MemberSummary]) async throws {
        let began = SystemClock.monotonic()
        while true {
            let found = try await find(service, Set(members.map(\.guid)))
            if found.isEmpty { return }
            guard SystemClock.monotonic() - began < Self.limit else {
                throw DrillFailure("this remains: \(found.prefix(5).joined(separator: ", "))")
            }
            try await SystemClock.sleep(.milliseconds(200))
        }
    }

    private func find(_ service: ServiceInstanceAnswer, _ members: Set<String>) async throws -> [String] {
        let paths = try platform.paths()
        var found: [String] = []
        let services = try await platform.ask(ListAnswer<ServiceInstanceAnswer>.self, ["services"]).resources
        if services.contains(where: { $0.guid == service.guid }) { found.append("the instance") }
        let volumes = try await platform.ask(ListAnswer<VolumeSummary>.self, ["volumes"]).resources
        found += volumes.filter { $0.app == service.foundry.appGuid }.map { "volume \($0.guid)" }
        let routes = try DrillRoutes.ports(socket: paths.proxySocket, map: paths.proxyMap)
        if let port = service.foundry.route?.port, routes.contains(port) { found.append("route \(port)") }
        for member in members {
            for place in ["\(paths.run)/members", "\(paths.run)/conmon", "\(paths.members)"] {
                if FileManager.default.fileExists(atPath: "\(place)/\(member)") { found.append("\(place)/\(member)") }
            }
        }
        return found + (try groups(paths, members)) + namespaces(paths)
    }

    /// Control groups of its members, in every hierarchy.
    private func groups(_ paths: Paths, _ members: Set<String>) throws(FoundryError) -> [String] {
        let mounts = try MountTable.read().entries.filter { ["cgroup", "cgroup2"].contains($0.type) }.map(\.target)
        return Set(mounts).sorted().flatMap { mount in
            [paths.cgroup, paths.guardedCgroup].flatMap { group in
                members.map { "\(mount)\(group)/\($0)" }.filter(FileManager.default.fileExists)
            }
        }
    }

    /// Of a drill's platform only one instance has members.
    private func namespaces(_ paths: Paths) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: paths.networkNamespaces)) ?? []).map {
            "\(paths.networkNamespaces)/\($0)"
        }
    }
}
