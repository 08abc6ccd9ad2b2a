import Foundation
import FoundryModel
import Testing

@testable import FoundryReleases

@Suite("Keys of authors")
struct TrustedAuthorsTests {
    private static func signer(_ key: ReleaseKey = ReleaseKey()) -> ReleaseSigner {
        ReleaseSigner(fingerprint: key.fingerprint, publicKey: key.publicKey, author: "An author")
    }

    private static func isAsked(_ decision: TrustedAuthors.Decision) -> Bool {
        if case .ask = decision { true } else { false }
    }
    private static func isRefused(_ decision: TrustedAuthors.Decision) -> Bool {
        if case .refused = decision { true } else { false }
    }

    @Test("A key is asked for once; another one for the same release is refused unless it is said")
    func decisions() throws {
        let (name, other) = (try #require(AppName("store")), try #require(AppName("other")))
        let (first, second) = (Self.signer(), Self.signer())
        var authors = TrustedAuthors()
        #expect(Self.isAsked(authors.decide(name, signer: first, said: nil)))
        #expect(Self.isAsked(authors.decide(name, signer: nil, said: nil)))
        #expect(authors.decide(name, signer: first, said: first.fingerprint) == .trusted)
        #expect(Self.isRefused(authors.decide(name, signer: first, said: second.fingerprint)))
        authors.trust(first, for: name)
        #expect(authors.decide(name, signer: first, said: nil) == .trusted)
        #expect(authors.decide(other, signer: first, said: nil) == .trusted)
        #expect(Self.isRefused(authors.decide(name, signer: second, said: nil)))
        #expect(Self.isRefused(authors.decide(name, signer: nil, said: nil)))
        authors.trust(second, for: other)
        #expect(Self.isRefused(authors.decide(name, signer: second, said: nil)))
        #expect(authors.decide(name, signer: second, said: second.fingerprint) == .trusted)
    }

    @Test("What is trusted is kept in a file, and a file that cannot be read stops everything")
    func file() throws {
        let bench = try ReleaseBench()
        let file = bench.root + "/deep/trusted-authors"
        var authors = try TrustedAuthors.read(file)
        authors.trust(Self.signer(), for: try #require(AppName("store")))
        try authors.write(file)
        #expect(try TrustedAuthors.read(file) == authors)
        try Data("key what\n".utf8).write(to: URL(filePath: file))
        #expect(throws: FoundryError.self) { try TrustedAuthors.read(file) }
    }

    @Test("A key is made once, for its owner alone, and is not used where others can read it")
    func key() throws {
        let bench = try ReleaseBench()
        let file = bench.root + "/home/release.key"
        #expect(try ReleaseKey.read(file) == nil)
        let (made, isNew) = try ReleaseKey.readOrMake(file)
        #expect(isNew)
        let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try ReleaseKey.readOrMake(file).key.fingerprint == made.fingerprint)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: file)
        #expect(throws: FoundryError.self) { try ReleaseKey.read(file) }
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file)
        try Data("nothing".utf8).write(to: URL(filePath: file))
        #expect(throws: FoundryError.self) { try ReleaseKey.readOrMake(file) }
    }
}

extension ReleaseKey: Equatable {
    public static func == (left: ReleaseKey, right: ReleaseKey) -> Bool { left.publicKey == right.publicKey }
}
