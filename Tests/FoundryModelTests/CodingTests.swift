import FoundryModel
import FoundryTestSupport
import Testing

#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif

@Suite("Stored and sent values")
struct CodingTests {
    /// Each as it comes back from JSON.
    private func expectReturns<Value: Codable & Hashable>(_ value: Value, _ seed: UInt64) throws {
        let (encoder, decoder) = (JSONEncoder(), JSONDecoder())
        encoder.userInfo[.secrets] = PlainSecrets()
        decoder.userInfo[.secrets] = PlainSecrets()
        let bytes = try encoder.encode(value)
        #expect(try decoder.decode(Value.self, from: bytes) == value, "seed \(seed)")
    }

    @Test("Every record comes back as it was stored", arguments: RecordKind.allCases)
    func records(kind: RecordKind) throws {
        for seed in UInt64(0)..<60 {
            var values = RandomValues(seed: seed)
            switch values.record(kind) {
            case .app(let value): try expectReturns(value, seed)
            case .member(let value): try expectReturns(value, seed)
            case .volume(let value): try expectReturns(value, seed)
            case .route(let value): try expectReturns(value, seed)
            case .cell(let value): try expectReturns(value, seed)
            case .job(let value): try expectReturns(value, seed)
            case .event(let value): try expectReturns(value, seed)
            case .status(let value): try expectReturns(value, seed)
            case .volumeStatus(let value): try expectReturns(value, seed)
            case .term(let value): try expectReturns(value, seed)
            case .session(let value): try expectReturns(value, seed)
            case .fence(let value): try expectReturns(value, seed)
            case .cluster(let value): try expectReturns(value, seed)
            case .beat(let value): try expectReturns(value, seed)
            case .token(let value): try expectReturns(value, seed)
            case .logDrain(let value): try expectReturns(value, seed)
            case .snapshot(let value): try expectReturns(value, seed)
            case .release(let value): try expectReturns(value, seed)
            case .instance(let value): try expectReturns(value, seed)
            case .binding(let value): try expectReturns(value, seed)
            case .brokerCredential(let value): try expectReturns(value, seed)
            case .names(let value): try expectReturns(value, seed)
            }
        }
    }

    @Test("A secret is shown by nothing, and written by no coder that was not told how")
    func secrets() throws {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        let binding = ["password": secret]
        for text in ["\(secret)", String(reflecting: secret), dumped, "\(binding)"] {
            #expect(!text.contains("hunter2"))
        }
        #expect(throws: EncodingError.self) { try JSONEncoder().encode(binding) }
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([Secret].self, from: Data(#"["hunter2"]"#.utf8))
        }
        #expect(secret.reveal() == "hunter2")
    }

    @Test("JSON that is put together is written as what it is")
    func nodes() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let node: JSONNode = [
            "flag": JSONNode(.boolean(true)), "list": [1, .number(2)], "number": JSONNode(.integer(50)),
            "text": JSONNode(.text("a \"b\"")), "within": ["empty": []],
        ]
        #expect(
            String(decoding: try encoder.encode(node), as: UTF8.self)
                == #"{"flag":true,"list":[1,2],"number":50,"text":"a \"b\"","within":{"empty":[]}}"#)
    }

    @Test("Orders, reports, labels and configurations come back as they were sent")
    func messages() throws {
        for seed in UInt64(100)..<160 {
            var values = RandomValues(seed: seed)
            try expectReturns(values.cellOrders(), seed)
            try expectReturns(values.cellReport(), seed)
            try expectReturns(RouterOrders(revision: 7, routes: values.list { $0.routeOrder() }, term: Term(3)), seed)
            try expectReturns(
                RouterReport(
                    ordersRevision: values.some { Int64($0.number()) }, applied: values.list { $0.routeOrder() },
                    problem: values.some { $0.text() }),
                seed)
            try expectReturns(values.sessionRequest(), seed)
            try expectReturns(values.sessionAnswer(), seed)
            try expectReturns(values.label(), seed)
            try expectReturns(values.configuration(), seed)
            try expectReturns(values.error(), seed)
            try expectReturns(
                ContractSentence(clause: values.one(of: ContractClause.allCases), text: values.text()), seed)
        }
    }

    @Test("Values of one number or word are stored as that, so that a person can read them")
    func plain() throws {
        func json(_ value: some Encodable) throws -> String {
            String(decoding: try JSONEncoder().encode([value]), as: UTF8.self)
        }
        #expect(try json(ByteCount(bytes: 5)) == "[5]")
        #expect(try json(Millicores(250)) == "[250]")
        #expect(try json(Timestamp(millisecondsSince1970: -7)) == "[-7]")
        #expect(try json(Epoch(.max)) == "[18446744073709551615]")
        #expect(try json(AppName("demo")!) == #"["demo"]"#)
        #expect(try json(AppID("a-1")!) == #"["a-1"]"#)
        #expect(try json(ImageReference(parsing: "redis:7")!) == #"["redis:7"]"#)
        #expect(try json(PoolConfiguration.file(size: .megabytes(1))) == #"[{"file":1048576}]"#)
        #expect(try json(ContractClause.neverEmpty) == #"["never-empty"]"#)
    }

    @Test("What was not written by us is not read as ours")
    func refusals() {
        func reads<Value: Decodable>(_ type: Value.Type, _ json: String) -> Bool {
            (try? JSONDecoder().decode([Value].self, from: Data(json.utf8))) != nil
        }
        #expect(!reads(AppName.self, #"["Demo"]"#))
        #expect(!reads(AppID.self, #"["../x"]"#))
        #expect(!reads(ImageReference.self, #"["a//b"]"#))
        #expect(!reads(Epoch.self, "[-1]"))
        #expect(!reads(ByteCount.self, "[1.5]"))
        #expect(!reads(ByteCount.self, #"["5"]"#))
        #expect(!reads(PoolConfiguration.self, "[{}]"))
        #expect(!reads(PoolConfiguration.self, #"[{"file": 5, "device": "/dev/sdb"}]"#))
        #expect(!reads(RestartPolicy.self, #"["always"]"#))
    }

    @Test("A record's key begins as its kind's do, and tells the record apart from all others")
    func keys() {
        var values = RandomValues(seed: 300)
        var keys: Set<String> = []
        for kind in RecordKind.allCases {
            for _ in 0..<(kind.prefix.hasSuffix("/") ? 20 : 1) {
                let record = values.record(kind)
                #expect(record.kind == kind)
                #expect(record.key.hasPrefix(kind.prefix))
                #expect(RecordKind.allCases.filter { record.key.hasPrefix($0.prefix) } == [kind], "\(record.key)")
                #expect(keys.insert(record.key).inserted)
            }
        }
        #expect(RecordKind.route.key("loopback/20000") == "/routes/loopback/20000")
    }

    @Test("A configuration says which ports a scope has")
    func ports() {
        let loopback = RouteConfiguration(firstPort: 20_000, lastPort: 20_009)
        #expect(loopback.ports(of: .loopback) == 20_000...20_009)
        #expect(loopback.ports(of: .public) == nil)
        let range = PublicRouteRange(address: "192.0.2.1", firstPort: 30_000, lastPort: 30_001)
        #expect(RouteConfiguration(firstPort: 1, lastPort: 2, publicRange: range).ports(of: .public) == 30_000...30_001)
    }
}
