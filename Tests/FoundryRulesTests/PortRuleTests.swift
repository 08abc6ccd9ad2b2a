import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Which port a route gets")
struct PortRuleTests {
    private static let configuration = RouteConfiguration(
        firstPort: 20_000, lastPort: 20_002,
        publicRange: PublicRouteRange(address: "192.0.2.1", firstPort: 30_000, lastPort: 30_000))

    private static func view(_ ports: [Int], hasApp: Bool) -> PlatformView {
        var view = PlatformView()
        var random = Seeded(64)
        let app = AppRecord(
            id: AppID("other")!, name: AppName("other")!, spec: Samples.spec(), desired: .started, generation: 1,
            createdAt: Samples.start,
            updatedAt: Samples.start)
        if hasApp { view.put(.app(app), revision: 1) }
        for port in ports {
            view.put(
                .route(
                    RouteRecord(
                        id: .random(using: &random), app: app.id, scope: .loopback, port: port, targetPort: 1,
                        createdAt: Samples.start)), revision: 1)
        }
        return view
    }

    private static func choose(
        _ wanted: Int?, _ ports: [Int] = [], scope: RouteScope = .loopback,
        configuration: RouteConfiguration = Self.configuration, hasApp: Bool = true
    ) -> Result<Int, FoundryError> {
        Result { () throws(FoundryError) in
            try PortRule.choose(wanted, scope: scope, view: view(ports, hasApp: hasApp), configuration: configuration)
        }
    }

    @Test("The lowest free one, unless one is asked for")
    func chooses() throws {
        #expect(try Self.choose(nil).get() == 20_000)
        #expect(try Self.choose(nil, [20_000, 20_002]).get() == 20_001)
        for port in [20_000, 20_002] { #expect(try Self.choose(port).get() == port, "both ends included") }
        #expect(try Self.choose(nil, scope: .public).get() == 30_000)
        // The same number in another scope is another port.
        #expect(try Self.choose(30_000, [30_000], scope: .public).get() == 30_000)
    }

    @Test("What cannot be had says why, and names who has it")
    func refuses() {
        func error(_ result: Result<Int, FoundryError>) -> FoundryError? {
            if case .failure(let error) = result { return error }
            return nil
        }
        let taken = error(Self.choose(20_001, [20_001]))
        #expect(taken?.code == .portTaken)
        #expect(taken?.message == "Port 20001 belongs to other.")
        let gone = error(Self.choose(20_001, [20_001], hasApp: false))
        #expect(gone?.code == .portTaken && gone?.message == "Port 20001 belongs to another app.")
        for port in [19_999, 20_003, 0, -1, 65_536, .max, .min] {
            let outside = error(Self.choose(port))
            #expect(
                outside?.code == .portInvalid && outside?.message.contains("20000 to 20002") == true
                    && outside?.hint != nil)
        }
        let full = error(Self.choose(nil, [20_000, 20_001, 20_002]))
        #expect(full?.code == .portsExhausted && full?.message == "All 3 ports of loopback routes are in use.")
        let disabled = error(
            Self.choose(nil, scope: .public, configuration: RouteConfiguration(firstPort: 1, lastPort: 2)))
        #expect(disabled?.code == .publicRoutesDisabled)
        #expect(disabled?.hint?.contains("routes.publicRange") == true)
    }
}
