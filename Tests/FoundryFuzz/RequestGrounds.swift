import FoundryModel
import FoundryRules
import Hummingbird

@testable import FoundryClient
@testable import FoundryServer

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

/// What users send to the API.
enum RequestGrounds {
    private static let domains: [RouteScope: String] = [.loopback: "127.0.0.1", .public: "192.0.2.1"]
    private static let configuration = PlatformConfiguration(
        instance: "abc123", apiPort: 0, cellPort: 0, subnet: "10.77.3",
        routes: RouteConfiguration(firstPort: 20_000, lastPort: 20_009), pool: .directory("/pool"),
        bundledImages: "/bundled", layers: "/layers")

    /// A manifest is planned, too: what was read must be checked before anything is counted with it.
    static func manifest(_ bytes: [UInt8]) {
        for type in [nil, "application/json", "application/x-yaml"] {
            guard let pushes = try? ManifestReader.read(bytes, contentType: type, domains: domains) else { continue }
            demand(pushes.count <= ManifestLimits.applications, "more applications than are taken")
            for push in pushes { plan(push) }
        }
    }

    private static func plan(_ push: PushRequest) {
        guard let image = SampleImage.image else { return }
        var generator = SystemRandomNumberGenerator()
        let plan = try? PushPlanner.plan(
            push, image: image, view: PlatformView(), configuration: configuration,
            now: Timestamp(millisecondsSince1970: 1_700_000_000_000), using: &generator)
        guard let plan else { return }
        demand(plan.app.spec.memory > .zero && plan.app.spec.memory < .gigabytes(1 << 20), "it has no sane memory")
        demand(plan.app.spec.disk.map { $0.size > .zero } ?? true, "its disk has no size")
    }

    static func bodies(_ bytes: [UInt8]) {
        let choice = Choice(bytes)
        let data = Data(choice.rest)
        switch choice.name {
        case "health": _ = try? ProcessHealth.read(choice.rest)
        case "exec": _ = try? WireJSON.decode(ExecRequest.self, from: data)
        case "pull": _ = try? WireJSON.decode(ImagePullBody.self, from: data)
        default: _ = try? WireJSON.decode(ImageImportBody.self, from: data)
        }
    }

    static func head(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let lines = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        let request = Request(
            head: .init(
                method: .get, scheme: "https", authority: lines.count > 1 ? String(lines[1]) : "localhost",
                path: String(lines[0])),
            body: .init(buffer: .init()))
        guard let head = try? RequestHead(request, checksHost: true) else { return }
        demand(head.query.count <= Limits.query, "more query parameters than are taken")
        demand(!head.segments.contains { $0.utf8.contains(0) }, "a zero byte in a path")
        for item in head.query {
            if let place = EventStream.Place(item.value) {
                demand(EventStream.Place(place.description) == place, "an event's place changes when it is written")
            }
        }
    }
}
