import FoundryModel
import FoundryTestSupport
import Testing

@Suite("Names of images")
struct ImageReferenceTests {
    private static let digest = "sha256:" + String(repeating: "0a", count: 32)

    struct Case: Sendable, CustomTestStringConvertible {
        var text: String
        var registry: String?
        var repository: String
        var tag: String?
        var digest: String?
        var testDescription: String { text }
    }

    @Test(
        "A reference is read into its parts, and printed as it was written",
        arguments: [
            Case(text: "redis", repository: "redis"), Case(text: "redis:7", repository: "redis", tag: "7"),
            Case(text: "library/redis:7.2-bookworm", repository: "library/redis", tag: "7.2-bookworm"),
            Case(text: "a/b/c", repository: "a/b/c"), Case(text: "e__f/a-b_c.d", repository: "e__f/a-b_c.d"),
            Case(text: "localhost/redis", registry: "localhost", repository: "redis"),
            Case(text: "localhost:5000/redis", registry: "localhost:5000", repository: "redis"),
            Case(text: "host:5000/team/name:tag", registry: "host:5000", repository: "team/name", tag: "tag"),
            Case(text: "registry.example/name", registry: "registry.example", repository: "name"),
            Case(text: "Registry.Example:1/name", registry: "Registry.Example:1", repository: "name"),
            Case(text: "127.0.0.1:65535/n", registry: "127.0.0.1:65535", repository: "n"),
            Case(text: "localhost:5000", repository: "localhost", tag: "5000"),
            Case(text: "registry.example", repository: "registry.example"),
            Case(text: "redis@\(digest)", repository: "redis", digest: digest),
            Case(
                text: "r.example/redis:7@\(digest)", registry: "r.example", repository: "redis", tag: "7",
                digest: digest),
            Case(text: "redis:_x", repository: "redis", tag: "_x"),
        ])
    func reads(it: Case) throws {
        let reference = try #require(ImageReference(parsing: it.text))
        #expect(reference.registry == it.registry)
        #expect(reference.repository == it.repository)
        #expect(reference.tag == it.tag)
        #expect(reference.digest == it.digest)
        #expect(reference.description == it.text)
    }

    @Test(
        "What is no reference is refused",
        arguments: [
            "", "/", ":", "@", "redis:", "redis@", "redis/", "/redis", "a//b", "Redis", "red is", "redis:.7",
            "redis:-7", "redis:a b", "redis:7:8",
            "host:0/x", "host:65536/x", "host:port/x", "host:1:2/x", ":5000/x", "-host.example/x", ".example/x",
            "example./x", "./x", "../x",
            "../../etc/passwd", "a/../b", "a/./b", ".a/b", "a/.b", "-a", "a-", "_a", "redis@sha256:abc",
            "redis@md5:\(String(repeating: "0a", count: 32))",
            "redis@\(digest)x", "redis@sha256:\(String(repeating: "0A", count: 32))", "redis@\(digest)@\(digest)",
            "rédis", "redis\n", "redis\u{0}",
            "redis:\(String(repeating: "t", count: 129))", String(repeating: "a", count: 513), "http://host.example/x",
            "redis?x=1", "redis#1", "$(id)",
        ])
    func refuses(text: String) {
        #expect(ImageReference(parsing: text) == nil)
    }

    @Test("Any reference made of its parts is read back as those parts")
    func roundTrip() throws {
        var random = Seeded(41)
        let words = ["a", "redis", "team-x", "b1", "c_d", "e.f", "library"]
        for _ in 0..<2_000 {
            let registry = ["", "localhost/", "host:5000/", "r.example/", "10.0.0.1:80/"].randomElement(using: &random)!
            let path = (0...Int.random(in: 0...2, using: &random)).map { _ in words.randomElement(using: &random)! }
            // A first component with a dot would be a registry.
            guard !registry.isEmpty || path.count == 1 || !path[0].contains(".") else { continue }
            let tag = random.chance(50) ? ":" + ["7", "latest", "1.2_x-y", "A"].randomElement(using: &random)! : ""
            let digest = random.chance(30) ? "@" + Self.digest : ""
            let text = registry + path.joined(separator: "/") + tag + digest
            let reference = try #require(ImageReference(parsing: text), "\(text)")
            #expect(reference.description == text)
            #expect(reference.repository == path.joined(separator: "/"), "\(text)")
            #expect((reference.registry == nil) == registry.isEmpty, "\(text)")
        }
    }

    @Test("Whatever is read is printed as something that is read as the same; nothing stops the process")
    func readsNoise() {
        var random = Seeded(42)
        let alphabet = Array("ab1.:/@-_A \u{0}é%sha256:")
        for _ in 0..<5_000 {
            let text = String(
                (0..<Int.random(in: 0...24, using: &random)).map { _ in alphabet.randomElement(using: &random)! })
            guard let reference = ImageReference(parsing: text) else { continue }
            #expect(ImageReference(parsing: reference.description) == reference, "\(text)")
            #expect(!reference.repository.split(separator: "/").contains(".."))
        }
    }

    @Test("Without a tag or a digest a reference means the tag latest")
    func whole() {
        let digest = "sha256:" + String(repeating: "a", count: 64)
        for (text, whole) in [
            ("localhost:5000/team/name", "localhost:5000/team/name:latest"),
            ("localhost:5000/name:1", "localhost:5000/name:1"),
            ("localhost:5000/name@\(digest)", "localhost:5000/name@\(digest)"),
        ] {
            #expect(ImageReference(parsing: text)?.whole == whole, "\(text)")
        }
    }

    @Test("A name is at most 512 bytes long, with the tag that it means")
    func longest() throws {
        let name = (0..<256).map { _ in "a" }.joined(separator: "/")
        #expect(ImageReference(parsing: name) == nil, "\(name.count) bytes and :latest")
        #expect(ImageReference(parsing: String(name.dropLast(6)))?.whole.utf8.count == 512)
        #expect(ImageReference(parsing: name + "/a") == nil)
    }

    @Test("A registry may speak without TLS only at a loopback address of this machine")
    func loopback() {
        for name in ["localhost", "localhost:5000", "127.0.0.1:5000", "127.1.2.3"] {
            #expect(ImageReference.isLoopback(name), "\(name)")
        }
        for name in [
            "127.example.org", "registry.example.org:443", "localhost.example.org", "128.0.0.1", "127.0.0.1.nip.io", "",
        ] {
            #expect(!ImageReference.isLoopback(name), "\(name)")
        }
    }
}
