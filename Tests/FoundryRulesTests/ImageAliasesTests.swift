import FoundryModel
import FoundryRules
import Testing

@Suite("What a short name of an image means")
struct ImageAliasesTests {
    private static let local = ["mariadb:10.11", "postgresql:15", "redis:7", "redis:6"]

    private static func refusal(_ text: String, _ local: [String] = Self.local) -> FoundryError? {
        do throws(FoundryError) {
            _ = try ImageAliases.resolve(text, local: local)
            return nil
        } catch {
            return error
        }
    }

    @Test(
        "A short name means a local image",
        arguments: [
            ("redis", "redis:7"), ("redis:7", "redis:7"), ("redis:6", "redis:6"), ("redis:latest", "redis:7"),
            ("redis/redis", "redis:7"),
            ("redis/redis:6", "redis:6"), ("library/redis", "redis:7"), ("postgres", "postgresql:15"),
            ("postgresql", "postgresql:15"),
            ("library/postgres:15", "postgresql:15"), ("postgres/postgres", "postgresql:15"),
            ("postgresql/postgresql", "postgresql:15"), ("mysql", "mariadb:10.11"), ("mysql/mysql", "mariadb:10.11"),
            ("library/mysql", "mariadb:10.11"), ("mariadb", "mariadb:10.11"),
            ("mariadb/mariadb:10.11", "mariadb:10.11"),
            ("library/mariadb", "mariadb:10.11"),
        ])
    func local(text: String, name: String) throws {
        #expect(try ImageAliases.resolve(text, local: Self.local) == .local(name))
    }

    @Test(
        "A full reference means its registry, whatever lies here",
        arguments: [
            "localhost/redis:7", "registry.example/redis", "localhost:5000/library/redis:7", "docker.io/library/redis",
        ])
    func registry(text: String) throws {
        #expect(try ImageAliases.resolve(text, local: Self.local) == .registry(ImageReference(parsing: text)!))
        #expect(try ImageAliases.resolve(text, local: []) == .registry(ImageReference(parsing: text)!))
    }

    @Test(
        "A short name that is not here is never looked for in a registry",
        arguments: ["mongo", "redis:8", "mysql/mysql:8", "redis/redis:8", "a/b/c"])
    func unknown(text: String) {
        let error = Self.refusal(text)
        #expect(error?.code == .imageUnknown)
        #expect(error?.message.contains("'\(text)'") == true)
        #expect(error?.hint != nil)
        #expect(Self.refusal("redis", [])?.code == .imageUnknown)
    }

    @Test("A digest of a short name is known to nobody here")
    func digest() {
        #expect(Self.refusal("redis@sha256:" + String(repeating: "0a", count: 32))?.code == .imageUnknown)
    }

    @Test("Who mistyped is told what is near, or which tags are here")
    func hints() {
        #expect(Self.refusal("reids")?.hint?.contains("did you mean redis?") == true)
        #expect(Self.refusal("postgre")?.hint?.contains("did you mean postgres?") == true)
        #expect(Self.refusal("redis:8")?.hint == "here are: redis:6, redis:7")
        #expect(Self.refusal("mongo/mongo")?.hint?.contains("needs its host") == true)
        // MariaDB is no MySQL 8, so it is not taken for it.
        #expect(Self.refusal("mysql:8")?.hint == "here are: mariadb:10.11")
    }

    @Test("What is no name is refused as such", arguments: ["", "Redis", "redis:", "a b", "../x", "redis@sha256:1"])
    func invalid(text: String) {
        #expect(Self.refusal(text)?.code == .imageInvalid)
        #expect(Self.refusal(text)?.hint != nil)
    }

    @Test("An alias leads to a name, never to another alias, and is written once")
    func table() {
        let aliases = ImageAliases.table.map(\.alias)
        #expect(aliases == aliases.sorted())
        #expect(Set(aliases).count == aliases.count)
        for entry in ImageAliases.table {
            #expect(!aliases.contains(entry.name))
            #expect(ImageReference(parsing: entry.alias)?.registry == nil)
        }
    }
}
