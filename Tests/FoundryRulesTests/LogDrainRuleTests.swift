import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Log drains")
struct LogDrainRuleTests {
    private static func app(_ name: String = "demo", _ desired: DesiredState = .started) -> AppRecord {
        AppRecord(
            id: AppID(name)!, name: AppName(name)!, spec: Samples.spec(), desired: desired, generation: 1,
            createdAt: Samples.start, updatedAt: Samples.start)
    }

    private static func add(
        _ text: String, to app: AppRecord = app(), in view: PlatformView = Samples.view(), seed: UInt64 = 41
    ) -> Result<LogDrainRecord, FoundryError> {
        var random = Seeded(seed)
        return Result { () throws(FoundryError) in
            let added = try LogDrainRule.add(
                text, to: Revised(app, revision: 9), by: "ci", view: view, now: Samples.start, using: &random)
            #expect(added.writes.last == .put(.logDrain(added.record), expects: .absent))
            #expect(added.writes.first == .check(key: Record.app(app).key, kind: .app, expects: .revision(9)))
            return added.record
        }
    }

    private static func error(_ result: Result<LogDrainRecord, FoundryError>) -> FoundryError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    /// So many drains of one app, or each of an app of its own.
    private static func view(_ count: Int, ofOneApp: Bool) throws -> PlatformView {
        var view = Samples.view()
        for number in 0..<count {
            let drain = try add(
                "syslog://10.0.0.1:\(number + 1)", to: app(ofOneApp ? "demo" : "app-\(number)"), seed: UInt64(number)
            ).get()
            view.put(.logDrain(drain), revision: 200 + Int64(number))
        }
        return view
    }

    @Test("A server is read with its port, or the usual one")
    func servers() throws {
        #expect(try Self.add("syslog://logs.test").get().target.port == 514)
        #expect(try Self.add("syslog-tls://logs.test").get().target.port == 6514)
        #expect(try Self.add("syslog://[::1]:1514").get().target.host == "::1")
        for text in [
            "", "http://logs.test", "syslog://", "syslog://a:b:c", "syslog://a:0", "syslog://a:70000", "syslog://a/b",
            "syslog://u@a", "syslog://[1]", "syslog://[::1]x", "syslog://a:99999999999999999999",
        ] {
            #expect(Self.error(Self.add(text))?.code == .badRequest, "\(text)")
        }
    }

    @Test("Refused for an app that goes, for one that it has, and past eight of an app or sixty-four of all")
    func refused() throws {
        #expect(Self.error(Self.add("syslog://a", to: Self.app("demo", .deleted(purge: false))))?.code == .appBusy)
        let full = try Self.view(LogDrainRule.most, ofOneApp: true)
        #expect(Self.error(Self.add("syslog://10.0.0.1:1", in: full))?.code == .nameTaken)
        #expect(Self.error(Self.add("syslog://10.0.0.2", in: full))?.code == .tooManyRequests)
        #expect(Self.error(Self.add("syslog://10.0.0.1:1", to: Self.app("other"), in: full)) == nil)
        let crowded = try Self.view(LogDrainRule.mostOfAll, ofOneApp: false)
        #expect(Self.error(Self.add("syslog://10.0.0.2", in: crowded))?.code == .tooManyRequests)
    }

    @Test("An app that goes takes its own along, and nobody else's")
    func removals() throws {
        var view = try Self.view(2, ofOneApp: true)
        view.put(.logDrain(try Self.add("syslog://a", to: Self.app("other"), seed: 99).get()), revision: 300)
        let writes = LogDrainRule.removals(of: AppID("demo")!, view: view)
        #expect(writes.count == 2 && Set(writes.map(\.expectation)) == [.revision(200), .revision(201)])
        #expect(writes.allSatisfy { $0.key.hasPrefix("/log-drains/") })
    }
}
