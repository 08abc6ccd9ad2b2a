import FoundryModel
import FoundryTestSupport
import Testing

@Suite("Names and ids")
struct NamesTests {
    private static let label63 = String(repeating: "a", count: 63)

    @Test("A DNS label is a name", arguments: ["a", "demo", "orders-db", "a1", "a--b", "x2-y3", label63])
    func names(text: String) {
        #expect(AppName(text)?.description == text)
    }

    @Test(
        "Nothing else is",
        arguments: [
            "", "-a", "a-", "1a", "A", "Demo", "a.b", "a_b", "a/b", "a b", " a", "a\n", "ä", "a\u{0}", "../etc", "a%2e",
            label63 + "a", "dé", "名",
        ])
    func refusesNames(text: String) {
        #expect(AppName(text) == nil)
    }

    @Test(
        "An id is safe in a path, in a container's name and in a URL",
        arguments: ["a", "0", "a.b-c", "1-2", String(repeating: "z", count: 64)])
    func ids(text: String) {
        #expect(AppID(text)?.description == text)
    }

    @Test(
        "What is not is no id",
        arguments: [
            "", ".", "..", ".a", "-a", "a/b", "A", "a_b", "a b", "a\u{0}", "ä", String(repeating: "z", count: 65),
            "a:b", "a%",
        ])
    func refusesIds(text: String) {
        #expect(VolumeID(text) == nil)
    }

    @Test("A fresh id is a version 4 UUID, and the same generator makes the same one")
    func randomIds() throws {
        var (one, other) = (Seeded(31), Seeded(31))
        var seen: Set<MemberID> = []
        for _ in 0..<1_000 {
            let id = MemberID.random(using: &one)
            #expect(id == MemberID.random(using: &other))
            #expect(
                id.description.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/)
                    != nil, "\(id)")
            #expect(MemberID(id.description) == id)
            #expect(id.short == id.description.prefix(8))
            #expect(seen.insert(id).inserted)
        }
    }

    @Test(
        "The nearest name is what somebody probably meant",
        arguments: [
            ("reids", "redis"), ("Redis", "redis"), ("redsi", "redis"), ("rediss", "redis"), ("redi", "redis"),
            ("postgre", "postgres"),
            ("posgresql", "postgresql"), ("consistant", "consistent"),
        ])
    func nearest(text: String, meant: String) {
        #expect(NearestName.find(text, among: ["redis", "postgres", "postgresql", "consistent", "available"]) == meant)
    }

    @Test(
        "What is far from everything means nothing",
        arguments: ["mysql", "xxxxx", "", "r", String(repeating: "redis", count: 100)])
    func far(text: String) {
        #expect(NearestName.find(text, among: ["redis", "postgres", "postgresql"]) == nil)
        #expect(NearestName.find(text, among: []) == nil)
    }

    @Test("Of two that are equally near the first is meant")
    func ties() {
        #expect(NearestName.find("cat", among: ["car", "bat"]) == "car")
        #expect(NearestName.find("cat", among: ["bat", "car"]) == "bat")
        #expect(NearestName.find("cat", among: ["bat", "cat"]) == "cat")
    }
}

@Suite("Syslog servers")
struct LogDrainTargetTests {
    @Test("are read with their way, host and port")
    func good() throws {
        let plain = try #require(LogDrainTarget("syslog://logs.example.org"))
        #expect(plain.host == "logs.example.org" && plain.port == 514 && !plain.isTLS)
        let secure = try #require(LogDrainTarget("syslog-tls://10.0.0.1:6515"))
        #expect(secure.host == "10.0.0.1" && secure.port == 6515 && secure.isTLS)
        let six = try #require(LogDrainTarget("syslog-tls://[::1]"))
        #expect(six.host == "::1" && six.port == 6514)
        #expect(LogDrainTarget("syslog://[::1]:99")?.port == 99)
    }

    @Test(
        "and nothing else is",
        arguments: [
            "", "syslog://", "http://a", "syslog://a:0", "syslog://a:65536", "syslog://a:x", "syslog://a:",
            "syslog://u@a",
            "syslog://a/b", "syslog://a?b", "syslog://::1", "syslog://[::1", "syslog://[a]", "syslog://a b",
            "SYSLOG://a",
            "syslog://a:+5", "syslog://a:5:6",
        ])
    func bad(text: String) { #expect(LogDrainTarget(text) == nil) }
}
