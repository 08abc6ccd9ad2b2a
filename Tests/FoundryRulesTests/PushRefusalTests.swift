import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("A push that is wrong")
struct PushRefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var request: PushRequest
        var image = Samples.image()
        var code: ErrorCode
        /// What the message must name.
        var names: String

        init(
            _ change: (inout PushRequest) -> Void, image: ResolvedImage = Samples.image(), _ code: ErrorCode,
            names: String
        ) {
            request = PushRequest(name: "demo", image: "redis", disk: "100M")
            change(&request)
            self.image = image
            self.code = code
            self.names = names
        }
        var testDescription: String { "\(code.rawValue) \(names)" }
    }

    private static let twoPorts = Samples.image(ports: [80, 443])
    private static let noVolume = Samples.image(volumes: [])

    private static let badNames = [
        "Demo", "-demo", "demo-", "1demo", "de mo", "../x", "", "dé", String(repeating: "a", count: 64),
    ]
    private static let names = badNames.map { name in
        Case({ $0.name = name }, .nameInvalid, names: "'\(name)'")
    }

    private static let sizes: [Case] = [
        Case({ $0.disk = "lots" }, .sizeInvalid, names: "--disk 'lots'"),
        Case({ $0.disk = "-1G" }, .sizeInvalid, names: "--disk '-1G'"),
        Case({ $0.disk = "" }, .sizeInvalid, names: "--disk ''"),
        Case({ $0.disk = "1M" }, .sizeInvalid, names: "16 MiB to 16 TiB"),
        Case({ $0.disk = "0" }, .sizeInvalid, names: "--disk 0 B"),
        Case({ $0.disk = "17T" }, .sizeInvalid, names: "--disk 17 TiB"),
        Case({ $0.disk = "8388607T" }, .sizeInvalid, names: "--disk 8388607 TiB"),
        Case({ $0.disk = "99999999999999999999T" }, .sizeInvalid, names: "--disk"),
        Case({ $0.memory = "1K" }, .sizeInvalid, names: "--memory 1 KiB"),
        Case({ $0.memory = "5T" }, .sizeInvalid, names: "--memory 5 TiB"),
        Case({ $0.memory = "NaN" }, .sizeInvalid, names: "--memory 'NaN'"),
        Case({ $0.cpu = "0" }, .sizeInvalid, names: "--cpu '0'"),
        Case({ $0.cpu = "9m" }, .sizeInvalid, names: "--cpu '9m'"),
        Case({ $0.cpu = "many" }, .sizeInvalid, names: "--cpu 'many'"),
        Case({ $0.cpu = "1001" }, .sizeInvalid, names: "--cpu '1001'"),
        Case({ $0.cpu = "-1" }, .sizeInvalid, names: "--cpu '-1'"),
        Case({ $0.memory = "17G" }, .capacityShort, names: "17 GiB of memory"),
        Case({ $0.disk = "101G" }, .poolFull, names: "101 GiB"),
    ]

    private static let disks: [Case] = [
        Case({ $0.disk = nil }, .diskRequired, names: "/data"),
        Case({ ($0.disk, $0.mount) = (nil, "/x") }, .diskRequired, names: "--mount"),
        Case({ $0.ephemeral = true }, .diskUnused, names: "--ephemeral"),
        Case({ _ in }, image: noVolume, .diskUnused, names: "VOLUME"),
        Case({ $0.mount = "data" }, .mountInvalid, names: "'data'"),
        Case({ $0.mount = "/" }, .mountInvalid, names: "'/'"),
        Case({ $0.mount = "" }, .mountInvalid, names: "''"),
        Case({ $0.mount = "/data/../etc" }, .mountInvalid, names: "'/data/../etc'"),
        Case({ $0.mount = "/a:b" }, .mountInvalid, names: "'/a:b'"),
        Case({ $0.mount = "/proc" }, .mountInvalid, names: "/proc"),
        Case({ $0.mount = "/proc/1" }, .mountInvalid, names: "/proc/1"),
        Case({ $0.mount = "//etc/" }, .mountInvalid, names: "/etc"),
        Case({ $0.mount = "/sys/fs" }, .mountInvalid, names: "/sys/fs"),
        Case({ $0.mount = "/dev/shm" }, .mountInvalid, names: "/dev/shm"),
        Case({ $0.mount = "/" + String(repeating: "x", count: 300) }, .mountInvalid, names: "/xxx"),
        Case({ $0.mount = "/a\u{0}b" }, .mountInvalid, names: "is not an absolute path"),
        Case({ _ in }, image: Samples.image(volumes: ["/usr"]), .mountInvalid, names: "/usr"),
    ]

    private static let routes: [Case] = [
        Case({ $0.port = 1 }, .portInvalid, names: "Port 1 "),
        Case({ $0.port = 20_010 }, .portInvalid, names: "20000 to 20009"),
        Case({ $0.port = -1 }, .portInvalid, names: "-1"),
        Case({ $0.targetPort = 0 }, .portInvalid, names: "0 is not a port"),
        Case({ $0.targetPort = 65_536 }, .portInvalid, names: "65536"),
        Case({ $0.targetPort = -5 }, .portInvalid, names: "-5"),
        Case({ _ in }, image: twoPorts, .portInvalid, names: "80, 443"),
        Case({ $0.port = 20_000 }, image: Samples.image(ports: []), .portInvalid, names: "no port"),
        Case({ ($0.port, $0.noRoute) = (20_000, true) }, .portInvalid, names: "route"),
        Case({ $0.isPublic = true }, .publicRoutesDisabled, names: "Public routes"),
    ]

    private static let others: [Case] = [
        Case({ $0.policy.restartPolicy = "always" }, .policyUnknown, names: "'always'"),
        Case({ $0.policy.restartPolicy = "Consistent" }, .policyUnknown, names: "'Consistent'"),
        Case({ $0.policy.restartPolicy = "" }, .policyUnknown, names: "''"),
        Case({ $0.environment = ["": "x"] }, .environmentInvalid, names: "''"),
        Case({ $0.environment = ["1A": "x"] }, .environmentInvalid, names: "'1A'"),
        Case({ $0.environment = ["A-B": "x"] }, .environmentInvalid, names: "'A-B'"),
        Case({ $0.environment = ["A=B": "x"] }, .environmentInvalid, names: "'A=B'"),
        Case({ $0.environment = ["É": "x"] }, .environmentInvalid, names: "'É'"),
        Case({ $0.environment = ["SECRET": "a\u{0}b"] }, .environmentInvalid, names: "SECRET"),
        Case(
            { $0.environment = ["BIG": String(repeating: "x", count: 65_536)] }, .environmentInvalid,
            names: "65539 bytes"),
        Case({ $0.health.intervalMilliseconds = 99 }, .healthInvalid, names: "interval of 99 ms"),
        Case({ $0.health.timeoutMilliseconds = 0 }, .healthInvalid, names: "timeout of 0 ms"),
        Case({ $0.health.timeoutMilliseconds = 60_001 }, .healthInvalid, names: "timeout of 60001 ms"),
        Case({ $0.health.startPeriodMilliseconds = -1 }, .healthInvalid, names: "start-period of -1 ms"),
        Case({ $0.health.startPeriodMilliseconds = .max }, .healthInvalid, names: "start-period"),
    ]

    @Test(
        "It is refused with its code; the message names what is wrong, and a command helps",
        arguments: names + sizes + disks + routes + others)
    func refused(it: Case) {
        var random = Seeded(71)
        let error = #expect(throws: FoundryError.self) {
            try PushPlanner.plan(
                it.request, image: it.image, view: Samples.view(), configuration: Samples.configuration(),
                now: Samples.start, using: &random)
        }
        #expect(error?.code == it.code)
        #expect(error?.message.contains(it.names) == true, "\(String(describing: error))")
        #expect(error?.hint?.isEmpty == false)
        #expect((400..<500).contains(error?.code.surface.httpStatus ?? 0))
        #expect((error?.message.utf8.count ?? 0) < 400, "a message repeats no more than a line of what it was given")
    }

    @Test("A variable's value is in no message")
    func secrets() {
        for environment in [
            ["A": "hunter2\u{0}"], ["1B": "hunter2"], ["BIG": String(repeating: "hunter2", count: 10_000)],
        ] {
            var random = Seeded(72)
            let request = PushRequest(name: "demo", image: "redis", disk: "1G", environment: environment)
            let error = #expect(throws: FoundryError.self) {
                try PushPlanner.plan(
                    request, image: Samples.image(), view: Samples.view(), configuration: Samples.configuration(),
                    now: Samples.start, using: &random)
            }
            #expect(error?.code == .environmentInvalid)
            #expect(error.map { "\($0)".contains("hunter2") } == false)
        }
    }

    @Test("Who mistyped a policy is told which one is near, or which ones there are")
    func policies() throws {
        func hint(_ policy: String) -> String? {
            var random = Seeded(73)
            let request = PushRequest(
                name: "demo", image: "redis", disk: "1G", policy: PolicyRequest(restartPolicy: policy))
            do throws(FoundryError) {
                _ = try PushPlanner.plan(
                    request, image: Samples.image(), view: Samples.view(), configuration: Samples.configuration(),
                    now: Samples.start,
                    using: &random)
                return nil
            } catch {
                return error.hint
            }
        }
        #expect(hint("consistant") == "did you mean consistent?")
        #expect(hint("whatever-else") == "one of consistent, available")
        #expect(hint("available") == nil)
    }
}
