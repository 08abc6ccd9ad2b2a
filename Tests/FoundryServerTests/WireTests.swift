import Foundation
import FoundryClient
import FoundryModel
import FoundryRules
import Testing

@testable import FoundryServer

@Suite("The wire")
struct WireTests {
    @Test("every answer reads back as what was written")
    func roundTrips() async throws {
        try await Bench.run { bench in
            let guid = try await bench.push(bench.redis)
            try await bench.same("/foundry/v1/apps", ListAnswer<AppSummary>.self)
            try await bench.same("/foundry/v1/apps/\(guid)", AppSummary.self)
            try await bench.same("/foundry/v1/apps/\(guid)/why", WhyAnswer.self)
            try await bench.same("/foundry/v1/volumes", ListAnswer<VolumeSummary>.self)
            try await bench.same("/foundry/v1/images", ListAnswer<ImageSummary>.self)
            try await bench.same("/foundry/v1/aliases", ListAnswer<AliasSummary>.self)
            try await bench.same("/foundry/v1/status", StatusAnswer.self)
            try await bench.same("/foundry/v1/events", ListAnswer<EventSummary>.self)
            try await bench.same("/v3/apps", Page<AppAnswer>.self)
            try await bench.same("/v3/processes", Page<ProcessAnswer>.self)
            try await bench.same("/v3/processes/\(guid)/stats", ProcessStatsAnswer.self)
            try await bench.same("/v3/routes", Page<RouteAnswer>.self)
            try await bench.same("/v3/audit_events", Page<AuditEventAnswer>.self)
            try await bench.same("/v3/organizations", Page<OrganizationAnswer>.self)
            try await bench.same("/v3/spaces", Page<SpaceAnswer>.self)
            try await bench.same("/v3/domains", Page<DomainAnswer>.self)
            try await bench.same("/v3/info", InfoAnswer.self)
            try await bench.same("/", RootAnswer.self)
        }
    }

    @Test("times are RFC 3339 with milliseconds, and read back to the millisecond")
    func times() {
        for milliseconds in [0, 1, 999, 1000, 951_782_399_999, 951_782_400_000, 1_709_164_800_123, 4_102_444_799_001]
            as [Int64]
        {
            let time = WireTime(Timestamp(millisecondsSince1970: milliseconds))
            #expect(WireTime(parsing: time.description) == time, "\(time)")
        }
        #expect(WireTime(Timestamp(millisecondsSince1970: 1_709_164_800_123)).description == "2024-02-29T00:00:00.123Z")
        #expect(WireTime(parsing: "2024-02-29T00:00:00Z")?.timestamp.millisecondsSince1970 == 1_709_164_800_000)
        for text in [
            "", "Z", "2024-02-29", "2024-02-29T00:00:00", "2024-13-01T00:00:00Z", "2024-02-29T24:00:00Z",
            "2024-02-29T00:00:00.Z", "x-y-zTa:b:cZ",
        ] {
            #expect(WireTime(parsing: text) == nil, "\(text)")
        }
    }

    @Test("an error comes back as it went, and one of a newer server is told with its code")
    func errors() throws {
        let error = FoundryError(.portTaken, "Port 1 belongs to a.", detail: "d", hint: "h")
        let body = try WireJSON.decode(ErrorBody.self, from: try WireJSON.encode(ErrorBody([error])))
        #expect(body.error == error)
        let newer =
            #"{"errors":[{"code":1,"title":"CF-X","detail":"m","foundry":{"code":"not_yet_known","message":"m"}}]}"#
        let unknown = try WireJSON.decode(ErrorBody.self, from: Data(newer.utf8)).error
        #expect(
            unknown?.code == .internalError && unknown?.message == "m"
                && unknown?.detail?.contains("not_yet_known") == true)
        let foreign = #"{"errors":[{"code":10010,"title":"CF-ResourceNotFound","detail":"App not found"}]}"#
        #expect(try WireJSON.decode(ErrorBody.self, from: Data(foreign.utf8)).error?.message == "App not found")
    }

    @Test("a manifest made from flags is read as it was meant, and variables keep their names")
    func manifest() throws {
        let body = ManifestBody(applications: [
            ManifestApplication(
                name: "demo", image: "redis", disk: "1G", memory: "64M", cpu: "0.5",
                env: ["MY_Name": "a b", "lower_case": "1"], port: 20_001,
                targetPort: 6379, mount: "/data", restartPolicy: "available", diskSync: "defer:50",
                ioPerformance: "low",
                tolerates: "reorder", fence: "power", whenLost: "empty", ephemeral: false, isPublic: false,
                noRoute: false, start: false,
                healthCheck: ManifestHealthCheck(startPeriod: "1m", interval: "500ms", timeout: "2"))
        ])
        let read = try ManifestReader.read(
            [UInt8](try WireJSON.encode(body)), contentType: "application/json; charset=utf-8", domains: [:])
        #expect(read.count == 1)
        #expect(read[0].environment == ["MY_Name": "a b", "lower_case": "1"])
        #expect(
            read[0].name == "demo" && read[0].disk == "1G" && read[0].cpu == "0.5" && read[0].port == 20_001
                && read[0].targetPort == 6379)
        #expect(read[0].start == false && read[0].mount == "/data")
        #expect(
            read[0].policy
                == PolicyRequest(
                    restartPolicy: "available", diskSync: "defer:50", ioPerformance: "low", tolerates: "reorder",
                    fence: "power", whenLost: "empty"))
        #expect(
            read[0].health.startPeriodMilliseconds == 60_000 && read[0].health.intervalMilliseconds == 500
                && read[0].health.timeoutMilliseconds == 2_000)
    }
}

extension Bench {
    /// Expects that an answer, read and written again, is the same bytes.
    fileprivate func same<Value: Codable>(_ path: String, _ type: Value.Type) async throws {
        let reply = try await call(.get, path)
        let value = try reply.decoded(type)
        #expect(try WireJSON.encode(value) == reply.body, "\(path): \(reply.text)")
    }
}
