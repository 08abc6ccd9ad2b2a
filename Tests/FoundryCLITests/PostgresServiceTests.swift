import FoundryModel
import Testing

@testable import FoundryCommandLine

@Suite("The PostgreSQL connection service file")
struct PostgresServiceTests {
    private let demo = PostgresService(
        name: "demo", host: "127.0.0.1", port: 20_000, database: "db", user: "u", password: "p")
    private let entry = "[demo]\nhost=127.0.0.1\nport=20000\ndbname=db\nuser=u\npassword=p\n"

    @Test("an empty file becomes the entry")
    func empty() throws {
        #expect(try demo.merged(into: "") == entry)
    }

    @Test(
        "a new entry comes at the end, and every other line stays",
        arguments: ["# remark\n[other]\nhost=x\n", "[other]\nhost=x", "[demo2]\n\n"])
    func appended(text: String) throws {
        let merged = try demo.merged(into: text)
        #expect(merged.hasPrefix(text))
        #expect(merged.hasSuffix("\n" + entry))
    }

    @Test("an entry of that name is replaced where it is, and remarks before the next one stay there")
    func replaced() throws {
        let text = "[a]\nhost=a\n\n[demo]\nhost=old\nsslmode=require\n\n# about b\n[b]\nhost=b\n"
        #expect(try demo.merged(into: text) == "[a]\nhost=a\n\n\(entry)\n# about b\n[b]\nhost=b\n")
    }

    @Test("a file with carriage returns is read by its lines, and keeps them")
    func carriageReturns() throws {
        #expect(
            try demo.merged(into: "[a]\r\nhost=a\r\n[demo]\r\nhost=old\r\n[b]\r\n")
                == "[a]\r\nhost=a\r\n\(entry)[b]\r\n")
    }

    @Test("merging twice is merging once")
    func idempotent() throws {
        let once = try demo.merged(into: "[a]\nhost=a\n")
        #expect(try demo.merged(into: once) == once)
    }

    @Test("the first entry of a name is the one that counts, as for libpq")
    func duplicates() throws {
        let merged = try demo.merged(into: " [demo] \nhost=1\n[demo]\nhost=2\n")
        #expect(merged == entry + "[demo]\nhost=2\n")
    }

    @Test("a value with a line break is refused")
    func lineBreak() throws {
        var service = demo
        service.password = "a\nhost=evil"
        let error = try #require(throws: FoundryError.self) { try service.merged(into: "") }
        #expect(error.code == .badRequest)
        #expect(!error.description.contains("evil"))
    }
}
