import FoundryModel
import FoundryRules
import Testing

@Suite("Which port a route gets")
struct PortChoiceTests {
    private static let configuration = RouteConfiguration(firstPort: 20_000, lastPort: 20_002)

    private static func view(_ ports: [Int], scope: RouteScope = .loopback) -> PlatformView {
        var view = PlatformView()
        for port in ports {
            view.put(
                .route(
                    RouteRecord(
                        id: RouteID("r-\(port)")!, app: AppID("gone-\(port)")!, scope: scope, port: port,
                        targetPort: 80, createdAt: Samples.start)), revision: 1)
        }
        return view
    }

    private static func choose(
        _ wanted: Int?, _ taken: [Int], alsoTaken: Set<Int> = [], scope: RouteScope = .loopback
    ) throws(FoundryError) -> Int {
        try PortRule.choose(
            wanted, scope: .loopback, view: view(taken, scope: scope), configuration: configuration,
            alsoTaken: alsoTaken)
    }

    @Test("The lowest free one is taken, past what routes have and what the same request gives away")
    func lowest() throws {
        #expect(try Self.choose(nil, []) == 20_000)
        #expect(try Self.choose(nil, [20_000, 20_002]) == 20_001)
        #expect(try Self.choose(nil, [20_000], alsoTaken: [20_001]) == 20_002)
        #expect(try Self.choose(nil, [20_000], scope: .public) == 20_000, "the scopes have ports of their own")
        let error = #expect(throws: FoundryError.self) {
            try Self.choose(nil, [20_000, 20_001], alsoTaken: [20_002])
        }
        #expect(error?.code == .portsExhausted)
        #expect(error?.message == "All 3 ports of loopback routes are in use.")
    }

    @Test("A port that was asked for is given within the range, both ends included")
    func wanted() throws {
        for port in [20_000, 20_002] { #expect(try Self.choose(port, []) == port) }
        for port in [19_999, 20_003] {
            let error = #expect(throws: FoundryError.self) { try Self.choose(port, []) }
            #expect(error?.code == .portInvalid)
        }
    }

    @Test("A port that is taken is refused, whoever has it")
    func taken() {
        let unknown = #expect(throws: FoundryError.self) { try Self.choose(20_001, [20_001]) }
        #expect(unknown?.code == .portTaken && unknown?.message == "Port 20001 belongs to another app.")
        let twice = #expect(throws: FoundryError.self) { try Self.choose(20_001, [], alsoTaken: [20_001]) }
        #expect(twice?.code == .portTaken && twice?.message == "Port 20001 is asked for twice.")
    }
}
