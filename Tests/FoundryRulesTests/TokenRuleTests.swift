import FoundryModel
import FoundryRules
import FoundryTestSupport
import Testing

@Suite("Tokens by name")
struct TokenRuleTests {
    private static func create(
        _ name: String, life: Int64? = nil, isReadOnly: Bool = false, in view: PlatformView = Samples.view()
    ) -> Result<(record: TokenRecord, writes: [RecordWrite]), FoundryError> {
        var random = Seeded(31)
        return Result { () throws(FoundryError) in
            try TokenRule.create(
                name, hash: "0a", isReadOnly: isReadOnly, life: life, by: "operator", view: view, now: Samples.start,
                using: &random)
        }
    }

    private static func revoke(_ name: String, in view: PlatformView) -> Result<[RecordWrite], FoundryError> {
        var random = Seeded(32)
        return Result { () throws(FoundryError) in
            try TokenRule.revoke(name, by: "operator", view: view, now: Samples.start, using: &random)
        }
    }

    private static func view(with names: [String]) throws -> PlatformView {
        var view = Samples.view()
        for (number, name) in names.enumerated() {
            view.put(.token(try create(name).get().record), revision: 100 + Int64(number))
        }
        return view
    }

    private static func error<Value>(_ result: Result<Value, FoundryError>) -> FoundryError? {
        if case .failure(let error) = result { return error }
        return nil
    }

    @Test("It is made where there is none of that name, and an event says what it may")
    func created() throws {
        let plain = try Self.create("ci").get()
        #expect(plain.writes.first == .put(.token(plain.record), expects: .absent))
        #expect(plain.record.createdBy == "operator" && !plain.record.isExpired(Samples.start + 9_000_000_000))
        let short = try Self.create("ci", life: 1_000, isReadOnly: true).get()
        #expect(!short.record.isExpired(Samples.start + 999) && short.record.isExpired(Samples.start + 1_000))
        guard case .put(.event(let event), .absent)? = short.writes.last else { return #expect(Bool(false)) }
        #expect(event.message.hasPrefix("may read, until ") && event.subject == "token ci")
        guard case .put(.event(let other), .absent)? = plain.writes.last else { return #expect(Bool(false)) }
        #expect(other.message == "may do everything" && other.kind == .tokenCreated)
    }

    @Test("Refused: no name, a name that is taken, a life that is none, more than a hundred")
    func refused() throws {
        for name in ["", "CI", "9", "a b", String(repeating: "a", count: 64)] {
            #expect(Self.error(Self.create(name))?.code == .nameInvalid, "\(name)")
        }
        #expect(Self.error(Self.create("operator"))?.code == .nameTaken)
        #expect(Self.error(Self.create("ci", in: try Self.view(with: ["ci"])))?.code == .nameTaken)
        for life in [0, -1, TokenRule.longestLife + 1] {
            #expect(Self.error(Self.create("ci", life: life))?.code == .badRequest, "\(life)")
        }
        let full = try Self.view(with: (0..<TokenRule.most).map { "t\($0)" })
        #expect(Self.error(Self.create("ci", in: full))?.code == .tooManyRequests)
    }

    @Test("It is taken back once; the installation's own never; who mistyped it is told which one is near")
    func revoked() throws {
        let view = try Self.view(with: ["ci", "laptop"])
        let writes = try Self.revoke("ci", in: view).get()
        #expect(writes.first == .delete(key: "/tokens/ci", kind: .token, expects: .revision(100)))
        #expect(Self.error(Self.revoke("operator", in: view))?.code == .badRequest)
        #expect(Self.error(Self.revoke("lapto", in: view))?.hint == "did you mean laptop?")
        #expect(Self.error(Self.revoke("something-else", in: view))?.hint == "foundry token ls")
        #expect(Self.error(Self.revoke("No Name", in: view))?.code == .notFound)
    }
}
